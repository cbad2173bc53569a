#include "src/core/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"

namespace herald {
namespace {

constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

IpAddress Mapped(const in_addr& four) {
  IpAddress address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
  std::memcpy(address.bytes.data() + kMappedPrefix.size(), &four, sizeof(four));
  return address;
}

absl::Status BadCidr(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text.substr(0, 64), "\" is not a network; write an address, \"/\" and a length, as in 127.0.0.0/8"));
}

// `address` with all bits past `length` zero.
IpAddress Masked(const IpAddress& address, int length) {
  IpAddress masked = address;
  for (int i = 0; i < 16; ++i) {
    const int bits = std::clamp(length - i * 8, 0, 8);
    const auto mask = static_cast<uint8_t>(0xff << (8 - bits));
    masked.bytes[static_cast<size_t>(i)] &= mask;
  }
  return masked;
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(absl::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  in_addr four = {};
  if (inet_pton(AF_INET, terminated.c_str(), &four) == 1) return Mapped(four);
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::FromSockaddr(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four = {};
    std::memcpy(&four, &address, sizeof(four));
    return Mapped(four.sin_addr);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six = {};
    std::memcpy(&six, &address, sizeof(six));
    IpAddress result;
    std::memcpy(result.bytes.data(), &six.sin6_addr, result.bytes.size());
    return result;
  }
  return std::nullopt;
}

bool IpAddress::IsIpv4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (IsIpv4()) {
    inet_ntop(AF_INET, bytes.data() + kMappedPrefix.size(), text, sizeof(text));
  } else {
    inet_ntop(AF_INET6, bytes.data(), text, sizeof(text));
  }
  return text;
}

absl::StatusOr<Cidr> Cidr::Parse(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos) return BadCidr(text);
  const absl::string_view digits = text.substr(slash + 1);
  const std::optional<IpAddress> address = IpAddress::Parse(text.substr(0, slash));
  int length = 0;
  if (!address.has_value() || digits.size() > 3 || !std::all_of(digits.begin(), digits.end(), IsDigit) ||
      !absl::SimpleAtoi(digits, &length)) {
    return BadCidr(text);
  }
  // "::ffff:10.0.0.0/104" has a colon and counts all bits; "10.0.0.0/8" counts those of IPv4.
  const bool counts_ipv4 = text.find(':') == absl::string_view::npos;
  if (length > (counts_ipv4 ? 32 : 128)) return BadCidr(text);
  Cidr cidr = {*address, counts_ipv4 ? length + 96 : length};
  cidr.address = Masked(*address, cidr.length);
  if (!(cidr.address == *address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" has bits set past its length; write ", cidr.ToString()));
  }
  return cidr;
}

bool Cidr::Contains(const IpAddress& other) const { return Masked(other, length) == address; }

std::string Cidr::ToString() const {
  const bool counts_ipv4 = address.IsIpv4() && length >= 96;
  return absl::StrCat(address.ToString(), "/", counts_ipv4 ? length - 96 : length);
}

}  // namespace herald
