#include "src/engine/webhook_registry.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <variant>

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
#include "src/core/signing_secrets.h"
#include "src/core/validate.h"
#include "src/engine/own_events.h"
#include "src/engine/page_token.h"
#include "src/engine/signing_requests.h"

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

bool NeedsSecret(const v1::Webhook& webhook) {
  return webhook.signing().scheme() != v1::Signing::NONE && webhook.signing().secrets().empty();
}

// What an unsaved webhook may leave out when it is only tried.
v1::Webhook Triable(v1::Webhook webhook) {
  if (webhook.display_name().empty()) webhook.set_display_name("unsaved");
  if (webhook.triggers().empty()) webhook.add_triggers("*");
  return webhook;
}

void RefuseDisabled(const v1::Webhook& webhook, FieldViolations& violations) {
  if (webhook.state() != v1::Webhook::DISABLED) return;
  violations.Add("webhook.state", "DISABLED is set by Herald alone; use INACTIVE");
}

// What Herald alone says of a webhook.
void ClearOutcome(v1::Webhook& webhook) {
  webhook.clear_disabled_reason();
  webhook.clear_disable_time();
  webhook.clear_health();
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

}  // namespace

std::string WebhookRegistry::NewId(absl::string_view prefix) const {
  return absl::StrCat(prefix, EncodeId(random_.Next()));
}

absl::Status WebhookRegistry::Load(Store& store) {
  store_ = &store;
  HERALD_ASSIGN_OR_RETURN(std::vector<StoredWebhook> stored, store.LoadWebhooks());
  WriteBatch secrets;
  for (StoredWebhook& one : stored) {
    if (NeedsSecret(one.webhook)) {
      one.webhook = WithDefaults(std::move(one.webhook));
      HERALD_RETURN_IF_ERROR(
          FollowScheme(random_.Bytes(SigningKey::kRandomBytes), clock_.Now(), *one.webhook.mutable_signing()));
      secrets.push_back(ReplaceWebhook{one.tenant, one.webhook, one.webhook.etag(), {}});
    }
    Put(one.tenant, CompiledOrInert(one.webhook));
  }
  if (secrets.empty()) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(store.Apply(secrets));
  for (const Write& write : secrets) HERALD_RETURN_IF_ERROR(std::get<ReplaceWebhook>(write).status);
  return absl::OkStatus();
}

WebhookPtr WebhookRegistry::CompiledOrInert(const v1::Webhook& webhook) const {
  FieldViolations violations;
  // Those saved before a field was there get its default.
  WebhookPtr compiled = CompiledWebhook::Compile(WithDefaults(webhook), limits_, policy_, "webhook", violations);
  if (compiled != nullptr) return compiled;
  const absl::Status why = violations.ToStatus();
  log::Error("a stored webhook is not valid here and sends nothing until it is mended",
             {{"webhook", webhook.name()}, {"reason", why.message()}});
  return CompiledWebhook::Inert(webhook, why.message());
}

absl::StatusOr<WebhookPtr> WebhookRegistry::CompileToStore(v1::Webhook webhook, FieldViolations& violations) const {
  webhook = WithDefaults(std::move(webhook));
  const absl::Status followed =
      FollowScheme(random_.Bytes(SigningKey::kRandomBytes), clock_.Now(), *webhook.mutable_signing());
  HERALD_ASSIGN_OR_RETURN(WebhookPtr compiled, CompiledOrWhyNot(std::move(webhook), limits_, policy_, violations));
  HERALD_RETURN_IF_ERROR(followed);
  return compiled;
}

