#include "src/http/curl_sender.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace herald {
namespace {

// Handles kept for reuse; each holds some tens of kilobytes.
constexpr size_t kIdleTransfersMax = 1024;
constexpr int kEventsAtOnce = 64;

// Half of the descriptors that this process may have: the rest is for callers and the store.
long ConnectionsMax() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 16384;
  return static_cast<long>(std::clamp<rlim_t>(limit.rlim_cur / 2, 16, 16384));
}

HttpExchange Cancelled() {
  HttpExchange exchange;
  exchange.end = HttpExchange::End::kCancelled;
  exchange.message = "the server is stopping";
  return exchange;
}

CurlTransfer* TransferOf(CURL* easy) {
  char* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  return reinterpret_cast<CurlTransfer*>(transfer);
}

}  // namespace

CurlSender::Descriptor::~Descriptor() {
  if (fd >= 0) close(fd);
}

absl::StatusOr<std::unique_ptr<CurlSender>> CurlSender::Create(CurlSenderOptions options) {
  if (!options.ca_file.empty() && access(options.ca_file.c_str(), R_OK) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("ca_file \"", options.ca_file, "\" cannot be read"));
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::unique_ptr<CurlSender> sender(new CurlSender(std::move(options)));
  HERALD_RETURN_IF_ERROR(sender->Open());
  sender->thread_ = std::thread([raw = sender.get()] { raw->Run(); });
  pthread_setname_np(sender->thread_.native_handle(), "sender");
  return sender;
}

CurlSender::CurlSender(CurlSenderOptions options)
    : options_(std::move(options)),
      connect_to_(nullptr, &curl_slist_free_all),
      multi_(curl_multi_init(), &curl_multi_cleanup) {}

bool CurlSender::Watch(int fd, uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  return epoll_ctl(epoll_.fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

absl::Status CurlSender::Open() {
  epoll_.fd = epoll_create1(EPOLL_CLOEXEC);
  timer_.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  wake_.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (multi_ == nullptr || epoll_.fd < 0 || !Watch(timer_.fd, EPOLLIN) || !Watch(wake_.fd, EPOLLIN)) {
    return absl::InternalError("the system gives no descriptors for the sender");
  }
  for (const std::string& entry : options_.connect_to) {
    curl_slist* const longer = curl_slist_append(connect_to_.get(), entry.c_str());
    if (longer == nullptr) return absl::InternalError("out of memory");
    (void)connect_to_.release();
    connect_to_.reset(longer);
  }
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, ConnectionsMax());
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION,
                    static_cast<curl_socket_callback>([](CURL*, curl_socket_t fd, int what, void* self, void*) {
                      return static_cast<CurlSender*>(self)->OnSocket(fd, what);
                    }));
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION,
                    static_cast<curl_multi_timer_callback>([](CURLM*, long timeout_ms, void* self) {
                      return static_cast<CurlSender*>(self)->OnTimer(timeout_ms);
                    }));
  return absl::OkStatus();
}

void CurlSender::Send(HttpRequest request, Done done) {
  {
    MutexLock lock(mutex_);
    if (!stopping_) {
      queue_.emplace_back(std::move(request), std::move(done));
      const uint64_t one = 1;
      // The event counter is non-blocking and cannot overflow: a failed write means that a wake-up is on its way.
      if (write(wake_.fd, &one, sizeof(one)) < 0) errno = 0;
      return;
    }
  }
  done(Cancelled());
}

void CurlSender::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    const uint64_t one = 1;
    if (write(wake_.fd, &one, sizeof(one)) < 0) errno = 0;
  }
  if (thread_.joinable()) thread_.join();
}

void CurlSender::Run() {
  for (;;) {
    epoll_event events[kEventsAtOnce];
    const int count = epoll_wait(epoll_.fd, events, kEventsAtOnce, -1);
    for (int i = 0; i < count; ++i) Serve(events[i].data.fd, events[i].events);
    Finish();
    {
      MutexLock lock(mutex_);
      if (stopping_) break;
    }
    BeginQueued();
    Finish();
  }
  CancelAll();
}

void CurlSender::Serve(int fd, uint32_t events) {
  int running = 0;
  uint64_t count = 0;
  if (fd == wake_.fd) {
    if (read(fd, &count, sizeof(count)) < 0) errno = 0;
  } else if (fd == timer_.fd) {
    if (read(fd, &count, sizeof(count)) < 0) return;  // it was set anew meanwhile
    curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  } else {
    const int what = ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                     ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi_.get(), fd, what, &running);
  }
}

void CurlSender::BeginQueued() {
  std::vector<Queued> queued;
  {
    MutexLock lock(mutex_);
    queued.swap(queue_);
  }
  for (Queued& one : queued) Begin(std::move(one.first), std::move(one.second));
}

void CurlSender::Begin(HttpRequest request, Done done) {
  std::unique_ptr<CurlTransfer> transfer;
  if (idle_.empty()) {
    transfer = std::make_unique<CurlTransfer>(options_, connect_to_.get());
  } else {
    transfer = std::move(idle_.back());
    idle_.pop_back();
  }
  CurlTransfer* const raw = transfer.get();
  const absl::Status begun = raw->Begin(std::move(request), std::move(done));
  active_.insert(std::move(transfer));
  if (begun.ok() && curl_multi_add_handle(multi_.get(), raw->handle()) == CURLM_OK) return;
  const bool forbidden = absl::IsInvalidArgument(begun);
  raw->EndWithout(forbidden ? HttpExchange::End::kBlocked : HttpExchange::End::kConnectionFailed,
                  begun.ok() ? "libcurl refused the request" : std::string(begun.message()));
  Retire(raw);
}

void CurlSender::Finish() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CurlTransfer* const transfer = TransferOf(message->easy_handle);
    curl_multi_remove_handle(multi_.get(), transfer->handle());
    transfer->End(code);
    Retire(transfer);
  }
}

void CurlSender::Retire(CurlTransfer* transfer) {
  auto node = active_.extract(active_.find(transfer));
  if (idle_.size() < kIdleTransfersMax) idle_.push_back(std::move(node.value()));
}

void CurlSender::CancelAll() {
  for (const std::unique_ptr<CurlTransfer>& transfer : active_) {
    curl_multi_remove_handle(multi_.get(), transfer->handle());
    transfer->EndWithout(HttpExchange::End::kCancelled, Cancelled().message);
  }
  active_.clear();
  std::vector<Queued> queued;
  {
    MutexLock lock(mutex_);
    queued.swap(queue_);
  }
  for (const Queued& one : queued) one.second(Cancelled());
  idle_.clear();
}

int CurlSender::OnSocket(curl_socket_t fd, int what) {
  epoll_event event = {};
  event.data.fd = fd;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll_.fd, EPOLL_CTL_DEL, fd, &event);
    return 0;
  }
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  if (epoll_ctl(epoll_.fd, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT) {
    epoll_ctl(epoll_.fd, EPOLL_CTL_ADD, fd, &event);
  }
  return 0;
}

int CurlSender::OnTimer(long timeout_ms) {
  itimerspec when = {};
  if (timeout_ms == 0) {
    when.it_value.tv_nsec = 1;  // at once: zero would disarm
  } else if (timeout_ms > 0) {
    when.it_value.tv_sec = timeout_ms / 1000;
    when.it_value.tv_nsec = timeout_ms % 1000 * 1'000'000;
  }
  timerfd_settime(timer_.fd, 0, &when, nullptr);
  return 0;
}

}  // namespace herald
