// Names that only this test program knows: it has a getaddrinfo of its own, which libcurl calls. Thread-safe.

#ifndef HERALD_TESTS_HTTP_NAMES_H_
#define HERALD_TESTS_HTTP_NAMES_H_

#include <string>
#include <vector>

namespace herald {

// From now on `name` has these addresses, in this order; none: it is not found. Other names are looked up as ever.
void SetAddressesOf(const std::string& name, std::vector<std::string> addresses);

// From now on a look-up of `name` does not return until ReleaseName.
void HoldName(const std::string& name);
void ReleaseName(const std::string& name);
// Waits until somebody looks up `name`, which is held.
void WaitUntilLookedUp(const std::string& name);

}  // namespace herald

#endif  // HERALD_TESTS_HTTP_NAMES_H_
