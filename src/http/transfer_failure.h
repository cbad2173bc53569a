// What went wrong in an exchange, in words that a person can act on.

#ifndef HERALD_HTTP_TRANSFER_FAILURE_H_
#define HERALD_HTTP_TRANSFER_FAILURE_H_

#include <curl/curl.h>

#include <string>

#include "absl/time/time.h"

namespace herald {

// What libcurl knows of a failure.
struct TransferFailure {
  CURLcode code = CURLE_OK;
  int os_error = 0;
  long verify_result = 0;  // OpenSSL's, of the receiver's certificate
  absl::Duration timeout;
  bool connected = false;

  // "connection refused", "the certificate has expired".
  std::string Sentence() const;
};

}  // namespace herald

#endif  // HERALD_HTTP_TRANSFER_FAILURE_H_
