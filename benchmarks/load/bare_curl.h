// The limit that sending is measured against: libcurl's multi interface over epoll, one thread, which posts one request
// again and again with a number of exchanges in flight over warm connections, and does nothing else. Confined to one
// thread.

#ifndef HERALD_BENCHMARKS_LOAD_BARE_CURL_H_
#define HERALD_BENCHMARKS_LOAD_BARE_CURL_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/http/curl_handle.h"
#include "src/http/file_descriptor.h"

namespace herald {

class BareCurl {
 public:
  // `request` is a request as a receiver got it: its headers and body are posted to `url`.
  BareCurl(std::string url, absl::string_view request);

  // Posts for `seconds`, then lets those in flight end.
  absl::Status Run(int in_flight, double seconds);

  // A JSON object: libcurl's version, posts, failed, per_second.
  std::string ToJson() const;

 private:
  absl::Status Prepare(absl::string_view request);
  absl::Status Begin(CurlEasy& easy);
  void Wait();
  void RunTimer();
  // Posts again with the handles that are done, until `until_ns`.
  void Complete(int64_t until_ns);
  static int OnSocket(CURL* handle, curl_socket_t socket, int what, void* self, void* socket_data);
  static int OnTimer(CURLM* multi, long timeout_ms, void* self);

  const std::string url_;
  std::string body_;
  CurlList headers_;
  const FileDescriptor epoll_;
  CurlMulti multi_;
  std::deque<CurlEasy> handles_;
  absl::Status prepared_;
  std::optional<int64_t> timer_ns_;
  int running_ = 0;
  int64_t posts_ = 0;
  int64_t failed_ = 0;
  double seconds_ = 0;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_BARE_CURL_H_
