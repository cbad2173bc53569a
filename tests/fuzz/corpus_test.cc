// Runs every file of a fuzzer's corpus through it, so that what a fuzzer once found is tested in every build.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

TEST(Corpus, EveryFilePassesThroughTheFuzzer) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HERALD_FUZZ_CORPUS)) {
    SCOPED_TRACE(entry.path().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(content.data()), content.size()), 0);
    ++files;
  }
  EXPECT_GT(files, 0) << "no file in " << HERALD_FUZZ_CORPUS;
}

}  // namespace
