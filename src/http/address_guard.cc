#include "src/http/address_guard.h"

#include <sys/socket.h>

namespace herald {

curl_socket_t AddressGuard::OpenSocket(void* guard, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto* self = static_cast<AddressGuard*>(guard);
  const curl_socket_t socket = self->Open(*address);
  self->tell_(socket);
  return socket;
}

curl_socket_t AddressGuard::Open(const curl_sockaddr& address) {
  const absl::Status status = policy_.CheckAddress(address.addr);
  if (!status.ok()) {
    if (why_.empty()) why_ = std::string(status.message());
    return CURL_SOCKET_BAD;
  }
  opened_ = true;
  return socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

}  // namespace herald
