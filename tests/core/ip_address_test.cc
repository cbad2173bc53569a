#include "src/core/ip_address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace herald {
namespace {

TEST(IpAddress, ReadsAndWritesBothFamilies) {
  for (const char* text : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1"}) {
    const auto address = IpAddress::Parse(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->ToString(), text);
  }
  EXPECT_EQ(IpAddress::Parse("::ffff:10.0.0.1"), IpAddress::Parse("10.0.0.1"));
  EXPECT_TRUE(IpAddress::Parse("::ffff:10.0.0.1")->IsIpv4());
  EXPECT_FALSE(IpAddress::Parse("::10.0.0.1")->IsIpv4());
}

TEST(IpAddress, RefusesOtherWaysToWriteOne) {
  for (const char* text : {"", "1", "127.1", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01", "256.0.0.1", "1.2.3.4.5",
                           "1.2.3.4.", " 1.2.3.4", "[::1]", "fe80::1%eth0", "1::2::3", "localhost"}) {
    EXPECT_FALSE(IpAddress::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(IpAddress::Parse(absl::string_view("127.0.0.1\0", 10)).has_value());
}

TEST(IpAddress, ReadsSocketAddresses) {
  sockaddr_in four = {};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(0x0a000001);
  EXPECT_EQ(IpAddress::FromSockaddr(reinterpret_cast<const sockaddr&>(four)), IpAddress::Parse("10.0.0.1"));
  sockaddr_in6 six = {};
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  EXPECT_EQ(IpAddress::FromSockaddr(reinterpret_cast<const sockaddr&>(six)), IpAddress::Parse("::1"));
  sockaddr other = {};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::FromSockaddr(other).has_value());
}

TEST(Cidr, ReadsAndWrites) {
  for (const char* text : {"127.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "fd00::/8", "::/0", "::1/128"}) {
    const auto cidr = Cidr::Parse(text);
    ASSERT_TRUE(cidr.ok()) << cidr.status();
    EXPECT_EQ(cidr->ToString(), text);
  }
}

TEST(Cidr, HoldsItsFirstAndLastAddressAndNoNeighbour) {
  const auto cidr = Cidr::Parse("100.64.0.0/10");
  ASSERT_TRUE(cidr.ok());
  EXPECT_FALSE(cidr->Contains(*IpAddress::Parse("100.63.255.255")));
  EXPECT_TRUE(cidr->Contains(*IpAddress::Parse("100.64.0.0")));
  EXPECT_TRUE(cidr->Contains(*IpAddress::Parse("100.127.255.255")));
  EXPECT_TRUE(cidr->Contains(*IpAddress::Parse("::ffff:100.64.0.1")));
  EXPECT_FALSE(cidr->Contains(*IpAddress::Parse("100.128.0.0")));
  EXPECT_FALSE(cidr->Contains(*IpAddress::Parse("6440::")));
}

TEST(Cidr, RefusesWhatIsNoNetwork) {
  for (const char* text : {"", "127.0.0.0", "/8", "127.0.0.0/", "127.0.0.0/33", "127.0.0.0/-1", "127.0.0.0/+8",
                           "127.0.0.0/ 8", "::/129", "localhost/8", "127.0.0.0/8/8"}) {
    EXPECT_EQ(Cidr::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(Cidr::Parse("127.0.0/8").status().message(),
            "\"127.0.0/8\" is not a network; write an address, \"/\" and a length, as in 127.0.0.0/8");
  EXPECT_EQ(Cidr::Parse("127.0.0.1/8").status().message(),
            "\"127.0.0.1/8\" has bits set past its length; write 127.0.0.0/8");
}

}  // namespace
}  // namespace herald
