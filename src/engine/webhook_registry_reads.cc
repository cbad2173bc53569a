// What the registry reads again from the store, and what people read of the webhooks.

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "src/base/log.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/redact.h"
#include "src/core/warnings.h"
#include "src/engine/page_token.h"
#include "src/engine/webhook_registry.h"

namespace herald {
namespace {

// Counting more would take a reader longer than it is worth.
constexpr int64_t kBacklogCountMax = 100'000;

bool Shows(const v1::Webhook& webhook, const v1::ListWebhooksRequest& request) {
  if (request.state() != v1::Webhook::STATE_UNSPECIFIED && webhook.state() != request.state()) return false;
  if (!request.trigger().empty() &&
      std::find(webhook.triggers().begin(), webhook.triggers().end(), request.trigger()) == webhook.triggers().end()) {
    return false;
  }
  return std::all_of(request.labels().begin(), request.labels().end(), [&](const auto& label) {
    const auto found = webhook.labels().find(label.first);
    return found != webhook.labels().end() && found->second == label.second;
  });
}

}  // namespace

v1::Webhook WebhookRegistry::Shown(const std::string& tenant, const v1::Webhook& webhook) const {
  v1::Webhook shown = Masked(webhook);
  AddTriggerWarnings(*event_types_.Known(tenant), shown);
  *shown.mutable_health() = health_.Get(webhook.uid());
  return shown;
}

absl::StatusOr<v1::Webhook> WebhookRegistry::Get(const std::string& tenant, const std::string& name) const {
  HERALD_ASSIGN_OR_RETURN(const WebhookPtr webhook, Find(tenant, name, "name"));
  v1::Webhook shown = Shown(tenant, webhook->webhook());
  HERALD_ASSIGN_OR_RETURN(const int64_t backlog,
                          store_->CountOpenDeliveries(tenant, webhook->webhook().uid(), kBacklogCountMax));
  shown.mutable_health()->set_backlog(backlog);
  return shown;
}

absl::StatusOr<v1::ListWebhooksResponse> WebhookRegistry::List(const std::string& tenant,
                                                               const v1::ListWebhooksRequest& request) const {
  FieldViolations violations;
  const int page_size = PageSize(request.page_size(), limits_.page_size_max(), violations);
  const std::optional<std::string> after = ParsePageToken(request, violations);
  if (!v1::Webhook::State_IsValid(request.state())) {
    violations.Add("state",
                   absl::StrCat(static_cast<int>(request.state()), " is no state; use ACTIVE, INACTIVE or DISABLED"));
  }
  if (!violations.empty()) return violations.ToStatus();
  v1::ListWebhooksResponse response;
  size_t bytes = 0;
  std::string last;
  bool more = false;
  const std::shared_ptr<const WebhookIndex> index = Index(tenant);
  for (const WebhookPtr& webhook : index->webhooks()) {
    if (!Shows(webhook->webhook(), request)) continue;
    response.set_total_size(response.total_size() + 1);
    const std::string id = webhook->webhook().name().substr(sizeof("webhooks/") - 1);
    if (id <= *after || more) continue;
    if (response.webhooks_size() == page_size || bytes > kPageBytesMax) {
      more = true;
      continue;
    }
    *response.add_webhooks() = Shown(tenant, webhook->webhook());
    bytes += webhook->webhook().ByteSizeLong();
    last = id;
  }
  if (more) response.set_next_page_token(MakePageToken(request, last));
  return response;
}

void WebhookRegistry::CatchUp(const absl::Status& change) {
  if (ReasonOf(change) == v1::OUTCOME_UNKNOWN) behind_ = true;
  if (!behind_ || store_ == nullptr) return;
  const absl::Status read = ReadAgain();
  behind_ = !read.ok();
  if (behind_) log::Error("the webhooks cannot be read again", {{"reason", read.message()}});
}

absl::Status WebhookRegistry::ReadAgain() {
  HERALD_ASSIGN_OR_RETURN(const std::vector<StoredWebhook> stored, store_->LoadWebhooks());
  absl::flat_hash_set<std::string> uids;
  for (const StoredWebhook& one : stored) uids.insert(one.webhook.uid());
  std::vector<std::pair<std::string, std::string>> gone;  // tenant, id
  {
    MutexLock lock(mutex_);
    for (const auto& [tenant, webhooks] : tenants_) {
      for (const auto& [id, webhook] : webhooks.by_id) {
        if (!uids.contains(webhook->webhook().uid())) gone.emplace_back(tenant, id);
      }
    }
  }
  for (const auto& [tenant, id] : gone) Remove(tenant, id);
  for (const StoredWebhook& one : stored) {
    const WebhookPtr known = FindByUid(one.tenant, one.webhook.uid());
    if (known == nullptr || known->webhook().etag() != one.webhook.etag()) {
      Put(one.tenant, CompiledOrInert(one.webhook));
    }
  }
  return absl::OkStatus();
}

}  // namespace herald
