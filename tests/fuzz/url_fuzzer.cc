// The URL policy on any text. Whatever passes is a URL that libcurl dials at the host that Herald names, which is
// neither this machine's name nor an address in a forbidden network; and splitting never loses a byte.

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "src/base/utf8.h"
#include "src/core/address_rules.h"
#include "src/core/ip_address.h"
#include "src/core/url_policy.h"

namespace herald {
namespace {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

// The host as libcurl dials it, in lower case; addresses without brackets.
std::string DialledHost(absl::string_view url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  Require(curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) == CURLUE_OK, "libcurl refuses it");
  char* text = nullptr;
  Require(curl_url_get(parsed.get(), CURLUPART_HOST, &text, 0) == CURLUE_OK, "libcurl sees no host");
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return absl::AsciiStrToLower(text);
}

void CheckDialled(absl::string_view url) {
  const std::string named = HostOfUrl(url);
  const std::string dialled = DialledHost(url);
  absl::string_view bare = dialled;
  if (absl::ConsumePrefix(&bare, "[")) absl::ConsumeSuffix(&bare, "]");
  const std::optional<IpAddress> address = IpAddress::Parse(bare);
  if (address.has_value()) {
    Require(!WhyForbidden(*address).has_value(), "a forbidden address passes");
  } else {
    Require(named == dialled, "libcurl dials another host");
    absl::ConsumeSuffix(&bare, ".");
    Require(bare != "localhost" && !absl::EndsWith(bare, ".localhost"), "localhost passes");
  }
}

void Run(absl::string_view url) {
  const UrlParts parts = SplitUrl(url);
  Require(absl::StrCat(parts.origin, parts.rest) == url, "splitting loses bytes");
  UrlAllowances allowances;
  allowances.http = true;
  allowances.ports = {8443};
  const absl::Status status = UrlPolicy(std::move(allowances)).CheckUrl(url);
  if (status.ok()) return CheckDialled(url);
  Require(IsValidUtf8(status.message()) && status.message().size() <= 200, "the sentence is not a short text");
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  herald::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
