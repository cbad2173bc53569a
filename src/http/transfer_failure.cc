#include "src/http/transfer_failure.h"

#include <openssl/x509_vfy.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace herald {
namespace {

std::string OsSentence(int os_error, const char* otherwise) {
  if (os_error == EPIPE) os_error = ECONNRESET;  // the same, met when writing
  return os_error == 0 ? otherwise : absl::AsciiStrToLower(std::generic_category().message(os_error));
}

std::string CertificateSentence(long verify_result) {
  switch (verify_result) {
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:  // what libcurl leaves there when the chain is good and the name is not
      return "the certificate is for another host";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate is not valid yet";
    default:
      return absl::StrCat("the certificate is not trusted (", X509_verify_cert_error_string(verify_result), ")");
  }
}

}  // namespace

std::string TransferFailure::Sentence() const {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return absl::StrCat(connected ? "no complete answer within " : "no connection within ",
                          absl::ToDoubleSeconds(timeout), " s");
    case CURLE_COULDNT_RESOLVE_HOST:
      return "name not found";
    case CURLE_COULDNT_CONNECT:
      return OsSentence(os_error, "could not connect");
    case CURLE_PEER_FAILED_VERIFICATION:
      return CertificateSentence(verify_result);
    case CURLE_SSL_CONNECT_ERROR:
      return "the TLS handshake failed";
    case CURLE_SSL_CACERT_BADFILE:
      return "the file of trusted certificate authorities cannot be read";
    case CURLE_GOT_NOTHING:
      return "the connection was closed without an answer";
    case CURLE_PARTIAL_FILE:
      return "the connection was closed before the answer was complete";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return OsSentence(os_error, "the connection broke off");
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return "the HTTP/2 connection broke off";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return "the answer is not HTTP";
    case CURLE_OUT_OF_MEMORY:  // also of a line that is longer than libcurl takes, which is far more likely
      return "a header of the answer is too long";
    case CURLE_BAD_CONTENT_ENCODING:
      return "the answer cannot be decompressed";
    default:
      return absl::StrCat("libcurl says: ", absl::AsciiStrToLower(curl_easy_strerror(code)));
  }
}

}  // namespace herald
