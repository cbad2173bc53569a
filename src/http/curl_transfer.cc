#include "src/http/curl_transfer.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/url_policy.h"
#include "src/http/request_options.h"
#include "src/http/transfer_failure.h"

namespace herald {
namespace {

// Between two of libcurl's marks, which count from the beginning and are 0 when not reached.
std::optional<absl::Duration> Phase(curl_off_t from, curl_off_t to) {
  if (to <= 0 || to < from) return std::nullopt;
  return absl::Microseconds(to - from);
}

std::string VersionText(long version) {
  switch (version) {
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

CurlTransfer::CurlTransfer(HttpRequest request, HttpSender::Done done, CurlEasy easy,
                           const TransferSurroundings& surroundings)
    : request_(std::move(request)),
      done_(std::move(done)),
      surroundings_(surroundings),
      easy_(std::move(easy)),
      guard_(surroundings.options.policy, [this](curl_socket_t socket) { surroundings_.opened(handle(), socket); }),
      reader_(surroundings.options.response_bytes_max) {}

absl::Status CurlTransfer::SetUp() {
  HERALD_RETURN_IF_ERROR(surroundings_.options.policy.CheckUrl(request_.url));
  HERALD_RETURN_IF_ERROR(SetRequestOptions(request_, easy_, headers_));
  reader_.Attach(easy_);
  easy_.Set(CURLOPT_OPENSOCKETFUNCTION, &AddressGuard::OpenSocket);
  easy_.Set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&guard_));
  easy_.Set(CURLOPT_PREREQFUNCTION, &CurlTransfer::OnRequest);
  easy_.Set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  easy_.Set(CURLOPT_PRIVATE, static_cast<void*>(this));
  return easy_.status();
}

int CurlTransfer::OnRequest(void* transfer, char* /*local_ip*/, char* /*remote_ip*/, int /*local_port*/,
                            int /*remote_port*/) {
  static_cast<CurlTransfer*>(transfer)->request_begin_ = std::chrono::steady_clock::now();
  return CURL_PREREQFUNC_OK;
}

HttpExchange CurlTransfer::Result(CURLcode code) {
  HttpExchange exchange;
  exchange.end = EndOf(code);
  if (exchange.end != HttpExchange::End::kAnswered) exchange.message = WithHost(Sentence(code));
  exchange.timing = Timing();
  exchange.remote_address = RemoteAddress();
  if (!reader_.answered()) return exchange;
  exchange.http_version = VersionText(easy_.Number(CURLINFO_HTTP_VERSION));
  exchange.response = reader_.TakeResponse();
  if (exchange.end != HttpExchange::End::kAnswered) exchange.response->body_complete = false;
  return exchange;
}

HttpExchange CurlTransfer::Result(HttpExchange::End end, absl::string_view sentence) const {
  HttpExchange exchange;
  exchange.end = end;
  exchange.message = WithHost(sentence);
  return exchange;
}

HttpExchange::End CurlTransfer::EndOf(CURLcode code) const {
  if (code == CURLE_OK || reader_.body_cut_off()) return HttpExchange::End::kAnswered;
  if (code == CURLE_OPERATION_TIMEDOUT) return HttpExchange::End::kTimedOut;
  if (guard_.blocked_all()) return HttpExchange::End::kBlocked;
  return HttpExchange::End::kConnectionFailed;
}

std::string CurlTransfer::Sentence(CURLcode code) const {
  if (EndOf(code) == HttpExchange::End::kBlocked) return guard_.why();
  if (reader_.headers_too_large()) {
    return absl::StrCat("the answer's headers are larger than ", ResponseReader::kHeaderBytesMax >> 10, " KiB");
  }
  TransferFailure failure;
  failure.code = code;
  failure.os_error = static_cast<int>(easy_.Number(CURLINFO_OS_ERRNO));
  failure.verify_result = easy_.Number(CURLINFO_SSL_VERIFYRESULT);
  failure.timeout = request_.timeout;
  failure.connected = connected();
  return failure.Sentence();
}

std::string CurlTransfer::WithHost(absl::string_view sentence) const {
  const std::string host = HostOfUrl(request_.url);
  return host.empty() ? std::string(sentence) : absl::StrCat(host, ": ", sentence);
}

HttpTiming CurlTransfer::Timing() const {
  const curl_off_t looked_up = easy_.Offset(CURLINFO_NAMELOOKUP_TIME_T);
  const curl_off_t connected = easy_.Offset(CURLINFO_CONNECT_TIME_T);
  const curl_off_t secured = easy_.Offset(CURLINFO_APPCONNECT_TIME_T);
  HttpTiming timing;
  if (easy_.Number(CURLINFO_NUM_CONNECTS) > 0) {
    timing.name_lookup = Phase(0, looked_up);
    timing.connect = Phase(looked_up, connected);
    timing.tls = Phase(connected, secured);
  }
  // Not by libcurl's marks: CURLINFO_STARTTRANSFER_TIME_T is that of the first byte sent when the body is long.
  if (reader_.first_byte().has_value()) timing.first_byte = absl::FromChrono(*reader_.first_byte() - request_begin_);
  timing.total = absl::Microseconds(easy_.Offset(CURLINFO_TOTAL_TIME_T));
  return timing;
}

std::string CurlTransfer::RemoteAddress() const {
  const std::string ip = easy_.Text(CURLINFO_PRIMARY_IP);
  if (ip.empty()) return "";
  const long port = easy_.Number(CURLINFO_PRIMARY_PORT);
  return absl::StrContains(ip, ':') ? absl::StrCat("[", ip, "]:", port) : absl::StrCat(ip, ":", port);
}

}  // namespace herald
