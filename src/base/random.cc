#include "src/base/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

namespace herald {

double Random::NextSigned() {
  constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53
  return 2.0 * static_cast<double>(Next() >> 11) * kScale - 1.0;
}

std::string Random::Bytes(size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    const uint64_t word = Next();
    bytes.append(reinterpret_cast<const char*>(&word), std::min(sizeof(word), size - bytes.size()));
  }
  return bytes;
}

uint64_t SystemRandom::Next() {
  uint64_t bits = 0;
  // Without randomness nothing here may go on.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&bits), sizeof(bits)) != 1) std::abort();
  return bits;
}

uint64_t SeededRandom::Next() {
  MutexLock lock(mutex_);
  return engine_();
}

}  // namespace herald
