#include "src/core/url_policy.h"

#include <curl/urlapi.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/ascii.h"
#include "src/base/status_macros.h"
#include "src/core/address_rules.h"

namespace herald {
namespace {

// A rendered URL; what is saved is bounded by Limits.url_bytes_max. Receivers seldom take more than 8 KiB.
constexpr size_t kUrlBytesMax = 16384;

constexpr char kSchemeSeparator[] = "://";

// The fixed part of a URL, taken apart as it is written.
struct Origin {
  absl::string_view scheme;
  absl::string_view host;  // an IPv6 address with its brackets
  std::optional<absl::string_view> port;
};

absl::Status Refuse(absl::string_view sentence) { return absl::InvalidArgumentError(sentence); }

bool IsSpaceOrControl(unsigned char c) { return absl::ascii_isspace(c) || absl::ascii_iscntrl(c); }

// A host's name may hold no more than letters, digits, "-" and "."; ":", "[" and "]" belong to IPv6.
bool IsHostCharacter(char c) { return IsAlphanumeric(c) || absl::StrContains("-.:[]", c); }

// What stands where "https://" should, for the error: "https//:" of "https//:hooks.slack.com/x".
absl::string_view SchemeAsWritten(absl::string_view url) {
  size_t end = 0;
  while (end < url.size() && IsAlpha(url[end])) ++end;
  while (end < url.size() && (url[end] == ':' || url[end] == '/' || url[end] == ';')) ++end;
  return url.substr(0, end);
}

absl::Status BadBeginning(absl::string_view url) {
  const absl::string_view written = SchemeAsWritten(url);
  if (absl::StartsWithIgnoreCase(written, "http") && written.size() <= 12) {
    return Refuse(absl::StrCat("write https:// at the beginning (this has \"", written, "\")"));
  }
  return Refuse("begin with https://, as in https://example.com/hook");
}

absl::Status CheckCharacters(absl::string_view url) {
  const UrlParts parts = SplitUrl(url);
  if (url.empty()) return BadBeginning(url);
  if (url.size() > kUrlBytesMax) return Refuse(absl::StrCat("at most ", kUrlBytesMax, " bytes"));
  if (absl::StrContains(parts.origin, "{{")) {
    return Refuse("scheme, host and port are fixed text: {{…}} may stand in the path and the query only");
  }
  if (std::any_of(url.begin(), url.end(), IsSpaceOrControl)) {
    return Refuse("no white space and no control characters; percent-encode them in path and query (a space is %20)");
  }
  if (absl::StrContains(url, '\\')) return Refuse("no backslash; write / or, in path and query, %5C");
  if (absl::StrContains(url, '#')) return Refuse("leave out \"#\" and what follows: a fragment is never sent");
  if (!std::all_of(parts.rest.begin(), parts.rest.end(), absl::ascii_isascii)) {
    return Refuse("path and query hold ASCII only; percent-encode other characters");
  }
  return absl::OkStatus();
}

absl::Status CheckScheme(absl::string_view scheme, bool allow_http) {
  if (absl::EqualsIgnoreCase(scheme, "https")) return absl::OkStatus();
  if (!absl::EqualsIgnoreCase(scheme, "http")) return Refuse("begin with https://; no other scheme is allowed");
  if (allow_http) return absl::OkStatus();
  return Refuse("begin with https://; http is allowed only by a server that was started with --allow_http");
}

// Takes apart host and port, "example.com:443" or "[::1]:443".
absl::Status SplitHostAndPort(absl::string_view authority, Origin& origin) {
  if (absl::StrContains(authority, '@')) return Refuse("no user name or password before the host; use authentication");
  size_t end = authority.find(':');
  if (absl::StartsWith(authority, "[")) {
    const size_t bracket = authority.find(']');
    if (bracket == absl::string_view::npos) return Refuse("the host's \"[\" has no \"]\"");
    end = bracket + 1;
  }
  origin.host = authority.substr(0, end);
  const absl::string_view after = authority.substr(origin.host.size());
  if (after.empty()) return absl::OkStatus();
  if (after[0] != ':') return Refuse("after the host's \"]\" may come only a port or the path");
  origin.port = after.substr(1);
  return absl::OkStatus();
}

absl::Status CheckHostCharacters(absl::string_view host) {
  if (host.empty()) return Refuse("the host is missing, as in https://example.com/hook");
  if (absl::StrContains(host, '%')) return Refuse("no \"%\" in the host: write it as it is, without a zone");
  if (!std::all_of(host.begin(), host.end(), IsHostCharacter)) {
    return Refuse("a host holds letters, digits, \"-\" and \".\"; write an international name in its xn-- form");
  }
  return absl::OkStatus();
}

bool IsNumber(absl::string_view label) {
  if (absl::ConsumePrefix(&label, "0x") || absl::ConsumePrefix(&label, "0X")) {
    return std::all_of(label.begin(), label.end(), IsHexDigit);
  }
  return std::all_of(label.begin(), label.end(), IsDigit);
}

absl::Status CheckHostName(absl::string_view name) {
  absl::ConsumeSuffix(&name, ".");  // "example.com." is the same name, written whole
  if (name.size() > 253) return Refuse("a host has at most 253 bytes");
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  for (absl::string_view label : labels) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
      return Refuse("each part of the host between dots has 1 to 63 bytes and neither begins nor ends with \"-\"");
    }
  }
  if (IsNumber(labels.back())) {
    return Refuse("a host that ends in a number is an IPv4 address: four decimal numbers, as in 192.0.2.1");
  }
  return absl::OkStatus();
}

