#include "tests/support/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/check.h"

namespace herald {
namespace {

using TlsPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

BioPtr Reading(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
}

TlsPtr MakeTls(const Receiver::Options& options) {
  if (options.ca == nullptr) return TlsPtr(nullptr, &SSL_CTX_free);
  const TestCertificate issued = options.ca->Issue(options.hosts, options.flaw);
  std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(Reading(issued.certificate).get(), nullptr, nullptr, nullptr), &X509_free);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(Reading(issued.private_key).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  TlsPtr tls(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  TestCheck(tls != nullptr && SSL_CTX_use_certificate(tls.get(), certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(tls.get(), key.get()) == 1,
            "cannot set up TLS");
  return tls;
}

int Listen(bool ipv6) {
  sockaddr_in6 six = {};
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  sockaddr_in four = {};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* address = ipv6 ? reinterpret_cast<const sockaddr*>(&six) : reinterpret_cast<const sockaddr*>(&four);
  const socklen_t size = ipv6 ? sizeof(six) : sizeof(four);
  const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TestCheck(fd >= 0 && bind(fd, address, size) == 0 && listen(fd, 1024) == 0, "cannot listen");
  return fd;
}

int PortOf(int fd) {
  sockaddr_in6 address = {};  // as large as either; the port is at one place in both
  socklen_t size = sizeof(address);
  TestCheck(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0, "cannot read the port");
  return ntohs(address.sin6_port);
}

// The request line and the headers; nothing when they make no sense.
std::optional<ReceivedRequest> ParseHead(absl::string_view head) {
  std::vector<absl::string_view> lines = absl::StrSplit(head, "\r\n");
  const std::vector<absl::string_view> first = absl::StrSplit(lines[0], ' ');
  if (first.size() != 3) return std::nullopt;
  ReceivedRequest request;
  request.method = std::string(first[0]);
  request.target = std::string(first[1]);
  lines.erase(lines.begin());
  for (absl::string_view line : lines) {
    const std::pair<absl::string_view, absl::string_view> header = absl::StrSplit(line, absl::MaxSplits(':', 1));
    request.headers.emplace_back(absl::AsciiStrToLower(header.first), absl::StripAsciiWhitespace(header.second));
  }
  return request;
}

// The next request; what follows it stays in `in`. Nothing: the peer is gone or talks nonsense.
std::optional<ReceivedRequest> ReceiveRequest(ReceiverConnection& connection, std::string& in) {
  size_t end = 0;
  while ((end = in.find("\r\n\r\n")) == std::string::npos) {
    if (!connection.Receive(in) || !absl::ascii_isupper(static_cast<unsigned char>(in[0]))) return std::nullopt;
  }
  std::optional<ReceivedRequest> request = ParseHead(absl::string_view(in).substr(0, end));
  if (!request.has_value()) return std::nullopt;
  in.erase(0, end + 4);
  size_t size = 0;
  if (request->HasHeader("content-length") && !absl::SimpleAtoi(request->Header("content-length"), &size)) {
    return std::nullopt;
  }
  while (in.size() < size) {
    if (!connection.Receive(in)) return std::nullopt;
  }
  request->body = in.substr(0, size);
  in.erase(0, size);
  return request;
}

bool AddsContentLength(const ScriptedAnswer& answer) {
  for (const auto& [name, value] : answer.headers) {
    const std::string lower = absl::AsciiStrToLower(name);
    if (lower == "content-length" || lower == "transfer-encoding") return false;
  }
  return answer.status != 204 && answer.status != 304;
}

std::string ToWire(const ScriptedAnswer& answer) {
  std::string wire = absl::StrCat("HTTP/1.1 ", answer.status, " Scripted\r\n");
  for (const auto& [name, value] : answer.headers) absl::StrAppend(&wire, name, ": ", value, "\r\n");
  if (AddsContentLength(answer)) absl::StrAppend(&wire, "content-length: ", answer.body.size(), "\r\n");
  if (answer.close) absl::StrAppend(&wire, "connection: close\r\n");
  absl::StrAppend(&wire, "\r\n", answer.body);
  return wire;
}

ScriptedAnswer Scripted(std::function<void(ReceiverConnection&)> script) {
  return ScriptedAnswer{.script = std::move(script)};
}

}  // namespace

absl::string_view ReceivedRequest::Header(absl::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

bool ReceivedRequest::HasHeader(absl::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return true;
  }
  return false;
}

ScriptedAnswer HangingAnswer() {
  return Scripted([](ReceiverConnection& connection) { connection.Hang(); });
}

ScriptedAnswer ResettingAnswer() {
  return Scripted([](ReceiverConnection& connection) { connection.Reset(); });
}

ScriptedAnswer RawAnswer(std::string bytes) {
  return Scripted([bytes = std::move(bytes)](ReceiverConnection& connection) { connection.Send(bytes); });
}

ScriptedAnswer DrippingAnswer(int size, absl::Duration pause) {
  return Scripted([size, pause](ReceiverConnection& connection) {
    if (!connection.Send(absl::StrCat("HTTP/1.1 200 OK\r\ncontent-length: ", size, "\r\n\r\n"))) return;
    for (int i = 0; i < size; ++i) {
      if (!connection.Send(".") || !connection.Pause(pause)) return;
    }
  });
}

Receiver::Receiver(const Options& options)
    : listen_fd_(Listen(options.ipv6)), port_(PortOf(listen_fd_)), tls_(MakeTls(options)) {
  signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): a peer that goes while OpenSSL writes is no reason to die
  Handle([](const ReceivedRequest&) { return ScriptedAnswer{.body = "ok"}; });
  acceptor_ = std::thread([this] { Accept(); });
}

Receiver::~Receiver() {
  shutdown(listen_fd_, SHUT_RDWR);
  acceptor_.join();
  close(listen_fd_);
  for (Peer& peer : peers_) peer.connection->Shut();
  for (Peer& peer : peers_) peer.thread.join();
}

void Receiver::Handle(Handler handler) {
  MutexLock lock(mutex_);
  handler_ = std::move(handler);
}

std::vector<ReceivedRequest> Receiver::requests() const {
  MutexLock lock(mutex_);
  return requests_;
}

int Receiver::request_count() const {
  MutexLock lock(mutex_);
  return static_cast<int>(requests_.size());
}

int Receiver::connection_count() const {
  MutexLock lock(mutex_);
  return connections_;
}

bool Receiver::WaitForRequests(int count, absl::Duration timeout) const {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  MutexLock lock(mutex_);
  while (static_cast<int>(requests_.size()) < count) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    arrived_.WaitUntil(mutex_, deadline);
  }
  return true;
}

void Receiver::Accept() {
  for (;;) {
    const int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0 && errno == ECONNABORTED) continue;
    if (fd < 0) return;
    int number = 0;
    {
      MutexLock lock(mutex_);
      number = ++connections_;
    }
    Reap();
    Peer& peer = peers_.emplace_back();
    peer.connection = std::make_unique<ReceiverConnection>(fd, tls_.get());
    peer.thread = std::thread([this, connection = peer.connection.get(), number] { Serve(*connection, number); });
  }
}

void Receiver::Reap() {
  for (auto peer = peers_.begin(); peer != peers_.end();) {
    if (!peer->connection->Finished()) {
      ++peer;
      continue;
    }
    peer->thread.join();
    peer = peers_.erase(peer);
  }
}

void Receiver::Serve(ReceiverConnection& connection, int number) {
  std::string in;
  if (connection.Accept()) {
    while (ServeOne(connection, in, number)) continue;
  }
  connection.Close();
}

bool Receiver::ServeOne(ReceiverConnection& connection, std::string& in, int number) {
  std::optional<ReceivedRequest> request = ReceiveRequest(connection, in);
  if (!request.has_value()) return false;
  request->connection = number;
  Handler handler;
  {
    MutexLock lock(mutex_);
    handler = handler_;
    requests_.push_back(*request);
  }
  arrived_.NotifyAll();
  const ScriptedAnswer answer = handler(*request);
  if (answer.script) {
    answer.script(connection);
    return false;
  }
  return connection.Send(ToWire(answer)) && !answer.close;
}

}  // namespace herald
