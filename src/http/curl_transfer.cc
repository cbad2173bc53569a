#include "src/http/curl_transfer.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace herald {
namespace {

// Of one answer, all its interim answers and trailers included.
constexpr size_t kHeaderBytesMax = 64 << 10;
// libcurl sends a request again by itself when a kept connection turns out dead before any answer; young connections
// are seldom dead.
constexpr long kIdleSecondsMax = 30;
constexpr long kConnectionSecondsMax = 600;
constexpr long kDnsCacheSeconds = 60;

// Remembers the first option that libcurl refused.
class OptionSetter {
 public:
  explicit OptionSetter(CURL* easy) : easy_(easy) {}
  template <typename Value>
  void Set(CURLoption option, Value value) {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(easy_, option, value);
  }
  absl::Status status() const {
    if (code_ == CURLE_OK) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("libcurl refused an option: ", curl_easy_strerror(code_)));
  }

 private:
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

bool HasHeader(const HttpRequest& request, absl::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

template <typename Value>
Value InfoOf(CURL* easy, CURLINFO info) {
  Value value{};
  curl_easy_getinfo(easy, info, &value);
  return value;
}

absl::Duration TimeOf(CURL* easy, CURLINFO info) { return absl::Microseconds(InfoOf<curl_off_t>(easy, info)); }

std::string RemoteAddress(CURL* easy) {
  const char* ip = InfoOf<char*>(easy, CURLINFO_PRIMARY_IP);
  const long port = InfoOf<long>(easy, CURLINFO_PRIMARY_PORT);
  if (ip == nullptr || *ip == '\0' || port == 0) return "";
  return absl::StrContains(ip, ':') ? absl::StrCat("[", ip, "]:", port) : absl::StrCat(ip, ":", port);
}

std::string HttpVersion(CURL* easy) {
  switch (InfoOf<long>(easy, CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "";
  }
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlSenderOptions& options, curl_slist* connect_to)
    : options_(options),
      connect_to_(connect_to),
      easy_(curl_easy_init(), &curl_easy_cleanup),
      headers_(nullptr, &curl_slist_free_all),
      guard_(options.policy) {}

absl::Status CurlTransfer::Begin(HttpRequest request, HttpSender::Done done) {
  request_ = std::move(request);
  done_ = std::move(done);
  host_ = HostOfUrl(request_.url);
  guard_.Reset();
  response_ = HttpResponse();
  header_bytes_ = 0;
  headers_too_big_ = false;
  error_[0] = '\0';
  headers_.reset();
  HERALD_RETURN_IF_ERROR(options_.policy.CheckUrl(request_.url));
  if (easy_ == nullptr) return absl::InternalError("libcurl gave no handle");
  curl_easy_reset(easy_.get());
  return SetOptions();
}

bool CurlTransfer::AddHeader(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) return false;
  (void)headers_.release();
  headers_.reset(longer);
  return true;
}

absl::Status CurlTransfer::SetOptions() {
  bool added = AddHeader("Expect:");
  // What libcurl would add by itself and nobody asked for.
  for (const char* name : {"accept", "content-type"}) {
    if (!HasHeader(request_, name)) added = added && AddHeader(absl::StrCat(name, ":"));
  }
  for (const auto& [name, value] : request_.headers) {
    added = added && AddHeader(value.empty() ? absl::StrCat(name, ";") : absl::StrCat(name, ": ", value));
  }
  if (!added) return absl::InternalError("out of memory");

  OptionSetter setter(easy_.get());
  const bool allow_http = options_.policy.allowances().http;
  setter.Set(CURLOPT_URL, request_.url.c_str());
  setter.Set(CURLOPT_PROTOCOLS_STR, allow_http ? "https,http" : "https");
  setter.Set(CURLOPT_PATH_AS_IS, 1L);
  setter.Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  setter.Set(CURLOPT_FOLLOWLOCATION, 0L);
  setter.Set(CURLOPT_NOSIGNAL, 1L);
  setter.Set(CURLOPT_PROXY, "");
  setter.Set(CURLOPT_NOPROXY, "*");
  setter.Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  setter.Set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(1, absl::ToInt64Milliseconds(request_.timeout))));
  setter.Set(CURLOPT_MAXAGE_CONN, kIdleSecondsMax);
  setter.Set(CURLOPT_MAXLIFETIME_CONN, kConnectionSecondsMax);
  setter.Set(CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheSeconds);
  setter.Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  setter.Set(CURLOPT_PIPEWAIT, absl::StartsWithIgnoreCase(request_.url, "https:") ? 1L : 0L);
  setter.Set(CURLOPT_ACCEPT_ENCODING, "");
  setter.Set(CURLOPT_SSL_VERIFYPEER, 1L);
  setter.Set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options_.ca_file.empty()) {
    setter.Set(CURLOPT_CAINFO, options_.ca_file.c_str());
    setter.Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (connect_to_ != nullptr) setter.Set(CURLOPT_CONNECT_TO, connect_to_);
  setter.Set(CURLOPT_HTTPHEADER, headers_.get());
  if (request_.body.has_value()) {
    setter.Set(CURLOPT_POST, 1L);
    setter.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body->size()));
    setter.Set(CURLOPT_POSTFIELDS, request_.body->data());
  } else {
    setter.Set(CURLOPT_HTTPGET, 1L);
  }
  setter.Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  setter.Set(CURLOPT_ERRORBUFFER, error_);
  setter.Set(CURLOPT_PRIVATE, static_cast<void*>(this));
  setter.Set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&guard_));
  setter.Set(CURLOPT_OPENSOCKETFUNCTION,
             static_cast<curl_opensocket_callback>([](void* guard, curlsocktype, curl_sockaddr* address) {
               return static_cast<AddressGuard*>(guard)->Open(*address);
             }));
  setter.Set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  setter.Set(
      CURLOPT_HEADERFUNCTION,
      static_cast<size_t (*)(char*, size_t, size_t, void*)>([](char* bytes, size_t, size_t size, void* self) -> size_t {
        return static_cast<CurlTransfer*>(self)->TakeHeader({bytes, size}) ? size : 0;
      }));
  setter.Set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  setter.Set(CURLOPT_WRITEFUNCTION,
             static_cast<curl_write_callback>([](char* bytes, size_t, size_t size, void* self) -> size_t {
               return static_cast<CurlTransfer*>(self)->TakeBody(bytes, size);
             }));
  return setter.status();
}