bool IsLocalhost(absl::string_view host) {
  absl::ConsumeSuffix(&host, ".");
  return absl::EqualsIgnoreCase(host, "localhost") || absl::EndsWithIgnoreCase(host, ".localhost");
}

std::optional<IpAddress> AddressOfHost(absl::string_view host) {
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return IpAddress::Parse(host);
}

int DefaultPort(absl::string_view scheme) { return absl::EqualsIgnoreCase(scheme, "http") ? 80 : 443; }

// The port that `origin` names or means, or nothing for one that is no number.
std::optional<int> PortOf(const Origin& origin) {
  if (!origin.port.has_value()) return DefaultPort(origin.scheme);
  int port = 0;
  const bool digits = !origin.port->empty() && std::all_of(origin.port->begin(), origin.port->end(), IsDigit);
  if (!digits || !absl::SimpleAtoi(*origin.port, &port)) return std::nullopt;
  return port;
}

absl::Status CheckPort(const Origin& origin, const std::vector<int>& allowed_ports) {
  std::vector<int> allowed = {DefaultPort(origin.scheme)};
  allowed.insert(allowed.end(), allowed_ports.begin(), allowed_ports.end());
  const std::optional<int> port = PortOf(origin);
  if (port.has_value() && std::find(allowed.begin(), allowed.end(), *port) != allowed.end()) return absl::OkStatus();
  return Refuse(absl::StrCat(port.has_value() ? absl::StrCat("port ", *port, " is not allowed") : "a port is a number",
                             "; leave it out or write ", absl::StrJoin(allowed, ", ")));
}

std::optional<std::string> PartOf(CURLU* parsed, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return std::string(text);
}

bool SameHost(absl::string_view a, absl::string_view b) {
  const std::optional<IpAddress> address = AddressOfHost(a);
  return address.has_value() ? address == AddressOfHost(b) : absl::EqualsIgnoreCase(a, b);
}

// libcurl is what dials: it must read the same host and port.
absl::Status CheckAsLibcurlReadsIt(absl::string_view url, const Origin& origin) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (parsed == nullptr) return absl::ResourceExhaustedError("out of memory");
  if (curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) {
    return Refuse("this is not a URL, as in https://example.com/hook");
  }
  const std::optional<std::string> host = PartOf(parsed.get(), CURLUPART_HOST);
  const std::optional<std::string> port = PartOf(parsed.get(), CURLUPART_PORT);
  if (!host.has_value() || !SameHost(origin.host, *host) || port != absl::StrCat(*PortOf(origin))) {
    return Refuse("host and port can be read in two ways; write them plainly, as in https://example.com/hook");
  }
  return absl::OkStatus();
}

