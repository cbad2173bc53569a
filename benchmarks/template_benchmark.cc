// Rendering the body template of each example for the sample access request, and compiling it.

#include <benchmark/benchmark.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "benchmarks/sample_access_request.h"
#include "herald/v1/webhook.pb.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

void Compiles(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    const auto compiled = Template::Compile(text, TemplateDialect::kJson, DefaultLimits());
    if (!compiled.ok()) return state.SkipWithError("does not compile");
  }
}

void Renders(benchmark::State& state, const std::string& text) {
  const auto compiled = Template::Compile(text, TemplateDialect::kJson, DefaultLimits());
  if (!compiled.ok()) return state.SkipWithError("does not compile");
  Template::Secrets secrets;
  for (const std::string& name : compiled->secret_names()) secrets[name] = "a-secret";
  const std::string event = SampleAccessRequest();
  const auto document = JsonDocument::Parse(event);
  size_t bytes = 0;
  for (auto _ : state) {
    const auto body = compiled->Render(document->root(), secrets);
    if (!body.ok()) return state.SkipWithError("does not render");
    bytes += body->size();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}

std::string TemplateOf(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  v1::Webhook webhook;
  const bool read = google::protobuf::util::JsonStringToMessage(text.str(), &webhook).ok();
  return read ? webhook.body_template() : "";
}

// Run from the repository's root, where the examples are.
bool RegisterExamples() {
  std::vector<std::filesystem::path> folders;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("examples", error)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const std::filesystem::path& folder : folders) {
    const std::string text = TemplateOf(folder / "webhook.json");
    if (text.empty()) continue;
    const std::string name = folder.filename().string();
    benchmark::RegisterBenchmark(("BM_Render/" + name).c_str(), Renders, text);
    benchmark::RegisterBenchmark(("BM_Compile/" + name).c_str(), Compiles, text);
  }
  return true;
}

const bool kRegistered = RegisterExamples();

}  // namespace
}  // namespace herald
