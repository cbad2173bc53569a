#include "src/http/request_options.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace herald {
namespace {

// A kept connection that nobody used for so long, or that is so old, is not used again: receivers and what stands
// between close them silently, and libcurl then sends a request twice.
constexpr long kIdleSecondsMax = 30;
constexpr long kConnectionSecondsMax = 600;
constexpr long kDnsCacheSeconds = 60;

constexpr absl::Duration kTimeoutMin = absl::Milliseconds(1);  // libcurl takes 0 for no limit
constexpr absl::Duration kTimeoutMax = absl::Hours(1);

void SetSafety(const CurlSenderOptions& options, CurlEasy& easy) {
  easy.Set(CURLOPT_PROTOCOLS_STR, options.policy.allowances().http ? "http,https" : "https");
  easy.Set(CURLOPT_FOLLOWLOCATION, 0L);
  easy.Set(CURLOPT_PROXY, "");
  easy.Set(CURLOPT_NOPROXY, "*");
  easy.Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  easy.Set(CURLOPT_NOSIGNAL, 1L);
  easy.Set(CURLOPT_PATH_AS_IS, 1L);  // what was shown is what is sent
  easy.Set(CURLOPT_SSL_VERIFYPEER, 1L);
  easy.Set(CURLOPT_SSL_VERIFYHOST, 2L);
  easy.Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

// libcurl keeps the parsed authorities only when no directory of them is set; without that, each new connection parses
// the system's whole list again, which holds up everything else on the thread for tens of milliseconds.
void SetAuthorities(const std::string& ca_file, CurlEasy& easy) {
  const char* system_file = curl_version_info(CURLVERSION_NOW)->cainfo;
  if (!ca_file.empty()) {
    easy.Set(CURLOPT_CAINFO, ca_file.c_str());
  } else if (system_file != nullptr) {
    easy.Set(CURLOPT_CAINFO, system_file);
  } else {
    return;
  }
  easy.Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

void SetConnection(const CurlList& connect_to, CurlEasy& easy) {
  if (connect_to.get() != nullptr) easy.Set(CURLOPT_CONNECT_TO, connect_to.get());
  easy.Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  easy.Set(CURLOPT_TCP_KEEPALIVE, 1L);
  easy.Set(CURLOPT_TCP_NODELAY, 1L);
  easy.Set(CURLOPT_MAXAGE_CONN, kIdleSecondsMax);
  easy.Set(CURLOPT_MAXLIFETIME_CONN, kConnectionSecondsMax);
  easy.Set(CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheSeconds);
  // A transfer that ends while its name is still looked up would else wait for the look-up, and all others with it. The
  // resolver's thread frees its things itself when it comes home.
  easy.Set(CURLOPT_QUICK_EXIT, 1L);
}

void SetMethodAndBody(const HttpRequest& request, CurlEasy& easy) {
  if (request.body.has_value()) {
    easy.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    easy.Set(CURLOPT_POSTFIELDS, request.body->data());
  } else {
    easy.Set(CURLOPT_HTTPGET, 1L);
  }
  const bool is_usual = request.method == (request.body.has_value() ? "POST" : "GET");
  easy.Set(CURLOPT_CUSTOMREQUEST, is_usual ? nullptr : request.method.c_str());
}

bool Has(const HttpRequest& request, absl::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [name](const auto& header) { return header.first == name; });
}

absl::Status AppendHeader(const std::string& name, const std::string& value, CurlList& headers) {
  const absl::string_view line_breaks("\r\n\0", 3);
  if (absl::string_view(name).find_first_of(line_breaks) != absl::string_view::npos ||
      absl::string_view(value).find_first_of(line_breaks) != absl::string_view::npos || name.empty()) {
    return absl::InvalidArgumentError("a header holds a line break");
  }
  // libcurl takes "name:" for a header to leave out, and "name;" for one without a value.
  const std::string line = value.empty() ? absl::StrCat(name, ";") : absl::StrCat(name, ": ", value);
  return headers.Append(line) ? absl::OkStatus() : absl::ResourceExhaustedError("out of memory");
}

absl::Status SetHeaders(const HttpRequest& request, CurlEasy& easy, CurlList& headers) {
  for (const auto& [name, value] : request.headers) {
    if (absl::Status status = AppendHeader(name, value, headers); !status.ok()) return status;
  }
  // What libcurl would add of its own.
  for (const char* name : {"expect", "accept", "content-type"}) {
    if (!Has(request, name) && !headers.Append(absl::StrCat(name, ":"))) {
      return absl::ResourceExhaustedError("out of memory");
    }
  }
  easy.Set(CURLOPT_HTTPHEADER, headers.get());
  return absl::OkStatus();
}

}  // namespace

void SetCommonOptions(const CurlSenderOptions& options, const CurlList& connect_to, CurlEasy& easy) {
  SetSafety(options, easy);
  SetAuthorities(options.ca_file, easy);
  SetConnection(connect_to, easy);
  easy.Set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
}

absl::Status SetRequestOptions(const HttpRequest& request, CurlEasy& easy, CurlList& headers) {
  const absl::Duration timeout = std::clamp(request.timeout, kTimeoutMin, kTimeoutMax);
  easy.Set(CURLOPT_URL, request.url.c_str());
  // Wait for a new connection to say whether it is HTTP/2 and can be shared. Without TLS nothing says so before the
  // first answer, and a receiver that hangs would hold up all others of its host and port.
  easy.Set(CURLOPT_PIPEWAIT, absl::StartsWithIgnoreCase(request.url, "https:") ? 1L : 0L);
  easy.Set(CURLOPT_TIMEOUT_MS,
           static_cast<long>(absl::ToInt64Milliseconds(absl::Ceil(timeout, absl::Milliseconds(1)))));
  SetMethodAndBody(request, easy);
  return SetHeaders(request, easy, headers);
}

}  // namespace herald