absl::Status CheckIp(const IpAddress& address, const std::vector<Cidr>& allowed) {
  const auto holds_it = [&](const Cidr& network) { return network.Contains(address); };
  if (std::any_of(allowed.begin(), allowed.end(), holds_it)) return absl::OkStatus();
  const std::optional<std::string> why = WhyForbidden(address);
  return why.has_value() ? absl::PermissionDeniedError(*why) : absl::OkStatus();
}

absl::Status CheckHost(absl::string_view host, const std::vector<Cidr>& allowed) {
  HERALD_RETURN_IF_ERROR(CheckHostCharacters(host));
  if (const std::optional<IpAddress> address = AddressOfHost(host); address.has_value()) {
    const absl::Status status = CheckIp(*address, allowed);
    return status.ok() ? status : Refuse(absl::StrCat(status.message(), "; write a public host"));
  }
  if (absl::StrContains(host, '[') || absl::StrContains(host, ':')) return Refuse("[…] holds no IPv6 address");
  if (IsLocalhost(host)) {
    const bool allows_loopback =
        CheckIp(*IpAddress::Parse("127.0.0.1"), allowed).ok() || CheckIp(*IpAddress::Parse("::1"), allowed).ok();
    return allows_loopback ? absl::OkStatus() : Refuse("localhost is not allowed; write a public host");
  }
  return CheckHostName(host);
}

}  // namespace

UrlParts SplitUrl(absl::string_view url) {
  size_t end = url.find_first_of("/?#");
  const bool is_separator =
      end != absl::string_view::npos && end > 0 && absl::StartsWith(url.substr(end - 1), kSchemeSeparator);
  if (is_separator) end = url.find_first_of("/?#", end + 2);
  if (end == absl::string_view::npos) end = url.size();
  return {url.substr(0, end), url.substr(end)};
}

std::string HostOfUrl(absl::string_view url) {
  const absl::string_view origin = SplitUrl(url).origin;
  const size_t scheme_end = origin.find(kSchemeSeparator);
  if (scheme_end == absl::string_view::npos) return "";
  absl::string_view authority = origin.substr(scheme_end + 3);
  const size_t user_end = authority.rfind('@');
  if (user_end != absl::string_view::npos) authority.remove_prefix(user_end + 1);
  Origin parts;
  if (!SplitHostAndPort(authority, parts).ok() || !CheckHostCharacters(parts.host).ok()) return "";
  return absl::AsciiStrToLower(parts.host);
}

absl::Status UrlPolicy::CheckUrl(absl::string_view url) const {
  HERALD_RETURN_IF_ERROR(CheckCharacters(url));
  const absl::string_view text = SplitUrl(url).origin;
  const size_t scheme_end = text.find(kSchemeSeparator);
  if (scheme_end == absl::string_view::npos) return BadBeginning(url);
  Origin origin;
  origin.scheme = text.substr(0, scheme_end);
  HERALD_RETURN_IF_ERROR(CheckScheme(origin.scheme, allowances_.http));
  HERALD_RETURN_IF_ERROR(SplitHostAndPort(text.substr(scheme_end + 3), origin));
  HERALD_RETURN_IF_ERROR(CheckHost(origin.host, allowances_.cidrs));
  HERALD_RETURN_IF_ERROR(CheckPort(origin, allowances_.ports));
  return CheckAsLibcurlReadsIt(url, origin);
}

absl::Status UrlPolicy::CheckAddress(const sockaddr& address) const {
  const std::optional<IpAddress> ip = IpAddress::FromSockaddr(address);
  if (!ip.has_value()) return absl::PermissionDeniedError("only IPv4 and IPv6 addresses are allowed");
  return CheckIp(*ip, allowances_.cidrs);
}

}  // namespace herald
