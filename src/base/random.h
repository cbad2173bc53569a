// Where Herald gets randomness from. Implementations are thread-safe.

#ifndef HERALD_BASE_RANDOM_H_
#define HERALD_BASE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "src/base/mutex.h"

namespace herald {

class Random {
 public:
  virtual ~Random() = default;
  // 64 bits, each 0 or 1 with equal chance.
  virtual uint64_t Next() = 0;
  // Uniform in [-1, 1].
  double NextSigned();
  // `size` bytes.
  std::string Bytes(size_t size);
};

// Unpredictable: from the operating system.
class SystemRandom final : public Random {
 public:
  uint64_t Next() override;
};

// The same numbers for the same seed.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  uint64_t Next() override;

 private:
  Mutex mutex_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_BASE_RANDOM_H_
