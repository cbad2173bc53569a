// Which webhooks an event goes to, and why not to the others.
//
// A WebhookIndex is an immutable set of compiled webhooks: exact triggers are found by hash, prefixes by the event
// type's own dots, so that webhooks on other triggers cost nothing. Thread rule: const calls only.

#ifndef HERALD_CORE_PLAN_H_
#define HERALD_CORE_PLAN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "herald/v1/verdict.pb.h"
#include "src/base/json.h"
#include "src/core/compiled_webhook.h"

namespace herald {

using WebhookPtr = std::shared_ptr<const CompiledWebhook>;

class WebhookIndex {
 public:
  // By id (the part of name after "webhooks/"), each once.
  explicit WebhookIndex(std::vector<WebhookPtr> webhooks);

  // All, by id.
  const std::vector<WebhookPtr>& webhooks() const { return webhooks_; }

  // ACTIVE and DISABLED webhooks with a trigger for `event_type`, each once, by id.
  std::vector<const CompiledWebhook*> Candidates(absl::string_view event_type) const;

  // Of those, the ones whose filters all hold for `document`.
  std::vector<const CompiledWebhook*> Plan(absl::string_view event_type, const JsonValue& document) const;

 private:
  std::vector<WebhookPtr> webhooks_;
  absl::flat_hash_map<std::string, std::vector<size_t>> exact_;
  absl::flat_hash_map<std::string, std::vector<size_t>> prefixes_;  // "invoice." -> webhooks
  std::vector<size_t> all_;                                         // "*"
};

// Whether a webhook takes an event, its state aside. One that is inert matches all: ask for its state first.
bool MatchesTriggers(const CompiledWebhook& webhook, absl::string_view event_type);
bool MatchesFilters(const CompiledWebhook& webhook, const JsonValue& document);

struct Explanation {
  bool would_fire = false;
  std::vector<v1::Verdict> verdicts;  // state, triggers, filters[n]
};
Explanation Explain(const CompiledWebhook& webhook, absl::string_view event_type, const JsonValue& document);

}  // namespace herald

#endif  // HERALD_CORE_PLAN_H_
