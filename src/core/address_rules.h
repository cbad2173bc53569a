// Which addresses are on the public internet, and thus may receive webhooks.
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_ADDRESS_RULES_H_
#define HERALD_CORE_ADDRESS_RULES_H_

#include <optional>
#include <string>

#include "src/core/ip_address.h"

namespace herald {

// Why `address` may not be dialled: "127.0.0.1 is in 127.0.0.0/8 (loopback)". Nothing when it may.
std::optional<std::string> WhyForbidden(const IpAddress& address);

}  // namespace herald

#endif  // HERALD_CORE_ADDRESS_RULES_H_
