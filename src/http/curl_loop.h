// A thread that carries out exchanges: libcurl's multi interface over epoll.
//
// Thread-safe. Everything of libcurl's is touched by the loop's own thread only.

#ifndef HERALD_HTTP_CURL_LOOP_H_
#define HERALD_HTTP_CURL_LOOP_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/http/curl_handle.h"
#include "src/http/curl_sender.h"
#include "src/http/curl_transfer.h"
#include "src/http/file_descriptor.h"

namespace herald {

class CurlLoop {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `options` must outlive it. At most `connections_max` idle connections are kept.
  static absl::StatusOr<std::unique_ptr<CurlLoop>> Start(const CurlSenderOptions& options, int number,
                                                         long connections_max);
  // Stops.
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  void Send(HttpRequest request, HttpSender::Done done);
  // From now on what is sent ends as kCancelled at once.
  void Refuse();
  // Waits until nothing is under way. False: something still is at `deadline`.
  bool WaitUntilIdle(TimePoint deadline);
  void Stop();

 private:
  struct Job {
    HttpRequest request;
    HttpSender::Done done;
  };

  explicit CurlLoop(const CurlSenderOptions& options);
  absl::Status SetUp(long connections_max);

  static int OnSocket(CURL* handle, curl_socket_t socket, int what, void* loop, void* socket_data);
  static int OnTimer(CURLM* multi, long timeout_ms, void* loop);
  void Watch(CURL* handle, curl_socket_t socket, int what);
  void Register(curl_socket_t socket, unsigned events);
  void Opened(CURL* handle, curl_socket_t socket);
  void Nudge();

  enum class Queued { kRefused, kFirst, kBehindOthers };
  Queued Queue(HttpRequest& request, HttpSender::Done& done);
  void Run();
  bool TakeJobs();
  void Begin(Job job);
  CurlEasy ReadyHandle();
  CurlEasy TakeIdleHandle();
  void Wait();
  void HandOver(int fd, unsigned events);
  void RunTimer();
  void Complete();
  void End(CurlTransfer& transfer, HttpExchange exchange);
  void CancelAll();
  int WaitMs() const;
  void Wake();
  void CountDown();

  const CurlSenderOptions& options_;
  const FileDescriptor epoll_;
  const FileDescriptor wake_;
  CurlList connect_to_;
  const TransferSurroundings surroundings_;
  CurlMulti multi_;
  // Of the loop's thread.
  std::unordered_map<CURL*, std::unique_ptr<CurlTransfer>> transfers_;
  std::vector<CurlEasy> idle_handles_;
  std::optional<TimePoint> timer_;
  std::unordered_map<curl_socket_t, unsigned> watched_;  // the epoll events of each socket that libcurl waits for
  std::vector<CURL*> to_nudge_;

  Mutex mutex_;
  CondVar idle_;
  std::vector<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace herald

#endif  // HERALD_HTTP_CURL_LOOP_H_
