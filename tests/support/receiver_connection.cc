#include "tests/support/receiver_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "tests/support/check.h"

namespace herald {

ReceiverConnection::ReceiverConnection(int fd, SSL_CTX* tls) : fd_(fd), tls_(nullptr, &SSL_free) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  TestCheck(tls_ != nullptr && SSL_set_fd(tls_.get(), fd) == 1, "cannot set up TLS");
}

ReceiverConnection::~ReceiverConnection() { CloseFd(); }

int ReceiverConnection::fd() const {
  MutexLock lock(mutex_);
  return fd_;
}

bool ReceiverConnection::Accept() { return tls_ == nullptr || SSL_accept(tls_.get()) == 1; }

bool ReceiverConnection::Receive(std::string& in) {
  char buffer[16384];
  const ssize_t size =
      tls_ != nullptr ? SSL_read(tls_.get(), buffer, sizeof(buffer)) : recv(fd(), buffer, sizeof(buffer), 0);
  if (size <= 0) return false;
  in.append(buffer, static_cast<size_t>(size));
  return true;
}

bool ReceiverConnection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t part = std::min<size_t>(bytes.size(), 1 << 20);
    const ssize_t sent = tls_ != nullptr ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(part))
                                         : send(fd(), bytes.data(), part, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool ReceiverConnection::Pause(absl::Duration duration) {
  pollfd peer = {fd(), POLLRDHUP, 0};
  return poll(&peer, 1, static_cast<int>(absl::ToInt64Milliseconds(duration))) == 0;
}

void ReceiverConnection::Hang() {
  pollfd peer = {fd(), POLLRDHUP, 0};
  poll(&peer, 1, -1);
}

void ReceiverConnection::Reset() {
  const linger now = {1, 0};
  setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  CloseFd();
}

void ReceiverConnection::Close() {
  if (tls_ != nullptr && !finished_) SSL_shutdown(tls_.get());
  CloseFd();
}

void ReceiverConnection::Shut() {
  MutexLock lock(mutex_);
  if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
}

void ReceiverConnection::CloseFd() {
  MutexLock lock(mutex_);
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
  finished_ = true;
}

}  // namespace herald
