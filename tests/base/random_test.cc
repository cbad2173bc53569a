#include "src/base/random.h"

#include <gtest/gtest.h>

#include <string>

namespace herald {
namespace {

TEST(Random, BytesAreThoseOfItsNumbers) {
  SeededRandom numbers(1);
  const uint64_t words[] = {numbers.Next(), numbers.Next()};
  const std::string expected(reinterpret_cast<const char*>(words), sizeof(words));
  for (const size_t size : {size_t{0}, size_t{3}, size_t{8}, size_t{15}, size_t{16}}) {
    SeededRandom random(1);
    EXPECT_EQ(random.Bytes(size), expected.substr(0, size));
  }
}

TEST(Random, TheSystemNeverSaysTheSameTwice) {
  SystemRandom random;
  EXPECT_NE(random.Bytes(16), random.Bytes(16));
}

}  // namespace
}  // namespace herald
