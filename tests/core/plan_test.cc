#include "src/core/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

WebhookPtr Make(const std::string& id, const std::vector<std::string>& triggers,
                const std::vector<v1::Filter>& filters = {}, v1::Webhook::State state = v1::Webhook::ACTIVE) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_name("webhooks/" + id);
  webhook.set_state(state);
  webhook.clear_triggers();
  for (const std::string& trigger : triggers) webhook.add_triggers(trigger);
  for (const v1::Filter& filter : filters) *webhook.add_filters() = filter;
  return Compiled(webhook);
}

std::vector<std::string> Names(const std::vector<const CompiledWebhook*>& webhooks) {
  std::vector<std::string> names;
  names.reserve(webhooks.size());
  for (const CompiledWebhook* webhook : webhooks) names.push_back(webhook->webhook().name().substr(9));
  return names;
}

TEST(WebhookIndex, FindsEveryWebhookWithATriggerOnceById) {
  const WebhookIndex index({
      Make("star", {"*"}),
      Make("both", {"invoice.*", "invoice.paid", "*"}),
      Make("exact", {"invoice.paid"}),
      Make("prefix", {"invoice.*"}),
      Make("deep", {"invoice.paid.*"}),
      Make("own", {"herald.*"}),
      Make("inactive", {"*", "invoice.paid"}, {}, v1::Webhook::INACTIVE),
  });
  const struct {
    const char* type;
    std::vector<std::string> names;
  } kCases[] = {
      {"invoice.paid", {"both", "exact", "prefix", "star"}},
      {"invoice.paid.late", {"both", "deep", "prefix", "star"}},
      {"invoice.", {"both", "prefix", "star"}},
      {"invoice", {"both", "star"}},
      {"invoices.paid", {"both", "star"}},
      {"Invoice.paid", {"both", "star"}},
      {"herald.webhook.disabled", {"own"}},
      {"heraldry", {"both", "star"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Names(index.Candidates(c.type)), c.names) << c.type;
  EXPECT_EQ(index.webhooks().size(), 7u);
  EXPECT_EQ(index.webhooks().front()->webhook().name(), "webhooks/both");
}

TEST(WebhookIndex, OfNothingFindsNothing) { EXPECT_THAT(WebhookIndex({}).Candidates("x"), IsEmpty()); }

TEST(WebhookIndex, PlansThoseWhoseFiltersAllHold) {
  const WebhookIndex index({
      Make("prod", {"x"}, {MakeFilter("$.data.env", "prod")}),
      Make("stage", {"x"}, {MakeFilter("$.data.env", "stage")}),
      Make("prod-eu", {"x"}, {MakeFilter("$.data.env", "prod"), MakeFilter("$.data.region", "eu")}),
      Make("all", {"x"}),
      Make("other", {"y"}),
  });
  const JsonDocument document = JsonDocument::Parse(R"({"data":{"env":"prod","region":"us"}})").value();
  EXPECT_THAT(Names(index.Plan("x", document.root())), ElementsAre("all", "prod"));
}

std::vector<std::string> Verdicts(const Explanation& explanation) {
  std::vector<std::string> lines;
  for (const v1::Verdict& verdict : explanation.verdicts) {
    std::string line = verdict.rule() + (verdict.passed() ? " yes" : " no");
    for (const std::string& value : verdict.values()) line += " <" + value + ">";
    lines.push_back(line);
  }
  return lines;
}

TEST(Explain, TellsWhatEveryRuleSaw) {
  const WebhookPtr webhook =
      Make("a", {"RequestCreated", "invoice.*"}, {MakeFilter("$.data.env", "prod"), MakeFilter("$.data.tags[*]", "b")});
  const JsonDocument document = JsonDocument::Parse(R"({"data":{"env":"stage","tags":["a","b"]}})").value();
  const Explanation explanation = Explain(*webhook, "RequestCreated", document.root());
  EXPECT_FALSE(explanation.would_fire);
  EXPECT_THAT(Verdicts(explanation), ElementsAre("state yes <ACTIVE>", "triggers yes <RequestCreated>",
                                                 "filters[0] no <stage>", "filters[1] yes <a> <b>"));
  EXPECT_EQ(explanation.verdicts[0].message(), "the webhook is ACTIVE");
  EXPECT_EQ(explanation.verdicts[1].message(), "the trigger RequestCreated takes RequestCreated");
  EXPECT_EQ(explanation.verdicts[2].message(), R"($.data.env is "stage", not one of "prod")");
}

TEST(Explain, SaysWhyAWebhookDoesNotFire) {
  const JsonDocument document = JsonDocument::Parse("{}").value();
  const Explanation explanation =
      Explain(*Make("a", {"x", "invoice.*"}, {}, v1::Webhook::INACTIVE), "RequestCreated", document.root());
  EXPECT_FALSE(explanation.would_fire);
  EXPECT_THAT(Verdicts(explanation), ElementsAre("state no <INACTIVE>", "triggers no <RequestCreated>"));
  EXPECT_EQ(explanation.verdicts[0].message(), "the webhook is INACTIVE: events make no deliveries");
  EXPECT_EQ(explanation.verdicts[1].message(), "no trigger takes RequestCreated; there are x, invoice.*");
}

TEST(Explain, AgreesWithThePlan) {
  const JsonDocument document = JsonDocument::Parse(R"({"data":{"env":"prod"}})").value();
  const std::vector<WebhookPtr> webhooks = {Make("a", {"*"}), Make("b", {"x.*"}, {MakeFilter("$.data.env", "prod")}),
                                            Make("c", {"x.y"}, {MakeFilter("$.data.env", "stage")}),
                                            Make("d", {"x.y"}, {}, v1::Webhook::INACTIVE), Make("e", {"herald.*"})};
  const WebhookIndex index(webhooks);
  for (const char* type : {"x.y", "x", "herald.x"}) {
    std::vector<std::string> firing;
    for (const WebhookPtr& webhook : webhooks) {
      if (Explain(*webhook, type, document.root()).would_fire) firing.push_back(webhook->webhook().name().substr(9));
    }
    EXPECT_EQ(Names(index.Plan(type, document.root())), firing) << type;
  }
}

}  // namespace
}  // namespace herald
