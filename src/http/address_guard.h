// Stands where libcurl opens sockets: whatever a name resolves to, a forbidden address is skipped and never dialled.
//
// One for each exchange, on its thread.

#ifndef HERALD_HTTP_ADDRESS_GUARD_H_
#define HERALD_HTTP_ADDRESS_GUARD_H_

#include <curl/curl.h>

#include <functional>
#include <string>
#include <utility>

#include "src/core/url_policy.h"

namespace herald {

class AddressGuard {
 public:
  // Told of each address that libcurl tries: the new socket, or CURL_SOCKET_BAD when there is none.
  using Opened = std::function<void(curl_socket_t)>;

  // `policy` must outlive it.
  AddressGuard(const UrlPolicy& policy, Opened opened) : policy_(policy), tell_(std::move(opened)) {}

  // CURLOPT_OPENSOCKETFUNCTION; `guard` is an AddressGuard.
  static curl_socket_t OpenSocket(void* guard, curlsocktype purpose, curl_sockaddr* address);

  // Whether addresses came and all of them were forbidden.
  bool blocked_all() const { return !opened_ && !why_.empty(); }
  // Of the first address that was refused: "127.0.0.1 is in 127.0.0.0/8 (loopback)".
  const std::string& why() const { return why_; }

 private:
  curl_socket_t Open(const curl_sockaddr& address);

  const UrlPolicy& policy_;
  const Opened tell_;
  bool opened_ = false;
  std::string why_;
};

}  // namespace herald

#endif  // HERALD_HTTP_ADDRESS_GUARD_H_
