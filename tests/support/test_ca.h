// A certificate authority of a test's own, made when the test runs: no private key is ever in the repository.
//
// Thread rule: const calls only.

#ifndef HERALD_TESTS_SUPPORT_TEST_CA_H_
#define HERALD_TESTS_SUPPORT_TEST_CA_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/temp_dir.h"

namespace herald {

// A server's certificate and its key, as PEM texts.
struct TestCertificate {
  std::string certificate;
  std::string private_key;
};

class TestCa {
 public:
  enum class Flaw { kNone, kExpired, kNotYetValid, kSelfSigned };

  TestCa();

  // The authority's certificate as a PEM file, for --ca_file. Removed with this object.
  const std::string& ca_file() const { return ca_file_; }

  // A certificate for `hosts`: DNS names or IP addresses.
  TestCertificate Issue(const std::vector<std::string>& hosts, Flaw flaw = Flaw::kNone) const;

  // Writes `text` to a file beside ca_file(), for servers in other processes, and returns its path.
  std::string WriteFile(const std::string& name, absl::string_view text) const;

 private:
  TempDir directory_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
  std::string ca_file_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_TEST_CA_H_