absl::StatusOr<WebhookPtr> WebhookRegistry::CompileNew(const v1::CreateWebhookRequest& request) const {
  FieldViolations violations;
  if (!request.has_webhook()) violations.Add("webhook", "is required");
  if (!request.webhook_id().empty()) ValidateWebhookId(request.webhook_id(), "webhook_id", violations);
  v1::Webhook webhook = Unmasked(request.webhook(), nullptr, "webhook", violations);
  ValidateWebhook(webhook, limits_, "webhook", violations);
  RefuseDisabled(webhook, violations);
  ClearOutcome(webhook);
  webhook.set_name(WebhookName(request.webhook_id().empty() ? NewId("wh-") : request.webhook_id()));
  webhook.set_uid(NewId("whu_"));
  webhook.set_etag(NewId(""));
  *webhook.mutable_create_time() = ToProto(clock_.Now());
  *webhook.mutable_update_time() = webhook.create_time();
  return CompileToStore(std::move(webhook), violations);
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
    return free.ok() ? done(Shown(tenant, webhook)) : done(free);
  }
  const auto bytes = static_cast<int64_t>(webhook.ByteSizeLong());
  const absl::Status submitted =
      committer_.Submit(herald::CreateWebhook{tenant, webhook, limits_.webhooks_max(), {}}, bytes,
                        [this, tenant, compiled = *compiled, done](const absl::Status& status, Write&) {
                          CatchUp(status);
                          if (!status.ok()) return done(status);
                          Put(tenant, compiled);
                          done(Shown(tenant, compiled->webhook()));
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
  if (stored.state() != v1::Webhook::DISABLED) RefuseDisabled(webhook, violations);
  if (webhook.state() != v1::Webhook::DISABLED) ClearOutcome(webhook);
  webhook.set_etag(NewId(""));
  webhook.clear_warnings();
  *webhook.mutable_update_time() = ToProto(clock_.Now());
  return CompileToStore(std::move(webhook), violations);
}

void WebhookRegistry::Update(const std::string& tenant, const v1::UpdateWebhookRequest& request,
                             Done<v1::Webhook> done) {
  const Change change{request.webhook().name(), "webhook.name", request.webhook().etag(),
                      [this, request](const v1::Webhook& stored) { return CompileUpdate(stored, request); }};
  if (request.validate_only()) return done(Validated(tenant, change));
  Replace(tenant, change, kUpdateTries,
          [this, tenant, done = std::move(done)](const absl::StatusOr<WebhookPtr>& updated) {
            updated.ok() ? done(Shown(tenant, (*updated)->webhook())) : done(updated.status());
          });
}

absl::StatusOr<v1::Webhook> WebhookRegistry::Validated(const std::string& tenant, const Change& change) const {
  HERALD_ASSIGN_OR_RETURN(const Edited edited, Edit(tenant, change));
  HERALD_RETURN_IF_ERROR(CheckFree(tenant, edited.webhook->webhook()));
  return Shown(tenant, edited.webhook->webhook());
}

absl::StatusOr<WebhookRegistry::Edited> WebhookRegistry::Edit(const std::string& tenant, const Change& change) const {
  HERALD_ASSIGN_OR_RETURN(const WebhookPtr stored, Find(tenant, change.name, change.name_field));
  const std::string& etag = stored->webhook().etag();
  if (!change.etag.empty() && change.etag != etag) return EtagMismatch();
  HERALD_ASSIGN_OR_RETURN(const WebhookPtr webhook, change.edit(stored->webhook()));
  const bool changes = !SaysTheSame(webhook->webhook(), stored->webhook());
  return Edited{changes ? webhook : stored, etag, changes};
}

void WebhookRegistry::Replace(const std::string& tenant, const Change& change, int tries_left, Done<WebhookPtr> done) {
  const absl::StatusOr<Edited> edited = Edit(tenant, change);
  if (!edited.ok()) return done(edited.status());
  if (!edited->changes) return done(edited->webhook);
  const v1::Webhook& webhook = edited->webhook->webhook();
  const bool try_again = change.etag.empty() && tries_left > 1;
  const auto bytes = static_cast<int64_t>(webhook.ByteSizeLong());
  const absl::Status submitted =
      committer_.Submit(ReplaceWebhook{tenant, webhook, edited->former_etag, {}}, bytes,
                        [this, tenant, change, tries_left, try_again, compiled = edited->webhook, done](
                            const absl::Status& status, Write&) {
                          CatchUp(status);
                          const bool outrun = ReasonOf(status) == v1::ETAG_MISMATCH;
                          if (outrun && try_again) return Replace(tenant, change, tries_left - 1, done);
                          if (!status.ok()) return done(status);
                          Put(tenant, compiled);
                          done(compiled);
                        });
  if (!submitted.ok()) done(submitted);
}

absl::StatusOr<WebhookPtr> WebhookRegistry::CompileRotated(const v1::Webhook& stored,
                                                           const v1::RotateSigningSecretRequest& request) const {
  v1::Webhook webhook = stored;
  HERALD_ASSIGN_OR_RETURN(*webhook.mutable_signing(),
                          Rotated(stored, request, random_.Bytes(SigningKey::kRandomBytes), clock_.Now()));
  webhook.set_etag(NewId(""));
  *webhook.mutable_update_time() = ToProto(clock_.Now());
  FieldViolations violations;
  return CompiledOrWhyNot(std::move(webhook), limits_, policy_, violations);
}

void WebhookRegistry::RotateSigningSecret(const std::string& tenant, const v1::RotateSigningSecretRequest& request,
                                          Done<v1::SigningSecret> done) {
  const Change change{request.name(), "name", request.etag(),
                      [this, request](const v1::Webhook& stored) { return CompileRotated(stored, request); }};
  Replace(tenant, change, kUpdateTries, [this, done = std::move(done)](const absl::StatusOr<WebhookPtr>& rotated) {
    rotated.ok() ? done(SigningSecretOf((*rotated)->webhook(), clock_.Now())) : done(rotated.status());
  });
}

absl::StatusOr<v1::SigningSecret> WebhookRegistry::GetSigningSecret(const std::string& tenant,
                                                                    const std::string& name) const {
  HERALD_ASSIGN_OR_RETURN(const WebhookPtr webhook, Find(tenant, name, "name"));
  return SigningSecretOf(webhook->webhook(), clock_.Now());
}

void WebhookRegistry::Delete(const std::string& tenant, const v1::DeleteWebhookRequest& request,
                             std::function<void(absl::Status)> done) {
  const absl::StatusOr<WebhookPtr> stored = Find(tenant, request.name(), "name");
  if (!stored.ok()) return done(stored.status());
  const std::string id = IdOf((*stored)->webhook());
  const absl::Status submitted = committer_.Submit(herald::DeleteWebhook{tenant, id, request.etag(), clock_.Now(), {}},
                                                   0, [this, tenant, id, done](const absl::Status& status, Write&) {
                                                     CatchUp(status);
                                                     if (status.ok()) Remove(tenant, id);
                                                     done(status);
                                                   });
  if (!submitted.ok()) done(submitted);
}

void WebhookRegistry::Disable(const std::string& tenant, const std::string& uid, v1::Webhook::DisabledReason reason,
                              const v1::InvocationResult& result) {
  const WebhookPtr active = FindByUid(tenant, uid);
  if (active == nullptr || active->webhook().state() != v1::Webhook::ACTIVE) return;
  v1::Webhook webhook = active->webhook();
  const std::string etag = webhook.etag();
  const absl::Time now = clock_.Now();
  webhook.set_state(v1::Webhook::DISABLED);
  webhook.set_disabled_reason(reason);
  *webhook.mutable_disable_time() = ToProto(now);
  *webhook.mutable_update_time() = ToProto(now);
  webhook.set_etag(NewId(""));
  FieldViolations violations;
  const WebhookPtr disabled = CompiledWebhook::Compile(webhook, limits_, policy_, "webhook", violations);
  if (disabled == nullptr) return;
  log::Warning("a webhook is disabled", {{"webhook", webhook.name()},
                                         {"reason", v1::Webhook::DisabledReason_Name(reason)},
                                         {"message", result.message()}});
  // When people change it at the same time, theirs holds, and the next attempt decides anew.
  committer_
      .SubmitOwn(
          ReplaceWebhook{tenant, webhook, etag, WebhookDisabledEvent(*Index(tenant), tenant, webhook, result, now)},
          [this, tenant, disabled](const absl::Status& status, Write& write) {
            CatchUp(status);
            if (status.ok()) Put(tenant, disabled);
            with_event_(status, std::get<ReplaceWebhook>(write).event);
          })
      .IgnoreError();  // stopping: the next attempt after the restart decides anew
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
