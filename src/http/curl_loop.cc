#include "src/http/curl_loop.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/http/request_options.h"

namespace herald {
namespace {

constexpr size_t kIdleHandlesMax = 256;

// Signals are for the main thread; SIGPIPE, from a receiver that goes while OpenSSL writes, is for nobody.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_ = {};
};

HttpExchange Cancelled() {
  HttpExchange exchange;
  exchange.end = HttpExchange::End::kCancelled;
  exchange.message = "abandoned: the server is stopping";
  return exchange;
}

unsigned EpollEvents(int what) {
  unsigned events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  return events;
}

int CurlEvents(unsigned events) {
  int bits = 0;
  if ((events & EPOLLIN) != 0) bits |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) bits |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) bits |= CURL_CSELECT_ERR;
  return bits;
}

}  // namespace

CurlLoop::CurlLoop(const CurlSenderOptions& options)
    : options_(options),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      surroundings_{options, [this](CURL* handle, curl_socket_t socket) { Opened(handle, socket); }} {}

CurlLoop::~CurlLoop() { Stop(); }

absl::StatusOr<std::unique_ptr<CurlLoop>> CurlLoop::Start(const CurlSenderOptions& options, int number,
                                                          long connections_max) {
  std::unique_ptr<CurlLoop> loop(new CurlLoop(options));
  HERALD_RETURN_IF_ERROR(loop->SetUp(connections_max));
  const SignalsBlocked blocked;  // the new thread inherits it
  loop->thread_ = std::thread([raw = loop.get()] { raw->Run(); });
  pthread_setname_np(loop->thread_.native_handle(), absl::StrCat("http-", number).c_str());
  return loop;
}

absl::Status CurlLoop::SetUp(long connections_max) {
  for (const std::string& entry : options_.connect_to) {
    if (!connect_to_.Append(entry)) return absl::ResourceExhaustedError("out of memory");
  }
  multi_.Set(CURLMOPT_SOCKETFUNCTION, &CurlLoop::OnSocket);
  multi_.Set(CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  multi_.Set(CURLMOPT_TIMERFUNCTION, &CurlLoop::OnTimer);
  multi_.Set(CURLMOPT_TIMERDATA, static_cast<void*>(this));
  multi_.Set(CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  multi_.Set(CURLMOPT_MAXCONNECTS, connections_max);
  HERALD_RETURN_IF_ERROR(multi_.status());
  epoll_event wake = {};
  wake.events = EPOLLIN;
  wake.data.fd = wake_.get();
  if (epoll_.get() < 0 || wake_.get() < 0 || epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &wake) != 0) {
    return absl::ErrnoToStatus(errno, "cannot set up epoll");
  }
  return absl::OkStatus();
}

void CurlLoop::Send(HttpRequest request, HttpSender::Done done) {
  const Queued queued = Queue(request, done);
  if (queued == Queued::kRefused) return done(Cancelled());
  // Whoever was the first of those that wait wakes the loop for all.
  if (queued == Queued::kFirst) Wake();
}

// Takes nothing when it refuses.
CurlLoop::Queued CurlLoop::Queue(HttpRequest& request, HttpSender::Done& done) {
  MutexLock lock(mutex_);
  if (refusing_) return Queued::kRefused;
  const Queued queued = jobs_.empty() ? Queued::kFirst : Queued::kBehindOthers;
  jobs_.push_back({std::move(request), std::move(done)});
  ++under_way_;
  return queued;
}

void CurlLoop::Refuse() {
  MutexLock lock(mutex_);
  refusing_ = true;
}

bool CurlLoop::WaitUntilIdle(TimePoint deadline) {
  MutexLock lock(mutex_);
  while (under_way_ > 0 && std::chrono::steady_clock::now() < deadline) idle_.WaitUntil(mutex_, deadline);
  return under_way_ == 0;
}

void CurlLoop::Stop() {
  {
    MutexLock lock(mutex_);
    refusing_ = true;
    stopping_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

void CurlLoop::Wake() {
  const uint64_t one = 1;
  // It fails only when the counter is full, and then the loop is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

void CurlLoop::Run() {
  while (TakeJobs()) {
    Wait();
    RunTimer();
    Complete();
    Nudge();
  }
  CancelAll();
}

// Begins what was sent meanwhile. False: the loop is to stop.
bool CurlLoop::TakeJobs() {
  std::vector<Job> jobs;
  {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    jobs.swap(jobs_);
  }
  for (Job& job : jobs) Begin(std::move(job));
  return true;
}

CurlEasy CurlLoop::ReadyHandle() {
  CurlEasy easy = TakeIdleHandle();
  SetCommonOptions(options_, connect_to_, easy);
  return easy;
}

CurlEasy CurlLoop::TakeIdleHandle() {
  if (idle_handles_.empty()) return CurlEasy();
  CurlEasy easy = std::move(idle_handles_.back());
  idle_handles_.pop_back();
  easy.Reset();
  return easy;
}

void CurlLoop::Begin(Job job) {
  auto transfer =
      std::make_unique<CurlTransfer>(std::move(job.request), std::move(job.done), ReadyHandle(), surroundings_);
  absl::Status status = transfer->SetUp();
  if (status.ok() && curl_multi_add_handle(multi_.get(), transfer->handle()) != CURLM_OK) {
    status = absl::ResourceExhaustedError("libcurl takes no more transfers");
  }
  if (status.ok()) {
    transfers_.emplace(transfer->handle(), std::move(transfer));
    return;
  }
  const bool blocked = status.code() == absl::StatusCode::kInvalidArgument;
  End(*transfer,
      transfer->Result(blocked ? HttpExchange::End::kBlocked : HttpExchange::End::kConnectionFailed, status.message()));
}

void CurlLoop::Wait() {
  std::array<epoll_event, 256> events = {};
  const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), WaitMs());
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    HandOver(event.data.fd, event.events);
  }
}

void CurlLoop::HandOver(int fd, unsigned events) {
  if (fd == wake_.get()) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = read(wake_.get(), &count, sizeof(count));
    return;
  }
  if (!watched_.contains(fd)) {  // an idle connection was closed
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    return;
  }
  int running = 0;
  curl_multi_socket_action(multi_.get(), fd, CurlEvents(events), &running);
}

