#include "src/http/address_guard.h"

#include <sys/socket.h>

namespace herald {

curl_socket_t AddressGuard::OpenSocket(void* guard, curlsocktype /*purpose*/, curl_sockaddr* address) {
  if (!static_cast<AddressGuard*>(guard)->Allows(address->addr)) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool AddressGuard::Allows(const sockaddr& address) {
  const absl::Status status = policy_.CheckAddress(address);
  if (status.ok()) opened_ = true;
  if (!status.ok() && why_.empty()) why_ = std::string(status.message());
  return status.ok();
}

}  // namespace herald
