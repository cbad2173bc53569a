#include "tests/support/test_ca.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/check.h"

namespace herald {
namespace {

constexpr long kDay = 24 * 3600;

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

struct Validity {
  long from;
  long to;
};

Validity ValidityFor(TestCa::Flaw flaw) {
  switch (flaw) {
    case TestCa::Flaw::kExpired:
      return {-2 * kDay, -kDay};
    case TestCa::Flaw::kNotYetValid:
      return {kDay, 2 * kDay};
    case TestCa::Flaw::kNone:
    case TestCa::Flaw::kSelfSigned:
      break;
  }
  return {-kDay, kDay};
}

KeyPtr MakeKey() {
  KeyPtr key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  TestCheck(key != nullptr, "cannot make a key");
  return key;
}

CertificatePtr MakeCertificate(EVP_PKEY* key, const std::string& common_name, const Validity& validity) {
  CertificatePtr certificate(X509_new(), &X509_free);
  TestCheck(certificate != nullptr, "cannot make a certificate");
  uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.to);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  return certificate;
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  TestCheck(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "cannot add an extension");
  X509_EXTENSION_free(extension);
}

void Sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  TestCheck(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "cannot sign a certificate");
}

std::string TakeText(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string ToPem(X509* certificate) {
  BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  TestCheck(PEM_write_bio_X509(bio.get(), certificate) == 1, "cannot write a certificate");
  return TakeText(bio.get());
}

std::string ToPem(EVP_PKEY* key) {
  BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  TestCheck(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "cannot write a key");
  return TakeText(bio.get());
}

bool IsAddress(const std::string& host) {
  unsigned char buffer[16];
  return inet_pton(AF_INET, host.c_str(), buffer) == 1 || inet_pton(AF_INET6, host.c_str(), buffer) == 1;
}

std::string AlternativeNames(const std::vector<std::string>& hosts) {
  return absl::StrJoin(hosts, ",", [](std::string* out, const std::string& host) {
    absl::StrAppend(out, IsAddress(host) ? "IP:" : "DNS:", host);
  });
}

}  // namespace

TestCa::TestCa()
    : key_(MakeKey()),
      // A name of its own: one authority of two is not found by the certificates of the other.
      certificate_(MakeCertificate(
          key_.get(), absl::StrCat("Herald test CA ", directory_.path().substr(directory_.path().size() - 6)),
          {-3 * kDay, 3 * kDay})) {
  AddExtension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  Sign(certificate_.get(), certificate_.get(), key_.get());
  ca_file_ = WriteFile("ca.pem", ToPem(certificate_.get()));
}

std::string TestCa::WriteFile(const std::string& name, absl::string_view text) const {
  std::string path = directory_.File(name);
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  TestCheck(!file.fail(), "cannot write a file");
  return path;
}

TestCertificate TestCa::Issue(const std::vector<std::string>& hosts, Flaw flaw) const {
  TestCheck(!hosts.empty(), "a certificate needs a host");
  KeyPtr key = MakeKey();
  CertificatePtr certificate = MakeCertificate(key.get(), hosts[0], ValidityFor(flaw));
  AddExtension(certificate.get(), NID_subject_alt_name, AlternativeNames(hosts));
  if (flaw == Flaw::kSelfSigned) {
    Sign(certificate.get(), certificate.get(), key.get());
  } else {
    Sign(certificate.get(), certificate_.get(), key_.get());
  }
  return {ToPem(certificate.get()), ToPem(key.get())};
}

}  // namespace herald
