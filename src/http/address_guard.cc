#include "src/http/address_guard.h"

#include <sys/socket.h>

namespace herald {

curl_socket_t AddressGuard::Open(const curl_sockaddr& address) {
  const absl::Status allowed = policy_.CheckAddress(address.addr);
  if (!allowed.ok()) {
    why_ = std::string(allowed.message());
    return CURL_SOCKET_BAD;
  }
  const int fd = socket(address.family, address.socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  ++opened_;
  return fd;
}

}  // namespace herald
