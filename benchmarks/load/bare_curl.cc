#include "benchmarks/load/bare_curl.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/http_request.h"
#include "benchmarks/load/steady_nanos.h"
#include "src/base/status_macros.h"

namespace herald {
namespace {

size_t Discard(const char* /*data*/, size_t size, size_t count, void* /*nothing*/) { return size * count; }

// What libcurl writes of its own accord.
bool IsLibcurls(absl::string_view header) {
  return absl::EqualsIgnoreCase(header, "host") || absl::EqualsIgnoreCase(header, "content-length");
}

}  // namespace

BareCurl::BareCurl(std::string url, absl::string_view request)
    : url_(std::move(url)), epoll_(epoll_create1(EPOLL_CLOEXEC)), prepared_(Prepare(request)) {}

absl::Status BareCurl::Prepare(absl::string_view request) {
  ParsedHttpRequest parsed;
  if (ParseHttpRequest(request, &parsed) != HttpParse::kWhole) {
    return absl::InvalidArgumentError("the request to post is not a whole HTTP/1.1 request");
  }
  body_ = std::string(parsed.body);
  headers_.Append("Expect:");
  for (const auto& [name, value] : parsed.headers) {
    if (!IsLibcurls(name)) headers_.Append(absl::StrCat(name, ": ", value));
  }
  multi_.Set(CURLMOPT_SOCKETFUNCTION, &BareCurl::OnSocket);
  multi_.Set(CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  multi_.Set(CURLMOPT_TIMERFUNCTION, &BareCurl::OnTimer);
  multi_.Set(CURLMOPT_TIMERDATA, static_cast<void*>(this));
  return multi_.status();
}

absl::Status BareCurl::Run(int in_flight, double seconds) {
  HERALD_RETURN_IF_ERROR(prepared_);
  multi_.Set(CURLMOPT_MAXCONNECTS, static_cast<long>(in_flight));
  const int64_t start = SteadyNanos();
  const int64_t until = start + std::llround(seconds * 1e9);
  for (int i = 0; i < in_flight; ++i) HERALD_RETURN_IF_ERROR(Begin(handles_.emplace_back()));
  while (running_ > 0) {
    Wait();
    RunTimer();
    Complete(until);
  }
  seconds_ = static_cast<double>(SteadyNanos() - start) / 1e9;
  return absl::OkStatus();
}

absl::Status BareCurl::Begin(CurlEasy& easy) {
  easy.Set(CURLOPT_URL, url_.c_str());
  easy.Set(CURLOPT_HTTPHEADER, headers_.get());
  easy.Set(CURLOPT_POSTFIELDS, body_.data());
  easy.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  easy.Set(CURLOPT_WRITEFUNCTION, &Discard);
  easy.Set(CURLOPT_NOPROXY, "*");
  easy.Set(CURLOPT_NOSIGNAL, 1L);
  HERALD_RETURN_IF_ERROR(easy.status());
  ++running_;
  curl_multi_add_handle(multi_.get(), easy.get());
  return multi_.status();
}

void BareCurl::Wait() {
  std::array<epoll_event, 256> events = {};
  int wait_ms = -1;
  if (timer_ns_.has_value()) {
    wait_ms = static_cast<int>(std::clamp<int64_t>((*timer_ns_ - SteadyNanos() + 999'999) / 1'000'000, 0, 1000));
  }
  const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    int bits = 0;
    if ((event.events & EPOLLIN) != 0) bits |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) bits |= CURL_CSELECT_OUT;
    if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) bits |= CURL_CSELECT_ERR;
    int running = 0;
    curl_multi_socket_action(multi_.get(), event.data.fd, bits, &running);
  }
}

void BareCurl::RunTimer() {
  if (!timer_ns_.has_value() || SteadyNanos() < *timer_ns_) return;
  timer_ns_.reset();
  int running = 0;
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
}

void BareCurl::Complete(int64_t until_ns) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    ++(message->data.result == CURLE_OK && status == 200 ? posts_ : failed_);
    curl_multi_remove_handle(multi_.get(), easy);
    if (SteadyNanos() < until_ns) {
      curl_multi_add_handle(multi_.get(), easy);
    } else {
      --running_;
    }
  }
}

int BareCurl::OnSocket(CURL* /*handle*/, curl_socket_t socket, int what, void* self, void* /*socket_data*/) {
  const int epoll = static_cast<BareCurl*>(self)->epoll_.get();
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event = {};
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  event.data.fd = socket;
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0) epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
  return 0;
}

int BareCurl::OnTimer(CURLM* /*multi*/, long timeout_ms, void* self) {
  auto& timer = static_cast<BareCurl*>(self)->timer_ns_;
  timer.reset();
  if (timeout_ms >= 0) timer = SteadyNanos() + int64_t{timeout_ms} * 1'000'000;
  return 0;
}

std::string BareCurl::ToJson() const {
  return absl::StrFormat(R"({"version":"%s","posts":%d,"failed":%d,"per_second":%.1f})",
                         curl_version_info(CURLVERSION_NOW)->version, posts_, failed_,
                         static_cast<double>(posts_) / seconds_);
}

}  // namespace herald
