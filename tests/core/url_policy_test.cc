#include "src/core/url_policy.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "tests/support/shared_data.h"

namespace herald {
namespace {

UrlPolicy Strict() { return UrlPolicy({}); }

UrlPolicy Allowing(const std::vector<const char*>& cidrs, bool http = false, std::vector<int> ports = {}) {
  UrlAllowances allowances;
  allowances.http = http;
  allowances.ports = std::move(ports);
  for (const char* cidr : cidrs) allowances.cidrs.push_back(*Cidr::Parse(cidr));
  return UrlPolicy(std::move(allowances));
}

absl::Status CheckAddress(const UrlPolicy& policy, absl::string_view text) {
  const auto address = IpAddress::Parse(text);
  if (!address.has_value()) return absl::InvalidArgumentError("not an address");
  const bool as_written_ipv4 = !absl::StrContains(text, ':');
  sockaddr_in four = {};
  four.sin_family = AF_INET;
  std::memcpy(&four.sin_addr, address->bytes.data() + 12, 4);
  sockaddr_in6 six = {};
  six.sin6_family = AF_INET6;
  std::memcpy(&six.sin6_addr, address->bytes.data(), 16);
  return policy.CheckAddress(as_written_ipv4 ? reinterpret_cast<const sockaddr&>(four)
                                             : reinterpret_cast<const sockaddr&>(six));
}

TEST(UrlPolicy, TakesOrdinaryUrls) {
  for (const char* url :
       {"https://hooks.slack.com/services/T0/B0/abc", "https://prod-1.westus.logic.azure.com:443/workflows/a?sig=b%2Fc",
        "HTTPS://Example.COM", "https://example.com?a=b", "https://example.com./x", "https://a", "https://1.1.1.1/",
        "https://[2606:4700::1111]/", "https://xn--mnchen-3ya.example/", "https://127.0.0.1.nip.io/",
        "https://example.com/a/../b//c;d=e,f:g@h!$&'()*+~[]{}|^`\"<>", "https://1password.com/", "https://3.example/",
        "https://example.com:00443/"}) {
    EXPECT_TRUE(Strict().CheckUrl(url).ok()) << url << ": " << Strict().CheckUrl(url);
  }
}

struct Refusal {
  const char* url;
  const char* sentence;
};

constexpr Refusal kRefusals[] = {
    {"", "begin with https://, as in https://example.com/hook"},
    {"hooks.slack.com/x", "begin with https://, as in https://example.com/hook"},
    {"//hooks.slack.com/x", "begin with https://, as in https://example.com/hook"},
    {"https//:hooks.slack.com/x", "write https:// at the beginning (this has \"https//:\")"},
    {"https//hooks.slack.com/x", "write https:// at the beginning (this has \"https//\")"},
    {"https:/hooks.slack.com/x", "write https:// at the beginning (this has \"https:/\")"},
    {"https:hooks.slack.com/x", "write https:// at the beginning (this has \"https:\")"},
    {"https;//hooks.slack.com/x", "write https:// at the beginning (this has \"https;//\")"},
    {"ftp://example.com/", "begin with https://; no other scheme is allowed"},
    {"javascript://example.com/", "begin with https://; no other scheme is allowed"},
    {"http://example.com/", "begin with https://; http is allowed only by a server that was started with --allow_http"},
    {"https://", "the host is missing, as in https://example.com/hook"},
    {"https:///x", "the host is missing, as in https://example.com/hook"},
    {"https://:443/x", "the host is missing, as in https://example.com/hook"},
    {"https://?x", "the host is missing, as in https://example.com/hook"},
    {"https://user:secret@example.com/", "no user name or password before the host; use authentication"},
    {"https://example.com:443@127.0.0.1/", "no user name or password before the host; use authentication"},
    {"https://example.com/#top", "leave out \"#\" and what follows: a fragment is never sent"},
    {"https://example.com#@127.0.0.1/", "leave out \"#\" and what follows: a fragment is never sent"},
    {"https://example.com\\@127.0.0.1/", "no backslash; write / or, in path and query, %5C"},
    {"https://example.com/a\\b", "no backslash; write / or, in path and query, %5C"},
    {"https://example.com/a b",
     "no white space and no control characters; percent-encode them in path and query (a space is %20)"},
    {" https://example.com/",
     "no white space and no control characters; percent-encode them in path and query (a space is %20)"},
    {"https://example.com/\n",
     "no white space and no control characters; percent-encode them in path and query (a space is %20)"},
    {"https://example.com/\x7f",
     "no white space and no control characters; percent-encode them in path and query (a space is %20)"},
    {"https://example.com/\xc3\xbc", "path and query hold ASCII only; percent-encode other characters"},
    {"https://m\xc3\xbcnchen.example/",
     "a host holds letters, digits, \"-\" and \".\"; write an international name in its xn-- form"},
    {"https://my_host.example/",
     "a host holds letters, digits, \"-\" and \".\"; write an international name in its xn-- form"},
    {"https://exa<mple.com/",
     "a host holds letters, digits, \"-\" and \".\"; write an international name in its xn-- form"},
    {"https://loc%61lhost/", "no \"%\" in the host: write it as it is, without a zone"},
    {"https://[fe80::1%25eth0]/", "no \"%\" in the host: write it as it is, without a zone"},
    {"https://xn--/", "each part of the host between dots has 1 to 63 bytes and neither begins nor ends with \"-\""},
    {"https://a..b/", "each part of the host between dots has 1 to 63 bytes and neither begins nor ends with \"-\""},
    {"https://./", "each part of the host between dots has 1 to 63 bytes and neither begins nor ends with \"-\""},
    {"https://a.b../", "each part of the host between dots has 1 to 63 bytes and neither begins nor ends with \"-\""},
    {"https://-a.example/",
     "each part of the host between dots has 1 to 63 bytes and neither begins nor ends with \"-\""},
    {"https://2130706433/", "a host that ends in a number is an IPv4 address: four decimal numbers, as in 192.0.2.1"},
    {"https://0x7f.1/", "a host that ends in a number is an IPv4 address: four decimal numbers, as in 192.0.2.1"},
    {"https://0177.0.0.1/", "a host that ends in a number is an IPv4 address: four decimal numbers, as in 192.0.2.1"},
    {"https://127.0.0.1./", "a host that ends in a number is an IPv4 address: four decimal numbers, as in 192.0.2.1"},
    {"https://example.0x/", "a host that ends in a number is an IPv4 address: four decimal numbers, as in 192.0.2.1"},
    {"https://127.0.0.1/", "127.0.0.1 is in 127.0.0.0/8 (loopback); write a public host"},
    {"https://169.254.169.254/latest", "169.254.169.254 is in 169.254.0.0/16 (link-local); write a public host"},
    {"https://[::1]/", "::1 is not in 2000::/3 (public IPv6); write a public host"},
    {"https://[::ffff:10.0.0.1]/", "10.0.0.1 is in 10.0.0.0/8 (private); write a public host"},
    {"https://[fd00::1]:443/", "fd00::1 is in fc00::/7 (private); write a public host"},
    {"https://[::1/", "the host's \"[\" has no \"]\""},
    {"https://[::1]x/", "after the host's \"]\" may come only a port or the path"},
    {"https://[127.0.0.1x]/", "[…] holds no IPv6 address"},
    {"https://localhost/", "localhost is not allowed; write a public host"},
    {"https://LOCALHOST./", "localhost is not allowed; write a public host"},
    {"https://foo.localhost/", "localhost is not allowed; write a public host"},
    {"https://example.com:8443/", "port 8443 is not allowed; leave it out or write 443"},
    {"https://example.com:0/", "port 0 is not allowed; leave it out or write 443"},
    {"https://example.com:80/", "port 80 is not allowed; leave it out or write 443"},
    {"https://example.com:/", "a port is a number; leave it out or write 443"},
    {"https://example.com:secret/", "a port is a number; leave it out or write 443"},
    {"https://example.com:99999999999/", "a port is a number; leave it out or write 443"},
    {"https://::1/", "the host is missing, as in https://example.com/hook"},
    {"https://{{host}}/x", "scheme, host and port are fixed text: {{…}} may stand in the path and the query only"},
    {"{{base}}/x", "scheme, host and port are fixed text: {{…}} may stand in the path and the query only"},
    {"https://example.com:{{port}}/",
     "scheme, host and port are fixed text: {{…}} may stand in the path and the query only"},
    {"https://{{#if a}}b{{/if}}.example/",
     "scheme, host and port are fixed text: {{…}} may stand in the path and the query only"},
};

TEST(UrlPolicy, RefusesWithASentence) {
  for (const auto& [url, sentence] : kRefusals) {
    const absl::Status status = Strict().CheckUrl(url);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_EQ(status.message(), sentence) << url;
    EXPECT_LE(status.message().size(), 200u) << url;
  }
}

TEST(UrlPolicy, RefusesWhatIsTooLong) {
  const std::string longest = absl::StrCat("https://example.com/", std::string(16384 - 20, 'x'));
  EXPECT_TRUE(Strict().CheckUrl(longest).ok());
  EXPECT_EQ(Strict().CheckUrl(longest + "x").message(), "at most 16384 bytes");
  const std::string label(63, 'a');
  EXPECT_TRUE(Strict().CheckUrl("https://" + label + ".example/").ok());
  EXPECT_FALSE(Strict().CheckUrl("https://" + label + "a.example/").ok());
  const std::string name = label + "." + label + "." + label + "." + std::string(61, 'a');
  EXPECT_TRUE(Strict().CheckUrl("https://" + name + "/").ok());
  EXPECT_EQ(Strict().CheckUrl("https://" + name + "a/").message(), "a host has at most 253 bytes");
}

TEST(UrlPolicy, RefusesANulByteAnywhere) {
  for (const absl::string_view url : {absl::string_view("https://exa\0mple.com/", 21),
                                      absl::string_view("https://a/\0", 11), absl::string_view("\0https://a/", 11)}) {
    EXPECT_FALSE(Strict().CheckUrl(url).ok());
  }
}

TEST(UrlPolicy, SentencesHoldNoSecret) {
  for (const char* url : {"https//:hooks.slack.com/SECRET", "https://user:SECRET@a/", "https://SECRET@a/",
                          "https://a/SECRET b", "SECRET", "https://a:SECRET/", "ftp://a/SECRET",
                          "https://127.0.0.1/SECRET?SECRET", "https:SECRET", "https://a?SECRET#"}) {
    EXPECT_FALSE(Strict().CheckUrl(url).ok()) << url;
    EXPECT_FALSE(absl::StrContains(Strict().CheckUrl(url).message(), "SECRET")) << url;
  }
}

TEST(UrlPolicy, AllowsWhatTheServerWasToldToAllow) {
  const UrlPolicy http = Allowing({}, true);
  EXPECT_TRUE(http.CheckUrl("http://example.com/").ok());
  EXPECT_TRUE(http.CheckUrl("http://example.com:80/").ok());
  EXPECT_FALSE(http.CheckUrl("http://example.com:443/").ok());
  EXPECT_FALSE(http.CheckUrl("http://127.0.0.1/").ok());

  const UrlPolicy ports = Allowing({}, false, {8443, 9000});
  EXPECT_TRUE(ports.CheckUrl("https://example.com:8443/").ok());
  EXPECT_TRUE(ports.CheckUrl("https://example.com:9000/").ok());
  EXPECT_EQ(ports.CheckUrl("https://example.com:9001/").message(),
            "port 9001 is not allowed; leave it out or write 443, 8443, 9000");

  const UrlPolicy loopback = Allowing({"127.0.0.0/8"});
  EXPECT_TRUE(loopback.CheckUrl("https://127.0.0.1/").ok());
  EXPECT_TRUE(loopback.CheckUrl("https://[::ffff:127.0.0.1]/").ok());
  EXPECT_TRUE(loopback.CheckUrl("https://localhost/").ok());
  EXPECT_TRUE(loopback.CheckUrl("https://a.localhost./").ok());
  EXPECT_FALSE(loopback.CheckUrl("https://10.0.0.1/").ok());
  EXPECT_FALSE(loopback.CheckUrl("https://[::1]/").ok());
  EXPECT_TRUE(CheckAddress(loopback, "127.0.0.1").ok());
  EXPECT_TRUE(CheckAddress(loopback, "::ffff:127.0.0.1").ok());
  EXPECT_FALSE(CheckAddress(loopback, "::127.0.0.1").ok());

  EXPECT_TRUE(Allowing({"::1/128"}).CheckUrl("https://localhost/").ok());
  EXPECT_FALSE(Allowing({"10.0.0.0/8"}).CheckUrl("https://localhost/").ok());
}

TEST(UrlPolicy, JudgesAddresses) {
  EXPECT_TRUE(CheckAddress(Strict(), "93.184.216.34").ok());
  EXPECT_TRUE(CheckAddress(Strict(), "2606:4700::1111").ok());
  const absl::Status status = CheckAddress(Strict(), "127.0.0.1");
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(status.message(), "127.0.0.1 is in 127.0.0.0/8 (loopback)");
  sockaddr unix_socket = {};
  unix_socket.sa_family = AF_UNIX;
  EXPECT_EQ(Strict().CheckAddress(unix_socket).code(), absl::StatusCode::kPermissionDenied);
}

// The first and last address of every forbidden network, and the nearest ones that are allowed.
TEST(UrlPolicy, ForbidsWholeNetworksAndNoMore) {
  for (const char* address : {"0.0.0.0",     "0.255.255.255",    "10.0.0.0",        "10.255.255.255",
                              "100.64.0.0",  "100.127.255.255",  "127.0.0.0",       "127.255.255.255",
                              "169.254.0.0", "169.254.255.255",  "172.16.0.0",      "172.31.255.255",
                              "192.0.0.0",   "192.0.0.255",      "192.0.2.0",       "192.0.2.255",
                              "192.88.99.0", "192.88.99.255",    "192.168.0.0",     "192.168.255.255",
                              "198.18.0.0",  "198.19.255.255",   "198.51.100.0",    "198.51.100.255",
                              "203.0.113.0", "203.0.113.255",    "224.0.0.0",       "239.255.255.255",
                              "240.0.0.0",   "255.255.255.255",  "168.63.129.16",   "::",
                              "::1",         "64:ff9b::1.1.1.1", "1fff::",          "2001::",
                              "2001:1ff::",  "2001:db8::",       "2001:db8:ffff::", "2002::",
                              "2002:ffff::", "3fff::",           "3fff:fff::",      "4000::",
                              "5f00::",      "fc00::",           "fdff::",          "fe80::",
                              "fec0::",      "ff02::1",          "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(CheckAddress(Strict(), address).ok()) << address;
  }
  for (const char* address :
       {"1.0.0.0",       "9.255.255.255",   "11.0.0.0",     "100.63.255.255",  "100.128.0.0", "126.255.255.255",
        "128.0.0.0",     "169.253.255.255", "169.255.0.0",  "172.15.255.255",  "172.32.0.0",  "192.0.1.0",
        "192.0.3.0",     "192.88.98.255",   "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0",    "198.51.99.255",   "198.51.101.0", "203.0.112.255",   "203.0.114.0", "223.255.255.255",
        "168.63.129.15", "168.63.129.17",   "2000::",       "2001:200::",      "2001:db7::",  "2001:db9::",
        "2003::",        "3ffe::",          "3fff:1000::",  "::ffff:1.1.1.1"}) {
    EXPECT_TRUE(CheckAddress(Strict(), address).ok()) << address << ": " << CheckAddress(Strict(), address);
  }
}

TEST(SplitUrl, SplitsAtThePathOrTheQuery) {
  const auto parts = [](absl::string_view url) {
    const UrlParts split = SplitUrl(url);
    EXPECT_EQ(absl::StrCat(split.origin, split.rest), url);
    return absl::StrCat(split.origin, " | ", split.rest);
  };
  EXPECT_EQ(parts("https://hooks.slack.com/services/{{a}}"), "https://hooks.slack.com | /services/{{a}}");
  EXPECT_EQ(parts("https://a:443?x={{b}}"), "https://a:443 | ?x={{b}}");
  EXPECT_EQ(parts("https://a#x"), "https://a | #x");
  EXPECT_EQ(parts("https://a"), "https://a | ");
  EXPECT_EQ(parts("https://"), "https:// | ");
  EXPECT_EQ(parts("https:///x"), "https:// | /x");
  EXPECT_EQ(parts("{{base}}/x?u=https://b/"), "{{base}} | /x?u=https://b/");
  EXPECT_EQ(parts("https//:a/x"), "https | //:a/x");
  EXPECT_EQ(parts("//a/x"), " | //a/x");
  EXPECT_EQ(parts(""), " | ");
}

TEST(HostOfUrl, NamesTheHostAndNothingElse) {
  EXPECT_EQ(HostOfUrl("https://Hooks.Slack.com/services/T/B/X"), "hooks.slack.com");
  EXPECT_EQ(HostOfUrl("https://user:secret@a.example:8443?x"), "a.example");
  EXPECT_EQ(HostOfUrl("https://[::1]:443/"), "[::1]");
  EXPECT_EQ(HostOfUrl("https://{{host}}/"), "");
  EXPECT_EQ(HostOfUrl("hooks.slack.com/secret"), "");
  EXPECT_EQ(HostOfUrl("https:///secret"), "");
  EXPECT_EQ(HostOfUrl(""), "");
}

class SharedCases : public testing::Test {
 protected:
  void SetUp() override {
    if (!document_.has_value()) GTEST_SKIP() << NoSharedData(kFile);
  }

  static constexpr char kFile[] = "ssrf/ssrf.json";
  const std::optional<JsonDocument> document_ = SharedData(kFile);
};

TEST_F(SharedCases, EveryNetworkIsForbidden) {
  for (const JsonValue& item : document_->root().Find("cidrs")->items()) {
    const auto cidr = Cidr::Parse(item.Find("cidr")->string());
    ASSERT_TRUE(cidr.ok()) << cidr.status();
    EXPECT_FALSE(CheckAddress(Strict(), cidr->address.ToString()).ok()) << cidr->ToString();
  }
}

TEST_F(SharedCases, EveryAddressIsJudgedAsItSays) {
  for (const JsonValue& item : document_->root().Find("addresses")->items()) {
    const std::string address(item.Find("address")->string());
    EXPECT_EQ(CheckAddress(Strict(), address).ok(), !item.Find("blocked")->bool_value()) << address;
  }
}

TEST_F(SharedCases, EveryUrlIsJudgedAsItSays) {
  const UrlPolicy policy = Allowing({}, true, {8443});
  for (const JsonValue& item : document_->root().Find("urls")->items()) {
    const absl::string_view expect = item.Find("expect")->string();
    const bool passes = expect == "allow" || expect == "block_at_connect";
    const absl::string_view url = item.Find("url")->string();
    EXPECT_EQ(policy.CheckUrl(url).ok(), passes) << url << ": " << policy.CheckUrl(url);
  }
}

}  // namespace
}  // namespace herald
