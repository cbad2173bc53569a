#include "src/engine/webhook_registry.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/id.h"
#include "src/base/log.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/field_mask.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/redact.h"
#include "src/core/validate.h"
#include "src/engine/page_token.h"

namespace herald {
namespace {

// How often an update whose caller named no etag is tried again when another change came between.
constexpr int kUpdateTries = 5;

std::string IdOf(const v1::Webhook& webhook) { return webhook.name().substr(sizeof("webhooks/") - 1); }

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, v1::WEBHOOK_NOT_FOUND,
                   absl::StrCat("there is no webhook \"", name, "\""));
}

absl::Status EtagMismatch() {
  return MakeError(absl::StatusCode::kAborted, v1::ETAG_MISMATCH,
                   "the webhook has changed since it was read; read it again, then repeat the change");
}

absl::StatusOr<WebhookPtr> CompiledOrWhyNot(v1::Webhook webhook, const v1::Limits& limits, const UrlPolicy& policy,
                                            FieldViolations& violations) {
  WebhookPtr compiled =
      CompiledWebhook::Compile(WithDefaults(std::move(webhook)), limits, policy, "webhook", violations);
  if (!violations.empty()) return violations.ToStatus();
  return compiled;
}

// What an unsaved webhook may leave out when it is only tried.
v1::Webhook Triable(v1::Webhook webhook) {
  if (webhook.display_name().empty()) webhook.set_display_name("unsaved");
  if (webhook.triggers().empty()) webhook.add_triggers("*");
  return webhook;
}

