// The event types: those that came with Herald and what people added, in memory, and the use cases that change them.
//
// The store is the truth; the registry follows each committed change. Readers get an immutable set. Thread-safe.
// Callbacks run on the caller's thread (refusals) or on the committer's.

#ifndef HERALD_ENGINE_EVENT_TYPE_REGISTRY_H_
#define HERALD_ENGINE_EVENT_TYPE_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "herald/v1/event_service.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/mutex.h"
#include "src/core/known_event_types.h"
#include "src/engine/committer.h"
#include "src/store/store.h"

namespace herald {

class EventTypeRegistry {
 public:
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  EventTypeRegistry(Committer& committer, const v1::Limits& limits) : committer_(committer), limits_(limits) {}

  // Takes in what `store` holds, before anything else is called; it outlives the registry. A type that a newer Herald
  // brought along itself is hidden by that one.
  absl::Status Load(Store& store);

  // The errors are those of the calls of herald.v1.EventService with the same names.
  void Create(const std::string& tenant, const v1::CreateEventTypeRequest& request, Done<v1::EventType> done);
  void Update(const std::string& tenant, const v1::UpdateEventTypeRequest& request, Done<v1::EventType> done);
  void Delete(const std::string& tenant, const v1::DeleteEventTypeRequest& request,
              std::function<void(absl::Status)> done);
  absl::StatusOr<v1::EventType> Get(const std::string& tenant, const v1::GetEventTypeRequest& request) const;
  absl::StatusOr<v1::ListEventTypesResponse> List(const std::string& tenant,
                                                  const v1::ListEventTypesRequest& request) const;

  // Every type that the tenant knows as of now.
  std::shared_ptr<const KnownEventTypes> Known(const std::string& tenant) const;

 private:
  struct Tenant {
    std::map<std::string, EventTypePtr> own;  // by name
    // Made when it is next read after a change, so that many changes in a row cost one.
    std::shared_ptr<const KnownEventTypes> known;
  };
  struct Edited {
    EventTypePtr former;
    v1::EventType event_type;
  };

  // The type as the request describes it. INVALID_FIELDS.
  absl::StatusOr<v1::EventType> NewType(const v1::CreateEventTypeRequest& request) const;
  // Whether this type could be added now.
  absl::Status CheckFree(const std::string& tenant, const std::string& type) const;
  absl::StatusOr<Edited> Edit(const std::string& tenant, const v1::UpdateEventTypeRequest& request) const;
  // Stores what the request makes of the type, and tries again when another change came between.
  void Replace(const std::string& tenant, const v1::UpdateEventTypeRequest& request, int tries_left,
               const Done<v1::EventType>& done);
  // A type that people made. EVENT_TYPE_NOT_FOUND; EVENT_TYPE_BUILT_IN.
  absl::StatusOr<EventTypePtr> FindOwn(const std::string& tenant, const std::string& type) const;

  // Reads all types again when a change has ended so that the store cannot tell what it holds.
  void CatchUp(const absl::Status& change);
  absl::Status ReadAgain();
  void Put(const std::string& tenant, const v1::EventType& event_type);
  void Remove(const std::string& tenant, const std::string& name);

  Committer& committer_;
  const v1::Limits limits_;
  Store* store_ = nullptr;  // since Load
  // What the registry holds may not be what the store holds. Confined to the committer's thread.
  bool behind_ = false;

  mutable Mutex mutex_;
  mutable absl::flat_hash_map<std::string, Tenant> tenants_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_ENGINE_EVENT_TYPE_REGISTRY_H_
