// What tests of the dispatcher have in common. Confined to one thread.

#ifndef HERALD_TESTS_ENGINE_DISPATCHER_FIXTURE_H_
#define HERALD_TESTS_ENGINE_DISPATCHER_FIXTURE_H_

#include <string>

#include "src/core/url_policy.h"
#include "tests/engine/engine_fixture.h"

namespace herald {

class DispatcherTest : public EngineTest {
 protected:
  int SentTo(const std::string& id) const {
    int count = 0;
    for (const HttpRequest& request : sender_.sent) count += HostOfUrl(request.url) == id + ".example.com" ? 1 : 0;
    return count;
  }
  static std::string Header(const HttpRequest& request, const std::string& name) {
    for (const auto& [header, value] : request.headers) {
      if (header == name) return value;
    }
    return "";
  }
};

}  // namespace herald

#endif  // HERALD_TESTS_ENGINE_DISPATCHER_FIXTURE_H_
