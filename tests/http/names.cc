#include "tests/http/names.h"

#include <dlfcn.h>
#include <netdb.h>

#include <map>
#include <optional>
#include <set>

#include "src/base/mutex.h"

namespace herald {
namespace {

using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

struct Names {
  Mutex mutex;
  CondVar changed;
  std::map<std::string, std::vector<std::string>> addresses ABSL_GUARDED_BY(mutex);
  std::set<std::string> held ABSL_GUARDED_BY(mutex);
  std::set<std::string> looked_up ABSL_GUARDED_BY(mutex);
};

// Never destroyed: libcurl's resolver threads may outlive main.
Names& TheNames() {
  static auto& names = *new Names;
  return names;
}

int RealLookup(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  static const auto real = reinterpret_cast<Lookup>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, result);
}

std::optional<std::vector<std::string>> AddressesOf(const std::string& name) {
  Names& names = TheNames();
  MutexLock lock(names.mutex);
  names.looked_up.insert(name);
  names.changed.NotifyAll();
  while (names.held.contains(name)) names.changed.Wait(names.mutex);
  const auto found = names.addresses.find(name);
  if (found == names.addresses.end()) return std::nullopt;
  return found->second;
}

// One list of all addresses; glibc frees it node by node.
int LookUpAll(const std::vector<std::string>& addresses, const char* service, const addrinfo* hints,
              addrinfo** result) {
  addrinfo** end = result;
  *result = nullptr;
  for (const std::string& address : addresses) {
    const int error = RealLookup(address.c_str(), service, hints, end);
    if (error != 0) return error;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return *result == nullptr ? EAI_NONAME : 0;
}

}  // namespace

void SetAddressesOf(const std::string& name, std::vector<std::string> addresses) {
  MutexLock lock(TheNames().mutex);
  TheNames().addresses[name] = std::move(addresses);
}

void HoldName(const std::string& name) {
  MutexLock lock(TheNames().mutex);
  TheNames().held.insert(name);
}

void ReleaseName(const std::string& name) {
  MutexLock lock(TheNames().mutex);
  TheNames().held.erase(name);
  TheNames().changed.NotifyAll();
}

void WaitUntilLookedUp(const std::string& name) {
  Names& names = TheNames();
  MutexLock lock(names.mutex);
  while (!names.looked_up.contains(name)) names.changed.Wait(names.mutex);
}

}  // namespace herald

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library has reserved ones
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  if (node == nullptr) return herald::RealLookup(node, service, hints, result);
  const auto addresses = herald::AddressesOf(node);
  if (!addresses.has_value()) return herald::RealLookup(node, service, hints, result);
  return herald::LookUpAll(*addresses, service, hints, result);
}