void CurlLoop::RunTimer() {
  if (!timer_.has_value() || std::chrono::steady_clock::now() < *timer_) return;
  timer_.reset();
  int running = 0;
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
}

// How long epoll may wait: until libcurl's timer, rounded up.
int CurlLoop::WaitMs() const {
  if (!timer_.has_value()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*timer_ - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
}

void CurlLoop::Complete() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // `message` dies with the handle's removal
    const auto found = transfers_.find(message->easy_handle);
    const std::unique_ptr<CurlTransfer> transfer = std::move(found->second);
    transfers_.erase(found);
    curl_multi_remove_handle(multi_.get(), transfer->handle());
    End(*transfer, transfer->Result(code));
    // One that failed may remember why.
    if (code == CURLE_OK && idle_handles_.size() < kIdleHandlesMax) idle_handles_.push_back(transfer->TakeHandle());
  }
}

void CurlLoop::End(CurlTransfer& transfer, HttpExchange exchange) {
  transfer.TakeDone()(std::move(exchange));
  CountDown();
}

void CurlLoop::CountDown() {
  MutexLock lock(mutex_);
  if (--under_way_ == 0) idle_.NotifyAll();
}

void CurlLoop::CancelAll() {
  // Nothing is waited for any more; and libcurl closes a socket that is still connecting before it says so here, when
  // its number may already be another thread's file.
  multi_.Set(CURLMOPT_SOCKETFUNCTION, static_cast<curl_socket_callback>(nullptr));
  for (auto& [handle, transfer] : transfers_) {
    curl_multi_remove_handle(multi_.get(), handle);
    transfer->TakeDone()(Cancelled());
    CountDown();
  }
  transfers_.clear();
  std::vector<Job> jobs;
  {
    MutexLock lock(mutex_);
    jobs.swap(jobs_);
  }
  for (Job& job : jobs) {
    job.done(Cancelled());
    CountDown();
  }
}

int CurlLoop::OnSocket(CURL* handle, curl_socket_t socket, int what, void* loop, void* /*socket_data*/) {
  static_cast<CurlLoop*>(loop)->Watch(handle, socket, what);
  return 0;
}

// A socket that libcurl no longer waits for stays in epoll until something happens to it: mostly the next exchange goes
// over it at once, and two system calls are spared.
void CurlLoop::Watch(CURL* handle, curl_socket_t socket, int what) {
  if (what != CURL_POLL_REMOVE) {
    watched_[socket] = EpollEvents(what);
    return Register(socket, EpollEvents(what));
  }
  to_nudge_.push_back(handle);
  watched_.erase(socket);
}

void CurlLoop::Register(curl_socket_t socket, unsigned events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = socket;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, socket, &event) == 0) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event);
}

// libcurl 7.88 closes a socket that did not connect without a word. When the next one gets its number, libcurl takes it
// for watched already, but closing has taken it out of epoll.
void CurlLoop::Opened(CURL* handle, curl_socket_t socket) {
  to_nudge_.push_back(handle);
  if (const auto found = watched_.find(socket); found != watched_.end()) Register(socket, found->second);
}

// When an address fails, libcurl 7.88 tries the next one only when it is called again, and no socket is there that
// would make it so: a timer does, after half of the time-out. Going on after a pause has it look after a transfer at
// once, and has no other effect here.
void CurlLoop::Nudge() {
  const std::vector<CURL*> handles = std::exchange(to_nudge_, {});  // it grows meanwhile: those have the next turn
  for (CURL* handle : handles) {
    const auto found = transfers_.find(handle);
    if (found == transfers_.end() || found->second->connected()) continue;
    curl_easy_pause(handle, CURLPAUSE_RECV);
    curl_easy_pause(handle, CURLPAUSE_CONT);
  }
}

int CurlLoop::OnTimer(CURLM* /*multi*/, long timeout_ms, void* loop) {
  auto& timer = static_cast<CurlLoop*>(loop)->timer_;
  timer.reset();
  if (timeout_ms >= 0) timer = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

}  // namespace herald
