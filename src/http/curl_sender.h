// Sends with libcurl: one thread, an epoll loop over curl_multi_socket_action, warm connections, HTTP/2 where offered.
//
// Thread-safe. TLS is verified; redirects are never followed; no proxy, no netrc; addresses are judged at the socket.

#ifndef HERALD_HTTP_CURL_SENDER_H_
#define HERALD_HTTP_CURL_SENDER_H_

#include <curl/curl.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/http/curl_transfer.h"
#include "src/http/sender.h"

namespace herald {

class CurlSender final : public HttpSender {
 public:
  // INVALID_ARGUMENT: ca_file cannot be read. INTERNAL: the system gave no epoll, timer or event descriptor.
  static absl::StatusOr<std::unique_ptr<CurlSender>> Create(CurlSenderOptions options);
  ~CurlSender() override { Stop(); }

  void Send(HttpRequest request, Done done) override;

  // Ends everything under way as kCancelled, and the thread. What is sent afterwards is kCancelled at once.
  void Stop();

 private:
  struct Descriptor {
    Descriptor() = default;
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int fd = -1;
  };
  using Queued = std::pair<HttpRequest, Done>;

  explicit CurlSender(CurlSenderOptions options);
  absl::Status Open();
  bool Watch(int fd, uint32_t events);
  void Run();
  void Serve(int fd, uint32_t events);
  void BeginQueued();
  void Begin(HttpRequest request, Done done);
  void Finish();
  void Retire(CurlTransfer* transfer);
  void CancelAll();
  int OnSocket(curl_socket_t fd, int what);
  int OnTimer(long timeout_ms);

  const CurlSenderOptions options_;
  CurlList connect_to_;
  Descriptor epoll_;
  Descriptor timer_;
  Descriptor wake_;

  // Confined to the thread.
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  std::vector<std::unique_ptr<CurlTransfer>> idle_;
  absl::flat_hash_set<std::unique_ptr<CurlTransfer>> active_;

  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Queued> queue_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace herald

#endif  // HERALD_HTTP_CURL_SENDER_H_
