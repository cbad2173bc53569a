// The receiver of the load benchmark: HTTP/1.1 with keep-alive on 127.0.0.1, one thread, as little work for a request
// as can be, so that what is measured is the sender. Every request is written into a ledger and answered 200 "ok", but
// on paths that were told to hang, whose requests are taken and never answered.
//
// Paths that begin with "/-/" steer it:
//   GET  /-/count                how many requests came: a number
//   GET  /-/summary?due_from=NS&without=PATH   Ledger::Summary
//   GET  /-/ledger               Ledger::Lines
//   GET  /-/last                 the last request, as it came, headers and body
//   POST /-/clear                empties the ledger
//   POST /-/hang?path=PATH       from now on requests to PATH hang
//   POST /-/answer?path=PATH     from now on requests to PATH are answered again
//
// Confined to the thread that calls Run.

#ifndef HERALD_BENCHMARKS_LOAD_FAST_RECEIVER_H_
#define HERALD_BENCHMARKS_LOAD_FAST_RECEIVER_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "benchmarks/load/http_request.h"
#include "benchmarks/load/ledger.h"
#include "src/http/file_descriptor.h"

namespace herald {

class FastReceiver {
 public:
  // Listens on a port of the kernel's choice.
  static absl::StatusOr<std::unique_ptr<FastReceiver>> Listen();

  int port() const { return port_; }

  // Serves for ever.
  void Run();

 private:
  struct Connection {
    explicit Connection(int fd) : socket(fd) {}
    FileDescriptor socket;
    std::string in;   // the part of a request that came
    std::string out;  // what the socket did not take yet
    bool waits_for_room = false;
  };

  FastReceiver();
  absl::Status Open();

  void Accept();
  void Read(Connection& connection);
  // False: it is to be closed.
  bool Take(Connection& connection, absl::string_view bytes);
  void Answer(Connection& connection, absl::string_view bytes);
  std::string Steer(absl::string_view target);
  bool Write(Connection& connection);
  void Watch(const Connection& connection, int operation);
  void Close(const Connection& connection) { connections_.erase(connection.socket.get()); }

  const FileDescriptor epoll_;
  const FileDescriptor listener_;
  int port_ = 0;
  Ledger ledger_;
  std::string last_;
  absl::flat_hash_set<std::string> hanging_;
  ParsedHttpRequest request_;
  absl::flat_hash_map<int, std::unique_ptr<Connection>> connections_;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_FAST_RECEIVER_H_
