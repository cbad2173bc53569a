// Which URLs and which addresses Herald may send to (SSRF). The URL is judged when a webhook is saved and again when it
// is dialled; the address when its socket is opened, which alone is safe against names that change their mind.
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_URL_POLICY_H_
#define HERALD_CORE_URL_POLICY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/core/ip_address.h"

struct sockaddr;

namespace herald {

// What a server allows beyond the default.
struct UrlAllowances {
  bool http = false;
  std::vector<int> ports;
  std::vector<Cidr> cidrs;
};

class UrlPolicy {
 public:
  explicit UrlPolicy(UrlAllowances allowances) : allowances_(std::move(allowances)) {}

  // INVALID_ARGUMENT: one sentence that says what is wrong and what is allowed; it holds no user info, path or query.
  // `url` is the URL as it would be dialled: tags in its path and query are rendered or replaced before.
  absl::Status CheckUrl(absl::string_view url) const;

  // `address` is AF_INET or AF_INET6. PERMISSION_DENIED: "127.0.0.1 is in 127.0.0.0/8 (loopback)".
  absl::Status CheckAddress(const sockaddr& address) const;

  const UrlAllowances& allowances() const { return allowances_; }

 private:
  UrlAllowances allowances_;
};

// The part of a URL that is fixed text, `origin`: scheme, host and port ("https://hooks.slack.com"), and the part that
// templates may stand in, `rest`, which begins at the path or query. Splits text before any check; both may be
// anything. A tag that stands in the origin leaves "{{" there, which CheckUrl refuses.
struct UrlParts {
  absl::string_view origin;
  absl::string_view rest;
};
UrlParts SplitUrl(absl::string_view url);

// "hooks.slack.com" of a URL, in lower case, for messages; empty when it has none that could be a host.
std::string HostOfUrl(absl::string_view url);

}  // namespace herald

#endif  // HERALD_CORE_URL_POLICY_H_
