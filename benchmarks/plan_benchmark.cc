// Planning the sample access request over 10,000 webhooks: three match; the others have other triggers, or the same
// trigger and a filter that says no.

#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmarks/sample_access_request.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/plan.h"
#include "src/core/validate.h"

namespace herald {
namespace {

constexpr int kWebhooks = 10'000;
constexpr int kMatching = 3;
constexpr char kType[] = "RequestCreated";

WebhookPtr Compile(int number, const std::string& trigger, const char* requester) {
  v1::Webhook webhook;
  webhook.set_name(absl::StrCat("webhooks/wh-", number));
  webhook.set_url(absl::StrCat("https://hooks.example.com/", number));
  webhook.add_triggers(trigger);
  v1::Filter& filter = *webhook.add_filters();
  filter.set_path("$.data.requester.id");
  filter.add_values(requester);
  FieldViolations violations;
  return CompiledWebhook::Compile(WithDefaults(std::move(webhook)), DefaultLimits(), UrlPolicy(UrlAllowances{}),
                                  "webhook", violations);
}

// `sharing` of those that do not match have the event's trigger.
WebhookIndex MakeIndex(int sharing) {
  std::vector<WebhookPtr> webhooks;
  webhooks.reserve(kWebhooks);
  for (int i = 0; i < kWebhooks; ++i) {
    const bool shares = i < kMatching + sharing;
    webhooks.push_back(
        Compile(i, shares ? kType : absl::StrCat("invoice.", i), i < kMatching ? "user-7" : "somebody-else"));
  }
  return WebhookIndex(std::move(webhooks));
}

void BM_Plan(benchmark::State& state) {
  const WebhookIndex index = MakeIndex(static_cast<int>(state.range(0)));
  const std::string text = SampleAccessRequest();
  const auto document = JsonDocument::Parse(text);
  for (auto _ : state) {
    const std::vector<const CompiledWebhook*> planned = index.Plan(kType, document->root());
    if (planned.size() != kMatching) state.SkipWithError("planned others than those that match");
    benchmark::DoNotOptimize(planned.data());
  }
  state.SetLabel(absl::StrCat(state.range(0), " others share the trigger"));
}
BENCHMARK(BM_Plan)->Arg(0)->Arg(100)->Arg(kWebhooks - kMatching);

}  // namespace
}  // namespace herald
