// Judges every address at the moment its socket would be opened, for libcurl (CURLOPT_OPENSOCKETFUNCTION): that alone
// is safe against names that change their mind. A forbidden address is skipped; no packet goes to it.
//
// Confined to the thread that runs the transfer.

#ifndef HERALD_HTTP_ADDRESS_GUARD_H_
#define HERALD_HTTP_ADDRESS_GUARD_H_

#include <curl/curl.h>

#include <string>

#include "src/core/url_policy.h"

namespace herald {

class AddressGuard {
 public:
  explicit AddressGuard(const UrlPolicy& policy) : policy_(policy) {}

  // Forgets what came before: another transfer begins.
  void Reset() {
    opened_ = 0;
    why_.clear();
  }

  // A new socket for `address`, or CURL_SOCKET_BAD when it is forbidden or there is none to be had.
  curl_socket_t Open(const curl_sockaddr& address);

  // Whether every address that came was forbidden.
  bool blocked() const { return opened_ == 0 && !why_.empty(); }
  // Why the last forbidden address was: "127.0.0.1 is in 127.0.0.0/8 (loopback)".
  const std::string& why() const { return why_; }

 private:
  const UrlPolicy& policy_;
  int opened_ = 0;
  std::string why_;
};

}  // namespace herald

#endif  // HERALD_HTTP_ADDRESS_GUARD_H_
