#include "benchmarks/load/fast_receiver.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "benchmarks/load/steady_nanos.h"
#include "src/base/status_macros.h"

namespace herald {
namespace {

constexpr absl::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
constexpr size_t kReadBytes = 256 << 10;

std::string AnswerOf(absl::string_view body) {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

}  // namespace

FastReceiver::FastReceiver()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}

absl::StatusOr<std::unique_ptr<FastReceiver>> FastReceiver::Listen() {
  auto receiver = absl::WrapUnique(new FastReceiver());
  HERALD_RETURN_IF_ERROR(receiver->Open());
  return receiver;
}

absl::Status FastReceiver::Open() {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.fd = listener_.get();
  if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), SOMAXCONN) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0 ||
      epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event) != 0) {
    return absl::ErrnoToStatus(errno, "cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  return absl::OkStatus();
}

void FastReceiver::Run() {
  std::array<epoll_event, 256> events = {};
  while (true) {
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.fd == listener_.get()) {
        Accept();
        continue;
      }
      const auto found = connections_.find(event.data.fd);
      if (found == connections_.end()) continue;
      Connection& connection = *found->second;
      if ((event.events & EPOLLOUT) != 0 && !Write(connection)) {
        Close(connection);
        continue;
      }
      if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) Read(connection);
    }
  }
}

void FastReceiver::Accept() {
  while (true) {
    const int fd = accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const auto& connection = connections_.emplace(fd, std::make_unique<Connection>(fd)).first->second;
    Watch(*connection, EPOLL_CTL_ADD);
  }
}

void FastReceiver::Watch(const Connection& connection, int operation) {
  epoll_event event = {};
  event.events = EPOLLIN;
  if (connection.waits_for_room) event.events |= EPOLLOUT;
  event.data.fd = connection.socket.get();
  epoll_ctl(epoll_.get(), operation, connection.socket.get(), &event);
}

void FastReceiver::Read(Connection& connection) {
  static std::array<char, kReadBytes> buffer;
  const ssize_t size = read(connection.socket.get(), buffer.data(), buffer.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0 || !Take(connection, absl::string_view(buffer.data(), static_cast<size_t>(size)))) Close(connection);
}

bool FastReceiver::Take(Connection& connection, absl::string_view bytes) {
  std::string whole;  // only when a request came in parts
  if (!connection.in.empty()) {
    whole = absl::StrCat(connection.in, bytes);
    bytes = whole;
  }
  HttpParse parse = HttpParse::kMore;
  while (!bytes.empty() && (parse = ParseHttpRequest(bytes, &request_)) == HttpParse::kWhole) {
    Answer(connection, bytes);
    bytes.remove_prefix(request_.size);
  }
  if (parse == HttpParse::kBad) return false;
  connection.in.assign(bytes.data(), bytes.size());
  return Write(connection);
}

// Answers request_, which `bytes` begin with.
void FastReceiver::Answer(Connection& connection, absl::string_view bytes) {
  if (absl::StartsWith(request_.target, "/-/")) {
    connection.out.append(AnswerOf(Steer(request_.target.substr(3))));
    return;
  }
  ledger_.Add(request_.target, request_.Header("webhook-id"), request_.body, SteadyNanos());
  if (last_.empty()) last_ = std::string(bytes.substr(0, request_.size));
  if (!hanging_.empty() && hanging_.contains(request_.target)) return;
  connection.out.append(kOk.data(), kOk.size());
}

std::string FastReceiver::Steer(absl::string_view target) {
  if (target == "count") return absl::StrCat(ledger_.size());
  if (target == "ledger") return ledger_.Lines();
  if (target == "last") return last_;
  if (absl::ConsumePrefix(&target, "summary?due_from=")) {
    const std::vector<absl::string_view> parts = absl::StrSplit(target, absl::MaxSplits("&without=", 1));
    int64_t due_from = 0;
    if (!absl::SimpleAtoi(parts[0], &due_from)) return "due_from is no number";
    return ledger_.Summary(due_from, parts.size() == 2 ? parts[1] : "");
  }
  if (absl::ConsumePrefix(&target, "hang?path=")) {
    hanging_.emplace(target);
    return "hanging";
  }
  if (absl::ConsumePrefix(&target, "answer?path=")) {
    hanging_.erase(target);
    return "answering";
  }
  if (target == "clear") {
    ledger_.Clear();
    last_.clear();
    return "cleared";
  }
  return "unknown";
}

// Writes what the socket takes. False: the connection is dead.
bool FastReceiver::Write(Connection& connection) {
  if (connection.out.empty()) return true;
  const ssize_t size = send(connection.socket.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN) return false;
  if (size > 0) connection.out.erase(0, static_cast<size_t>(size));
  if (connection.waits_for_room != !connection.out.empty()) {
    connection.waits_for_room = !connection.out.empty();
    Watch(connection, EPOLL_CTL_MOD);
  }
  return true;
}

}  // namespace herald
