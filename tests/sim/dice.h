// The choices of one simulation: the same for the same seed. Confined to one thread.

#ifndef HERALD_TESTS_SIM_DICE_H_
#define HERALD_TESTS_SIM_DICE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "src/base/random.h"

namespace herald {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  // 0 … count - 1.
  size_t Below(size_t count) { return static_cast<size_t>(random_.Next() % count); }
  int Between(int first, int last) { return first + static_cast<int>(Below(static_cast<size_t>(last - first) + 1)); }
  absl::Duration Between(absl::Duration first, absl::Duration last) {
    return first + absl::Microseconds(Below(static_cast<size_t>(absl::ToInt64Microseconds(last - first)) + 1));
  }
  bool Chance(int percent) { return Between(1, 100) <= percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }
  // An index, each as likely as its weight says; not all weights are 0.
  size_t Weighted(const std::vector<int>& weights) {
    int sum = 0;
    for (const int weight : weights) sum += weight;
    int left = Between(1, sum);
    for (size_t i = 0;; ++i) {
      left -= weights[i];
      if (left <= 0) return i;
    }
  }

 private:
  SeededRandom random_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_DICE_H_