// Whether nothing that people set differs.
bool SaysTheSame(v1::Webhook a, v1::Webhook b) {
  for (v1::Webhook* const one : {&a, &b}) {
    one->clear_etag();
    one->clear_update_time();
    one->clear_warnings();
  }
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

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

std::string WebhookRegistry::NewId(absl::string_view prefix) const {
  return absl::StrCat(prefix, EncodeId(random_.Next()));
}

absl::Status WebhookRegistry::Load(Store& store) {
  HERALD_ASSIGN_OR_RETURN(const std::vector<StoredWebhook> stored, store.LoadWebhooks());
  for (const StoredWebhook& one : stored) {
    FieldViolations violations;
    WebhookPtr compiled = CompiledWebhook::Compile(one.webhook, limits_, policy_, "webhook", violations);
    if (compiled == nullptr) {
      const absl::Status why = violations.ToStatus();
      log::Error("a stored webhook is not valid here and sends nothing until it is mended",
                 {{"webhook", one.webhook.name()}, {"reason", why.message()}});
      compiled = CompiledWebhook::Inert(one.webhook, why.message());
    }
    Put(one.tenant, compiled);
  }
  return absl::OkStatus();
}

absl::StatusOr<WebhookPtr> WebhookRegistry::CompileNew(const v1::CreateWebhookRequest& request) const {
  FieldViolations violations;
  if (!request.has_webhook()) violations.Add("webhook", "is required");
  if (!request.webhook_id().empty()) ValidateWebhookId(request.webhook_id(), "webhook_id", violations);
  v1::Webhook webhook = Unmasked(request.webhook(), nullptr, "webhook", violations);
  ValidateWebhook(webhook, limits_, "webhook", violations);
  webhook.set_name(WebhookName(request.webhook_id().empty() ? NewId("wh-") : request.webhook_id()));
  webhook.set_uid(NewId("whu_"));
  webhook.set_etag(NewId(""));
  *webhook.mutable_create_time() = ToProto(clock_.Now());
  *webhook.mutable_update_time() = webhook.create_time();
  return CompiledOrWhyNot(std::move(webhook), limits_, policy_, violations);
}

absl::Status WebhookRegistry::CheckFree(const std::string& tenant, const v1::Webhook& webhook) const {
  MutexLock lock(mutex_);
  const auto found = tenants_.find(tenant);
  if (found == tenants_.end()) return absl::OkStatus();
  const std::string id = IdOf(webhook);
  const auto same_id = found->second.by_id.find(id);
  if (same_id != found->second.by_id.end() && same_id->second->webhook().uid() != webhook.uid()) {
    return MakeError(absl::StatusCode::kAlreadyExists, v1::WEBHOOK_ID_TAKEN,
                     absl::StrCat("webhook_id \"", id, "\" is taken; choose another"));
  }
  const auto same_name = found->second.id_of_display_name.find(absl::AsciiStrToLower(webhook.display_name()));
  if (same_name != found->second.id_of_display_name.end() && same_name->second != id) {
    return MakeError(absl::StatusCode::kAlreadyExists, v1::DISPLAY_NAME_TAKEN,
                     absl::StrCat("display_name \"", webhook.display_name(), "\" is taken by ",
                                  WebhookName(same_name->second), "; choose another"));
  }
  return absl::OkStatus();
}

void WebhookRegistry::Create(const std::string& tenant, const v1::CreateWebhookRequest& request,
                             Done<v1::Webhook> done) {
  absl::StatusOr<WebhookPtr> compiled = CompileNew(request);
  if (!compiled.ok()) return done(compiled.status());
  const v1::Webhook& webhook = (*compiled)->webhook();
  if (request.validate_only()) {
    const absl::Status free = CheckFree(tenant, webhook);
    return free.ok() ? done(Masked(webhook)) : done(free);
  }
  const auto bytes = static_cast<int64_t>(webhook.ByteSizeLong());
  const absl::Status submitted =
      committer_.Submit(herald::CreateWebhook{tenant, webhook, limits_.webhooks_max(), {}}, bytes,
                        [this, tenant, compiled = *compiled, done](const absl::Status& status, Write&) {
                          if (!status.ok()) return done(status);
                          Put(tenant, compiled);
                          done(Masked(compiled->webhook()));
                        });
  if (!submitted.ok()) done(submitted);
}

absl::StatusOr<WebhookPtr> WebhookRegistry::CompileUpdate(const v1::Webhook& stored,
                                                          const v1::UpdateWebhookRequest& request) const {
  FieldViolations violations;
  // Laid over the masked webhook: what the update leaves out is "***", too, so that no new host gets what is stored.
  v1::Webhook webhook = ApplyMask(Masked(stored), request.webhook(), request.update_mask(), "update_mask", violations);
  webhook = Unmasked(std::move(webhook), &stored, "webhook", violations);
  ValidateWebhook(webhook, limits_, "webhook", violations);
  webhook.set_etag(NewId(""));
  webhook.clear_warnings();
  *webhook.mutable_update_time() = ToProto(clock_.Now());
  return CompiledOrWhyNot(std::move(webhook), limits_, policy_, violations);
}

void WebhookRegistry::Update(const std::string& tenant, const v1::UpdateWebhookRequest& request,
                             Done<v1::Webhook> done) {
  Replace(tenant, request, kUpdateTries, std::move(done));
}

void WebhookRegistry::Replace(const std::string& tenant, const v1::UpdateWebhookRequest& request, int tries_left,
                              Done<v1::Webhook> done) {
  absl::StatusOr<WebhookPtr> stored = Find(tenant, request.webhook().name(), "webhook.name");
  if (!stored.ok()) return done(stored.status());
  const std::string etag = (*stored)->webhook().etag();
  if (!request.webhook().etag().empty() && request.webhook().etag() != etag) return done(EtagMismatch());
  absl::StatusOr<WebhookPtr> compiled = CompileUpdate((*stored)->webhook(), request);
  if (!compiled.ok()) return done(compiled.status());
  const v1::Webhook& webhook = (*compiled)->webhook();
  if (SaysTheSame(webhook, (*stored)->webhook())) return done(Masked((*stored)->webhook()));
  if (request.validate_only()) {
    const absl::Status free = CheckFree(tenant, webhook);
    return free.ok() ? done(Masked(webhook)) : done(free);
  }
  const bool try_again = request.webhook().etag().empty() && tries_left > 1;
  const auto bytes = static_cast<int64_t>(webhook.ByteSizeLong());
  const absl::Status submitted = committer_.Submit(
      ReplaceWebhook{tenant, webhook, etag, {}}, bytes,
      [this, tenant, request, tries_left, try_again, compiled = *compiled, done](const absl::Status& status, Write&) {
        if (ReasonOf(status) == v1::ETAG_MISMATCH && try_again) return Replace(tenant, request, tries_left - 1, done);
        if (!status.ok()) return done(status);
        Put(tenant, compiled);
        done(Masked(compiled->webhook()));
      });
  if (!submitted.ok()) done(submitted);
}

void WebhookRegistry::Delete(const std::string& tenant, const v1::DeleteWebhookRequest& request,
                             std::function<void(absl::Status)> done) {
  const absl::StatusOr<WebhookPtr> stored = Find(tenant, request.name(), "name");
  if (!stored.ok()) return done(stored.status());
  const std::string id = IdOf((*stored)->webhook());
  const absl::Status submitted = committer_.Submit(herald::DeleteWebhook{tenant, id, request.etag(), clock_.Now(), {}},
                                                   0, [this, tenant, id, done](const absl::Status& status, Write&) {
                                                     if (status.ok()) Remove(tenant, id);
                                                     done(status);
                                                   });
  if (!submitted.ok()) done(submitted);
}

absl::StatusOr<v1::Webhook> WebhookRegistry::Get(const std::string& tenant, const std::string& name) const {
  HERALD_ASSIGN_OR_RETURN(const WebhookPtr webhook, Find(tenant, name, "name"));
  return Masked(webhook->webhook());
}

absl::StatusOr<v1::ListWebhooksResponse> WebhookRegistry::List(const std::string& tenant,
                                                               const v1::ListWebhooksRequest& request) const {
  FieldViolations violations;
  const int page_size = PageSize(request.page_size(), limits_.page_size_max(), violations);
  const std::optional<std::string> after = ParsePageToken(request, violations);
  if (!v1::Webhook::State_IsValid(request.state())) {
    violations.Add("state", absl::StrCat(static_cast<int>(request.state()), " is no state; use ACTIVE or INACTIVE"));
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
    const std::string id = IdOf(webhook->webhook());
    if (id <= *after || more) continue;
    if (response.webhooks_size() == page_size || bytes > kPageBytesMax) {
      more = true;
      continue;
    }
    *response.add_webhooks() = Masked(webhook->webhook());
    bytes += webhook->webhook().ByteSizeLong();
    last = id;
  }
  if (more) response.set_next_page_token(MakePageToken(request, last));
  return response;
}

absl::StatusOr<WebhookPtr> WebhookRegistry::CompileEdited(const std::string& tenant, const v1::Webhook& edited,
                                                          FieldViolations& violations) const {
  WebhookPtr stored;
  if (!edited.name().empty()) {
    absl::StatusOr<WebhookPtr> found = Find(tenant, edited.name(), "webhook.name");
    if (absl::IsNotFound(found.status())) return found;
    violations.AddAll(found.status());
    if (found.ok()) stored = *std::move(found);
  }
  v1::Webhook webhook = Unmasked(edited, stored == nullptr ? nullptr : &stored->webhook(), "webhook", violations);
  webhook = Triable(std::move(webhook));
  ValidateWebhook(webhook, limits_, "webhook", violations);
  if (stored != nullptr) webhook.set_name(stored->webhook().name());
  return CompiledWebhook::Compile(WithDefaults(std::move(webhook)), limits_, policy_, "webhook", violations);
}

absl::StatusOr<WebhookPtr> WebhookRegistry::Find(const std::string& tenant, const std::string& name,
                                                 absl::string_view field) const {
  const std::optional<absl::string_view> id = IdInName(tenant, "webhooks", name);
  if (!id.has_value()) {
    FieldViolations violations;
    violations.Add(field, absl::StrCat("is \"", name, "\"; want \"webhooks/{id}\""));
    return violations.ToStatus();
  }
  MutexLock lock(mutex_);
  const auto found = tenants_.find(tenant);
  if (found == tenants_.end()) return NotFound(name);
  const auto webhook = found->second.by_id.find(std::string(*id));
  if (webhook == found->second.by_id.end()) return NotFound(name);
  return webhook->second;
}

WebhookPtr WebhookRegistry::FindByUid(const std::string& tenant, const std::string& uid) const {
  MutexLock lock(mutex_);
  const auto found = tenants_.find(tenant);
  if (found == tenants_.end()) return nullptr;
  const auto webhook = found->second.by_uid.find(uid);
  return webhook == found->second.by_uid.end() ? nullptr : webhook->second;
}

std::shared_ptr<const WebhookIndex> WebhookRegistry::Index(const std::string& tenant) const {
  MutexLock lock(mutex_);
  Tenant& entry = tenants_[tenant];
  if (entry.index == nullptr) {
    std::vector<WebhookPtr> webhooks;
    webhooks.reserve(entry.by_id.size());
    for (const auto& [id, webhook] : entry.by_id) webhooks.push_back(webhook);
    entry.index = std::make_shared<const WebhookIndex>(std::move(webhooks));
  }
  return entry.index;
}

void WebhookRegistry::Put(const std::string& tenant, const WebhookPtr& webhook) {
  const v1::Webhook& now = webhook->webhook();
  {
    MutexLock lock(mutex_);
    Tenant& entry = tenants_[tenant];
    WebhookPtr& place = entry.by_id[IdOf(now)];
    if (place != nullptr) entry.id_of_display_name.erase(absl::AsciiStrToLower(place->webhook().display_name()));
    place = webhook;
    entry.by_uid[now.uid()] = webhook;
    entry.id_of_display_name[absl::AsciiStrToLower(now.display_name())] = IdOf(now);
    entry.index = nullptr;
  }
  changed_(tenant, now.uid());
}

void WebhookRegistry::Remove(const std::string& tenant, const std::string& id) {
  WebhookPtr removed;
  {
    MutexLock lock(mutex_);
    Tenant& entry = tenants_[tenant];
    const auto found = entry.by_id.find(id);
    if (found == entry.by_id.end()) return;
    removed = found->second;
    entry.by_id.erase(found);
    entry.by_uid.erase(removed->webhook().uid());
    entry.id_of_display_name.erase(absl::AsciiStrToLower(removed->webhook().display_name()));
    entry.index = nullptr;
  }
  changed_(tenant, removed->webhook().uid());
}

}  // namespace herald
