// One connection that a test's receiver has accepted: bytes in and out, with or without TLS.
//
// Confined to its thread, but for Shut and Finished.

#ifndef HERALD_TESTS_SUPPORT_RECEIVER_CONNECTION_H_
#define HERALD_TESTS_SUPPORT_RECEIVER_CONNECTION_H_

#include <openssl/ssl.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/mutex.h"

namespace herald {

class ReceiverConnection {
 public:
  // Takes over `fd`. `tls`: nullptr for none.
  ReceiverConnection(int fd, SSL_CTX* tls);
  ~ReceiverConnection();
  ReceiverConnection(const ReceiverConnection&) = delete;
  ReceiverConnection& operator=(const ReceiverConnection&) = delete;

  // The TLS handshake. False: the peer did not like it.
  bool Accept();
  // Appends what comes next to `in`. False: the peer is gone.
  bool Receive(std::string& in);
  // False: the peer is gone.
  bool Send(absl::string_view bytes);
  // Does nothing for a while. False: the peer went or the receiver ended meanwhile.
  bool Pause(absl::Duration duration);
  // Does nothing until the peer goes or the receiver ends.
  void Hang();
  // Closes with a TCP reset.
  void Reset();
  // Closes in good order.
  void Close();

  // Wakes the connection's thread, whatever it waits for: the peer is gone to it. Any thread.
  void Shut();
  // Whether the connection is closed. Any thread.
  bool Finished() const { return finished_; }

 private:
  int fd() const;
  void CloseFd();

  mutable Mutex mutex_;  // so that Shut never meets a number that is another file's by now
  int fd_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  std::atomic<bool> finished_ = false;
};

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_RECEIVER_CONNECTION_H_
