#include "src/core/address_rules.h"

#include "absl/strings/str_cat.h"

namespace herald {
namespace {

struct Rule {
  Cidr network;
  const char* reason = nullptr;
};

constexpr Rule Ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, int length, const char* reason) {
  return {{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}}, length + 96}, reason};
}

// A network named by its first two groups.
constexpr Rule Ipv6(uint16_t first, uint16_t second, int length, const char* reason) {
  return {{{{static_cast<uint8_t>(first >> 8), static_cast<uint8_t>(first), static_cast<uint8_t>(second >> 8),
             static_cast<uint8_t>(second)}},
           length},
          reason};
}

constexpr Rule kForbidden[] = {
    Ipv4(0, 0, 0, 0, 8, "this network"),
    Ipv4(10, 0, 0, 0, 8, "private"),
    Ipv4(100, 64, 0, 0, 10, "shared address space"),
    Ipv4(127, 0, 0, 0, 8, "loopback"),
    Ipv4(169, 254, 0, 0, 16, "link-local"),
    Ipv4(172, 16, 0, 0, 12, "private"),
    Ipv4(192, 0, 0, 0, 24, "protocol assignments"),
    Ipv4(192, 0, 2, 0, 24, "documentation"),
    Ipv4(192, 88, 99, 0, 24, "6to4 relays"),
    Ipv4(192, 168, 0, 0, 16, "private"),
    Ipv4(198, 18, 0, 0, 15, "benchmarking"),
    Ipv4(198, 51, 100, 0, 24, "documentation"),
    Ipv4(203, 0, 113, 0, 24, "documentation"),
    Ipv4(224, 0, 0, 0, 4, "multicast"),
    Ipv4(240, 0, 0, 0, 4, "reserved"),
    Ipv4(168, 63, 129, 16, 32, "a cloud platform's own endpoint"),
    Ipv6(0x2001, 0, 23, "protocol assignments"),
    Ipv6(0x2001, 0xdb8, 32, "documentation"),
    Ipv6(0x2002, 0, 16, "6to4: holds an IPv4 address"),
    Ipv6(0x3fff, 0, 20, "documentation"),
    // These lie outside of 2000::/3 and would be refused without a rule; the rule gives the better reason.
    Ipv6(0xfc00, 0, 7, "private"),
    Ipv6(0xfe80, 0, 10, "link-local"),
    Ipv6(0xff00, 0, 8, "multicast"),
};

constexpr Cidr kPublicIpv6 = {{{0x20}}, 3};

}  // namespace

std::optional<std::string> WhyForbidden(const IpAddress& address) {
  for (const Rule& rule : kForbidden) {
    if (rule.network.Contains(address)) {
      return absl::StrCat(address.ToString(), " is in ", rule.network.ToString(), " (", rule.reason, ")");
    }
  }
  if (address.IsIpv4() || kPublicIpv6.Contains(address)) return std::nullopt;
  return absl::StrCat(address.ToString(), " is not in ", kPublicIpv6.ToString(), " (public IPv6)");
}

}  // namespace herald
