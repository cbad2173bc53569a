// What happened in a simulation, a line each, for people who read a failing seed. Confined to one thread.

#ifndef HERALD_TESTS_SIM_TRACE_H_
#define HERALD_TESTS_SIM_TRACE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/fake_clock.h"

namespace herald {

class Trace {
 public:
  // One that is not kept costs next to nothing: a failing seed is run again with it.
  Trace(bool kept, const Clock& clock) : kept_(kept), clock_(clock) {}

  template <typename... Parts>
  void Add(const Parts&... parts) {
    if (kept_) lines_.push_back(absl::StrCat(Time(), "  ", parts...));
  }
  bool kept() const { return kept_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::string Time() const {
    const std::string wall = absl::FormatTime("%m-%d %H:%M:%E3S", clock_.Now(), absl::UTCTimeZone());
    return absl::StrCat(wall, " +", absl::ToInt64Milliseconds(clock_.Monotonic()), "ms");
  }

  const bool kept_;
  const Clock& clock_;
  std::vector<std::string> lines_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_TRACE_H_
