// The webhooks: what people set up, compiled, in memory, and the use cases that change it.
//
// The store is the truth; the registry follows each committed change. Matching reads an immutable index. Thread-safe.
// Callbacks run on the caller's thread (refusals) or on the committer's.

#ifndef HERALD_ENGINE_WEBHOOK_REGISTRY_H_
#define HERALD_ENGINE_WEBHOOK_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook_service.pb.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/base/random.h"
#include "src/core/plan.h"
#include "src/core/url_policy.h"
#include "src/engine/committer.h"
#include "src/engine/event_type_registry.h"
#include "src/engine/health_board.h"
#include "src/store/store.h"

namespace herald {

class WebhookRegistry {
 public:
  // Told on the committer's thread, after each change: a webhook may have become ACTIVE, or its open deliveries
  // CANCELLED.
  using Changed = std::function<void(const std::string& tenant, const std::string& uid)>;
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  WebhookRegistry(Committer& committer, const EventTypeRegistry& event_types, const HealthBoard& health,
                  const Clock& clock, Random& random, const v1::Limits& limits, const UrlPolicy& policy)
      : committer_(committer),
        event_types_(event_types),
        health_(health),
        clock_(clock),
        random_(random),
        limits_(limits),
        policy_(policy) {}

  void OnChange(Changed changed) { changed_ = std::move(changed); }

  // Told, on the committer's thread, how the write that `event` came with ended.
  using WithEvent = std::function<void(const absl::Status& status, std::optional<EnqueueEvent>& event)>;
  void OnEvent(WithEvent with_event) { with_event_ = std::move(with_event); }

  // Takes in what `store` holds, before anything else is called; it outlives the registry. A webhook that does not
  // compile any more (other flags than when it was saved) is kept for people to mend, and sends nothing: it counts as
  // INACTIVE and says why in its warnings. A webhook that signs and has no secret yet, since it was saved before there
  // were any, gets one.
  absl::Status Load(Store& store);

  // The errors are those of herald.v1.WebhookService. Answers are masked, but for the signing secrets.
  void Create(const std::string& tenant, const v1::CreateWebhookRequest& request, Done<v1::Webhook> done);
  void Update(const std::string& tenant, const v1::UpdateWebhookRequest& request, Done<v1::Webhook> done);
  // Makes an ACTIVE webhook DISABLED, for `reason`, after `result`; and tells those who asked for it by an event.
  void Disable(const std::string& tenant, const std::string& uid, v1::Webhook::DisabledReason reason,
               const v1::InvocationResult& result);
  void Delete(const std::string& tenant, const v1::DeleteWebhookRequest& request,
              std::function<void(absl::Status)> done);
  void RotateSigningSecret(const std::string& tenant, const v1::RotateSigningSecretRequest& request,
                           Done<v1::SigningSecret> done);
  absl::StatusOr<v1::SigningSecret> GetSigningSecret(const std::string& tenant, const std::string& name) const;
  absl::StatusOr<v1::Webhook> Get(const std::string& tenant, const std::string& name) const;
  absl::StatusOr<v1::ListWebhooksResponse> List(const std::string& tenant,
                                                const v1::ListWebhooksRequest& request) const;

  // The webhook as it was edited, compiled, without saving it: "***" is what is stored when its name is set. nullptr:
  // what is wrong with it was added to `violations`. NOT_FOUND: WEBHOOK_NOT_FOUND.
  absl::StatusOr<WebhookPtr> CompileEdited(const std::string& tenant, const v1::Webhook& edited,
                                           FieldViolations& violations) const;

  // NOT_FOUND: WEBHOOK_NOT_FOUND; INVALID_ARGUMENT at `field`: not a webhook's name.
  absl::StatusOr<WebhookPtr> Find(const std::string& tenant, const std::string& name, absl::string_view field) const;
  // nullptr: there is none.
  WebhookPtr FindByUid(const std::string& tenant, const std::string& uid) const;

  // Every webhook of the tenant as of now.
  std::shared_ptr<const WebhookIndex> Index(const std::string& tenant) const;

 private:
  struct Tenant {
    std::map<std::string, WebhookPtr> by_id;
    absl::flat_hash_map<std::string, WebhookPtr> by_uid;
    absl::flat_hash_map<std::string, std::string> id_of_display_name;  // names in lower case
    // Made when it is next read after a change, so that many changes in a row cost one.
    std::shared_ptr<const WebhookIndex> index;
  };

  // A change of a stored webhook that a request asks for.
  struct Change {
    std::string name;
    std::string name_field;  // where the request has the name
    std::string etag;        // empty: whatever it is now
    std::function<absl::StatusOr<WebhookPtr>(const v1::Webhook& stored)> edit;
  };
  struct Edited {
    WebhookPtr webhook;
    std::string former_etag;
    bool changes = true;  // anything that people set
  };

  // Compiled with its defaults and the signing secrets that go with them. INVALID_FIELDS: `violations`, and what else
  // is wrong with it.
  absl::StatusOr<WebhookPtr> CompileToStore(v1::Webhook webhook, FieldViolations& violations) const;
  // Compiled, or inert when it is not valid any more.
  WebhookPtr CompiledOrInert(const v1::Webhook& webhook) const;
  absl::StatusOr<WebhookPtr> CompileNew(const v1::CreateWebhookRequest& request) const;
  absl::StatusOr<WebhookPtr> CompileUpdate(const v1::Webhook& stored, const v1::UpdateWebhookRequest& request) const;
  absl::StatusOr<WebhookPtr> CompileRotated(const v1::Webhook& stored,
                                            const v1::RotateSigningSecretRequest& request) const;
  // Whether a webhook with this id and display name could be added now.
  absl::Status CheckFree(const std::string& tenant, const v1::Webhook& webhook) const;
  absl::StatusOr<Edited> Edit(const std::string& tenant, const Change& change) const;
  // Stores what a change makes of the webhook; without an etag it is tried again when another change came between.
  void Replace(const std::string& tenant, const Change& change, int tries_left, Done<WebhookPtr> done);
  absl::StatusOr<v1::Webhook> Validated(const std::string& tenant, const Change& change) const;
  // As people see it: masked, with its health and with warnings by the event types of now.
  v1::Webhook Shown(const std::string& tenant, const v1::Webhook& webhook) const;
  // Reads all webhooks again when a change has ended so that the store cannot tell what it holds.
  void CatchUp(const absl::Status& change);
  absl::Status ReadAgain();
  void Put(const std::string& tenant, const WebhookPtr& webhook);
  void Remove(const std::string& tenant, const std::string& id);
  std::string NewId(absl::string_view prefix) const;

  Committer& committer_;
  const EventTypeRegistry& event_types_;
  const HealthBoard& health_;
  const Clock& clock_;
  Random& random_;
  const v1::Limits limits_;
  const UrlPolicy policy_;
  Store* store_ = nullptr;  // since Load
  Changed changed_ = [](const std::string&, const std::string&) {};
  // What the registry holds may not be what the store holds. Confined to the committer's thread.
  bool behind_ = false;
  WithEvent with_event_ = [](const absl::Status&, std::optional<EnqueueEvent>&) {};

  mutable Mutex mutex_;
  mutable absl::flat_hash_map<std::string, Tenant> tenants_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_ENGINE_WEBHOOK_REGISTRY_H_
