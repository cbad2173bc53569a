#include "clients/cli/http_listener.h"

#include <httplib.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace herald::cli {
namespace {

constexpr char kHost[] = "127.0.0.1";
constexpr size_t kRequestsOfConnectionMax = 1'000'000;

// What the library adds to the headers that were sent.
bool IsOwnHeader(absl::string_view name) {
  return name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" || name == "LOCAL_PORT";
}

// The library's default lets two processes have one port, each with a part of the requests.
void ShareNoPort(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

HeardRequest Heard(const httplib::Request& request) {
  HeardRequest heard{request.method, request.target, {}, request.body};
  for (const auto& [name, value] : request.headers) {
    if (!IsOwnHeader(name)) heard.headers.emplace_back(name, value);
  }
  return heard;
}

// `answer` outlives the response.
void Fill(const FixedAnswer& answer, httplib::Response& response) {
  response.status = answer.status;
  std::string content_type = "text/plain";
  for (const auto& [name, value] : answer.headers) {
    if (absl::EqualsIgnoreCase(name, "content-type")) {
      content_type = value;
    } else {
      response.set_header(name, value);
    }
  }
  if (answer.body.empty()) return;
  // Not set_content, which would compress the body for whoever accepts that.
  response.set_content_provider(answer.body.size(), content_type,
                                [&answer](size_t offset, size_t length, httplib::DataSink& sink) {
                                  return sink.write(answer.body.data() + offset, length);
                                });
}

}  // namespace

struct HttpListener::Impl {
  Options options;
  FixedAnswer answer;
  std::function<void(const HeardRequest&)> heard;
  std::function<void()> answered;
  std::unique_ptr<httplib::Server> server;
  int port = 0;
};

HttpListener::HttpListener(const Options& options, FixedAnswer answer, std::function<void(const HeardRequest&)> heard,
                           std::function<void()> answered)
    : impl_(new Impl{options, std::move(answer), std::move(heard), std::move(answered), nullptr}) {}

HttpListener::~HttpListener() = default;

absl::Status HttpListener::Bind() {
  const Options& options = impl_->options;
  if (options.cert_file.empty()) {
    impl_->server = std::make_unique<httplib::Server>();
  } else {
    impl_->server = std::make_unique<httplib::SSLServer>(options.cert_file.c_str(), options.key_file.c_str());
  }
  httplib::Server& server = *impl_->server;
  if (!server.is_valid()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot use the certificate ", options.cert_file, " with the key ",
                                                   options.key_file, "; both have to be PEM files"));
  }
  server.set_socket_options(&ShareNoPort);
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(kRequestsOfConnectionMax);
  const auto handler = [impl = impl_.get()](const httplib::Request& request, httplib::Response& response) {
    Fill(impl->answer, response);
    impl->heard(Heard(request));
  };
  constexpr char kAny[] = ".*";
  server.Get(kAny, handler).Post(kAny, handler).Put(kAny, handler).Patch(kAny, handler).Delete(kAny, handler);
  // the library calls its logger when the answer is sent
  server.set_logger([impl = impl_.get()](const httplib::Request&, const httplib::Response&) { impl->answered(); });
  const bool bound = options.port == 0 ? (impl_->port = server.bind_to_any_port(kHost)) > 0
                                       : server.bind_to_port(kHost, impl_->port = options.port);
  if (bound) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("cannot listen on ", kHost, ":", options.port, "; choose another --port"));
}

std::string HttpListener::address() const {
  return absl::StrCat(impl_->options.cert_file.empty() ? "http " : "https ", kHost, ":", impl_->port);
}

void HttpListener::Run() { impl_->server->listen_after_bind(); }

void HttpListener::Stop() { impl_->server->stop(); }

}  // namespace herald::cli
