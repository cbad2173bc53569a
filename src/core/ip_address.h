// Addresses and networks of both families in one form: 16 bytes, IPv4 mapped into IPv6 (::ffff:a.b.c.d).
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_IP_ADDRESS_H_
#define HERALD_CORE_IP_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sockaddr;

namespace herald {

struct IpAddress {
  std::array<uint8_t, 16> bytes = {};

  // "127.0.0.1" (four decimal numbers without leading zeros) or "2001:db8::1".
  static std::optional<IpAddress> Parse(absl::string_view text);
  // Nothing for families other than AF_INET and AF_INET6. A scope is left out.
  static std::optional<IpAddress> FromSockaddr(const sockaddr& address);

  bool IsIpv4() const;
  std::string ToString() const;

  bool operator==(const IpAddress& other) const { return bytes == other.bytes; }
};

struct Cidr {
  IpAddress address;
  int length = 0;  // of the 128 bits: an IPv4 network's own length + 96

  // "127.0.0.0/8", "fd00::/8". INVALID_ARGUMENT with a sentence.
  static absl::StatusOr<Cidr> Parse(absl::string_view text);

  bool Contains(const IpAddress& other) const;
  std::string ToString() const;
};

}  // namespace herald

#endif  // HERALD_CORE_IP_ADDRESS_H_