bool CurlTransfer::TakeHeader(absl::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderBytesMax) {
    headers_too_big_ = true;
    return false;
  }
  if (absl::StartsWith(line, "HTTP/")) {  // an answer begins; those before it were interim ones
    response_.headers.clear();
    return true;
  }
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos || colon == 0) return true;
  response_.headers.emplace_back(absl::AsciiStrToLower(line.substr(0, colon)),
                                 std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))));
  return true;
}

size_t CurlTransfer::TakeBody(const char* bytes, size_t size) {
  const size_t room = static_cast<size_t>(options_.response_bytes_max) - response_.body.size();
  response_.body.append(bytes, std::min(size, room));
  if (size <= room) return size;
  response_.body_complete = false;
  return 0;  // ends the transfer and closes the connection
}

void CurlTransfer::End(CURLcode code) {
  HttpExchange exchange;
  exchange.timing = Timing();
  exchange.remote_address = RemoteAddress(easy_.get());
  const long status = InfoOf<long>(easy_.get(), CURLINFO_RESPONSE_CODE);
  if (status >= 200) {  // not an interim one
    response_.status_code = static_cast<int>(status);
    exchange.http_version = HttpVersion(easy_.get());
    exchange.response = std::move(response_);
  }
  Classify(code, exchange);
  request_ = HttpRequest();
  std::exchange(done_, nullptr)(std::move(exchange));
}

void CurlTransfer::EndWithout(HttpExchange::End end, std::string message) {
  HttpExchange exchange;
  exchange.end = end;
  exchange.message = std::move(message);
  request_ = HttpRequest();
  std::exchange(done_, nullptr)(std::move(exchange));
}

void CurlTransfer::Classify(CURLcode code, HttpExchange& exchange) const {
  const bool cut_off = exchange.response.has_value() && !exchange.response->body_complete && code == CURLE_WRITE_ERROR;
  if ((code == CURLE_OK || cut_off) && exchange.response.has_value()) {
    exchange.end = HttpExchange::End::kAnswered;
    return;
  }
  if (exchange.response.has_value()) exchange.response->body_complete = false;
  if (guard_.blocked()) {
    exchange.end = HttpExchange::End::kBlocked;
    exchange.message = absl::StrCat(host_, " has no address that is allowed: ", guard_.why());
  } else if (code == CURLE_OPERATION_TIMEDOUT) {
    exchange.end = HttpExchange::End::kTimedOut;
    exchange.message = absl::StrCat(host_, ": no complete answer within ", absl::FormatDuration(request_.timeout));
  } else {
    exchange.end = HttpExchange::End::kConnectionFailed;
    exchange.message = absl::StrCat(host_, ": ", Failure(code));
  }
}

std::string CurlTransfer::Failure(CURLcode code) const {
  if (headers_too_big_) return absl::StrCat("the answer has more than ", kHeaderBytesMax, " bytes of headers");
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the name was not found";
    case CURLE_COULDNT_CONNECT: {
      const long number = InfoOf<long>(easy_.get(), CURLINFO_OS_ERRNO);
      if (number == 0) return "no connection could be made";
      return absl::AsciiStrToLower(std::strerror(static_cast<int>(number)));  // "connection refused"
    }
    case CURLE_PEER_FAILED_VERIFICATION:
      return absl::StrCat("the certificate is not trusted (", error_, ")");
    case CURLE_SSL_CONNECT_ERROR:
      return absl::StrCat("the TLS handshake failed (", error_, ")");
    case CURLE_GOT_NOTHING:
      return "the connection was closed before an answer came";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return "the connection was lost";
    case CURLE_PARTIAL_FILE:
      return "the connection was closed in the middle of the answer";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return "the answer is not HTTP";
    default:
      return absl::AsciiStrToLower(curl_easy_strerror(code));
  }
}

HttpTiming CurlTransfer::Timing() const {
  CURL* const easy = easy_.get();
  HttpTiming timing;
  timing.total = TimeOf(easy, CURLINFO_TOTAL_TIME_T);
  const absl::Duration resolved = TimeOf(easy, CURLINFO_NAMELOOKUP_TIME_T);
  const absl::Duration connected = TimeOf(easy, CURLINFO_CONNECT_TIME_T);
  const absl::Duration secured = TimeOf(easy, CURLINFO_APPCONNECT_TIME_T);
  const absl::Duration ready = TimeOf(easy, CURLINFO_PRETRANSFER_TIME_T);
  const absl::Duration answered = TimeOf(easy, CURLINFO_STARTTRANSFER_TIME_T);
  if (InfoOf<long>(easy, CURLINFO_NUM_CONNECTS) > 0) {
    if (resolved > absl::ZeroDuration()) timing.name_lookup = resolved;
    if (connected > absl::ZeroDuration()) timing.connect = connected - resolved;
    if (secured > absl::ZeroDuration()) timing.tls = secured - connected;
  }
  if (answered > absl::ZeroDuration() && InfoOf<long>(easy, CURLINFO_RESPONSE_CODE) > 0)
    timing.first_byte = answered - ready;
  return timing;
}

}  // namespace herald
