#include "src/core/plan.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "src/base/utf8.h"
#include "src/core/trigger.h"

namespace herald {
namespace {

bool ById(const WebhookPtr& a, const WebhookPtr& b) { return a->webhook().name() < b->webhook().name(); }

// Those that Herald disabled get what comes meanwhile when they are mended.
bool TakesEvents(const v1::Webhook& webhook) {
  return webhook.state() == v1::Webhook::ACTIVE || webhook.state() == v1::Webhook::DISABLED;
}

v1::Verdict StateVerdict(const v1::Webhook& webhook) {
  v1::Verdict verdict;
  verdict.set_rule("state");
  verdict.set_passed(TakesEvents(webhook));
  verdict.add_values(v1::Webhook::State_Name(webhook.state()));
  if (webhook.state() == v1::Webhook::DISABLED) {
    verdict.set_message("the webhook is DISABLED: deliveries are held until it is ACTIVE again");
  } else {
    verdict.set_message(verdict.passed() ? "the webhook is ACTIVE"
                                         : "the webhook is INACTIVE: events make no deliveries");
  }
  return verdict;
}

v1::Verdict TriggersVerdict(const v1::Webhook& webhook, absl::string_view event_type) {
  constexpr size_t kTriggersBytesMax = 256;
  const auto matching = absl::c_find_if(webhook.triggers(),
                                        [&](absl::string_view trigger) { return TriggerMatches(trigger, event_type); });
  v1::Verdict verdict;
  verdict.set_rule("triggers");
  verdict.set_passed(matching != webhook.triggers().end());
  verdict.add_values(std::string(event_type));
  verdict.set_message(verdict.passed()
                          ? absl::StrCat("the trigger ", *matching, " takes ", event_type)
                          : absl::StrCat("no trigger takes ", event_type, "; there are ",
                                         Shortened(absl::StrJoin(webhook.triggers(), ", "), kTriggersBytesMax)));
  return verdict;
}

v1::Verdict FilterVerdict(const Condition& filter, int index, const JsonValue& document) {
  Condition::Explanation explanation = filter.Explain(document);
  v1::Verdict verdict;
  verdict.set_rule(FieldOfIndex("filters", index));
  verdict.set_passed(explanation.holds);
  for (std::string& value : explanation.seen) verdict.add_values(std::move(value));
  verdict.set_message(std::move(explanation.message));
  return verdict;
}

}  // namespace

WebhookIndex::WebhookIndex(std::vector<WebhookPtr> webhooks) : webhooks_(std::move(webhooks)) {
  std::sort(webhooks_.begin(), webhooks_.end(), ById);
  for (size_t i = 0; i < webhooks_.size(); ++i) {
    const v1::Webhook& webhook = webhooks_[i]->webhook();
    if (!TakesEvents(webhook)) continue;
    for (absl::string_view trigger : webhook.triggers()) {
      if (trigger == "*") {
        all_.push_back(i);
      } else if (absl::ConsumeSuffix(&trigger, "*")) {
        prefixes_[trigger].push_back(i);
      } else {
        exact_[trigger].push_back(i);
      }
    }
  }
}

std::vector<const CompiledWebhook*> WebhookIndex::Candidates(absl::string_view event_type) const {
  std::vector<size_t> found;
  const auto add = [&found](const auto& map, absl::string_view key) {
    const auto entry = map.find(key);
    if (entry != map.end()) found.insert(found.end(), entry->second.begin(), entry->second.end());
  };
  add(exact_, event_type);
  for (size_t dot = event_type.find('.'); dot != absl::string_view::npos; dot = event_type.find('.', dot + 1)) {
    add(prefixes_, event_type.substr(0, dot + 1));
  }
  if (!IsOwnEventType(event_type)) found.insert(found.end(), all_.begin(), all_.end());
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<const CompiledWebhook*> candidates;
  candidates.reserve(found.size());
  for (const size_t i : found) candidates.push_back(webhooks_[i].get());
  return candidates;
}

std::vector<const CompiledWebhook*> WebhookIndex::Plan(absl::string_view event_type, const JsonValue& document) const {
  std::vector<const CompiledWebhook*> planned = Candidates(event_type);
  planned.erase(std::remove_if(planned.begin(), planned.end(),
                               [&](const CompiledWebhook* webhook) { return !MatchesFilters(*webhook, document); }),
                planned.end());
  return planned;
}

bool MatchesTriggers(const CompiledWebhook& webhook, absl::string_view event_type) {
  return absl::c_any_of(webhook.webhook().triggers(),
                        [&](absl::string_view trigger) { return TriggerMatches(trigger, event_type); });
}

bool MatchesFilters(const CompiledWebhook& webhook, const JsonValue& document) {
  return absl::c_all_of(webhook.filters(), [&](const Condition& filter) { return filter.Match(document); });
}

Explanation Explain(const CompiledWebhook& webhook, absl::string_view event_type, const JsonValue& document) {
  Explanation explanation;
  explanation.verdicts = {StateVerdict(webhook.webhook()), TriggersVerdict(webhook.webhook(), event_type)};
  int index = 0;
  for (const Condition& filter : webhook.filters()) {
    explanation.verdicts.push_back(FilterVerdict(filter, index++, document));
  }
  explanation.would_fire = absl::c_all_of(explanation.verdicts, [](const v1::Verdict& v) { return v.passed(); });
  return explanation;
}

}  // namespace herald
