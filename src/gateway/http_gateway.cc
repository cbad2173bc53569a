#include "src/gateway/http_gateway.h"

#include <httplib.h>
#include <pthread.h>

#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/gateway/bounded_threads.h"

namespace herald {
namespace {

constexpr size_t kThreads = 4;
constexpr size_t kConnectionsWaitingMax = 16;
constexpr size_t kBodyBytesMax = 64 << 10;
// A connection holds a thread, so an idle one is soon closed.
constexpr time_t kIdleSeconds = 1;
constexpr time_t kReadSeconds = 5;

// cpp-httplib's default lets two processes have one port, each with a part of the requests.
void ShareNoPort(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

class HttplibGateway final : public HttpGateway {
 public:
  explicit HttplibGateway(Pages pages) : pages_(std::move(pages)) {
    server_.new_task_queue = [] { return new BoundedThreads(kThreads, kConnectionsWaitingMax); };
    server_.set_socket_options(&ShareNoPort);
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_timeout(kIdleSeconds);
    server_.set_read_timeout(kReadSeconds);
    server_.set_write_timeout(kReadSeconds);
    server_.set_payload_max_length(kBodyBytesMax);
    server_.set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
    for (const auto& [path, page] : pages_) {
      server_.Get(path, [&page = page](const httplib::Request&, httplib::Response& response) {
        const HttpAnswer answer = page();
        response.status = answer.status;
        response.set_content(answer.body, answer.content_type);
      });
    }
    server_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) response.set_content(absl::StrCat(response.status, "\n"), "text/plain");
    });
  }
  ~HttplibGateway() override { Stop(); }

  bool Bind(const std::string& host, int port) {
    host_ = host;
    // An address in brackets is one of IPv6; the system wants it without.
    const bool brackets = !host.empty() && host.front() == '[' && host.back() == ']';
    const std::string name = brackets ? host.substr(1, host.size() - 2) : host;
    port_ = port != 0 ? port : server_.bind_to_any_port(name);
    return port == 0 ? port_ > 0 : server_.bind_to_port(name, port);
  }

  void Serve() {
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    pthread_setname_np(thread_.native_handle(), "gateway-accept");
    // A Stop before that would be lost.
    while (!server_.is_running()) std::this_thread::yield();
  }

  std::string address() const override { return absl::StrCat(host_, ":", port_); }

  void Stop() override {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

 private:
  const Pages pages_;
  httplib::Server server_;
  std::string host_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpGateway>> HttpGateway::Start(absl::string_view listen, Pages pages) {
  const size_t colon = listen.rfind(':');
  int port = 0;
  auto gateway = std::make_unique<HttplibGateway>(std::move(pages));
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) ||
      !gateway->Bind(std::string(listen.substr(0, colon)), port)) {
    return absl::UnavailableError(absl::StrCat(
        "--http_listen ", listen, " cannot be listened on; choose another port, or none with an empty value"));
  }
  gateway->Serve();
  return gateway;
}

}  // namespace herald
