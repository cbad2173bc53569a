#include "src/engine/watched_store.h"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/core/names.h"

namespace herald {
namespace {

using Changes = std::map<std::string, std::vector<Watchers::Change>>;  // by tenant

void Note(const EnqueueEvent& write, Changes& changes) {
  if (!write.status.ok()) return;
  for (const EnqueueEvent::Target& target : write.targets) {
    if (target.delivery == 0) continue;
    changes[write.tenant].push_back({target.delivery, WebhookName(target.webhook_id), v1::Delivery::PENDING});
  }
}

void Note(const std::optional<EnqueueEvent>& write, Changes& changes) {
  if (write.has_value()) Note(*write, changes);
}

void Note(const Write& write, Changes& changes) {
  if (const auto* enqueue = std::get_if<EnqueueEvent>(&write)) {
    Note(*enqueue, changes);
  } else if (const auto* settle = std::get_if<SettleDelivery>(&write); settle != nullptr && settle->status.ok()) {
    changes[settle->tenant].push_back({settle->claim.delivery, settle->result.webhook(), settle->state});
    Note(settle->event, changes);
  } else if (const auto* replace = std::get_if<ReplaceWebhook>(&write); replace != nullptr && replace->status.ok()) {
    Note(replace->event, changes);
  }
}

}  // namespace

absl::Status WatchedStore::Apply(WriteBatch& batch) {
  absl::Status status = inner().Apply(batch);
  if (!status.ok() || watchers_.empty()) return status;
  Changes changes;
  for (const Write& write : batch) Note(write, changes);
  for (const auto& [tenant, of_tenant] : changes) watchers_.Changed(tenant, of_tenant);
  return status;
}

}  // namespace herald
