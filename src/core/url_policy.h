// Which URLs and which addresses Herald may send to (SSRF). The URL is judged when a webhook is saved and again when it
// is dialled; the address when its socket is opened, which alone is safe against names that change their mind.
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_URL_POLICY_H_
#define HERALD_CORE_URL_POLICY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sockaddr;

namespace herald {

// A network: 16 bytes and a prefix length; IPv4 is held mapped (::ffff:a.b.c.d, length + 96).
struct Cidr {
  unsigned char address[16] = {};
  int length = 0;
  // "127.0.0.0/8", "fd00::/8". INVALID_ARGUMENT with a sentence.
  static absl::StatusOr<Cidr> Parse(absl::string_view text);
};

// What a server allows beyond the default.
struct UrlAllowances {
  bool http = false;
  std::vector<int> ports;
  std::vector<Cidr> cidrs;
};

class UrlPolicy {
 public:
  explicit UrlPolicy(UrlAllowances allowances) : allowances_(std::move(allowances)) {}

  // INVALID_ARGUMENT: one sentence that says what is wrong and what is allowed; it holds no path nor query. For a fixed
  // URL.
  absl::Status CheckUrl(absl::string_view url) const;

  // `address` is AF_INET or AF_INET6. PERMISSION_DENIED: "127.0.0.1 is in 127.0.0.0/8 (loopback)".
  absl::Status CheckAddress(const sockaddr& address) const;

  const UrlAllowances& allowances() const { return allowances_; }

 private:
  UrlAllowances allowances_;
};

// The parts of a URL that templates may stand in: `origin` is scheme, host and port ("https://hooks.slack.com"), `rest`
// begins at the path or query. Splits text before any check; both may be anything.
struct UrlParts {
  absl::string_view origin;
  absl::string_view rest;
};
UrlParts SplitUrl(absl::string_view url);

// "hooks.slack.com" of a URL, for messages; empty when it has none.
std::string HostOfUrl(absl::string_view url);

}  // namespace herald

#endif  // HERALD_CORE_URL_POLICY_H_
