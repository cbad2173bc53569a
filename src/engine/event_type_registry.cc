#include "src/engine/event_type_registry.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/log.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/event_types.h"
#include "src/core/field_mask.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/validate.h"
#include "src/engine/page_token.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

// How often an update is tried again when another change came between.
constexpr int kReplaceTries = 5;

// The type that a name names. INVALID_ARGUMENT at `field`: it is no event type's name.
absl::StatusOr<std::string> TypeInName(const std::string& tenant, const std::string& name, absl::string_view field) {
  const std::optional<absl::string_view> type = IdInName(tenant, "eventTypes", name);
  if (type.has_value()) return std::string(*type);
  FieldViolations violations;
  violations.Add(field, absl::StrCat("is \"", name, "\"; want \"eventTypes/{type}\""));
  return violations.ToStatus();
}

absl::Status BuiltIn(absl::string_view type) {
  return MakeError(absl::StatusCode::kFailedPrecondition, v1::EVENT_TYPE_BUILT_IN,
                   absl::StrCat(EventTypeName(type), " came with Herald, and is neither changed nor deleted"));
}

}  // namespace

absl::Status EventTypeRegistry::Load(Store& store) {
  store_ = &store;
  return ReadAgain();
}

absl::StatusOr<v1::EventType> EventTypeRegistry::NewType(const v1::CreateEventTypeRequest& request) const {
  FieldViolations violations;
  if (!request.has_event_type()) violations.Add("event_type", "is required");
  ValidateEventTypeId(request.event_type_id(), "event_type_id", violations);
  ValidateEventType(request.event_type(), request.event_type_id(), limits_, "event_type", violations);
  if (!violations.empty()) return violations.ToStatus();
  v1::EventType event_type = request.event_type();
  event_type.DiscardUnknownFields();
  event_type.set_name(EventTypeName(request.event_type_id()));
  event_type.clear_built_in();
  return event_type;
}

absl::Status EventTypeRegistry::CheckFree(const std::string& tenant, const std::string& type) const {
  if (FindBuiltInEventType(type) != nullptr) {
    return MakeError(absl::StatusCode::kAlreadyExists, v1::EVENT_TYPE_TAKEN,
                     absl::StrCat(EventTypeName(type), " came with Herald; choose another event_type_id"));
  }
  MutexLock lock(mutex_);
  const auto found = tenants_.find(tenant);
  if (found == tenants_.end()) return absl::OkStatus();
  if (found->second.own.contains(EventTypeName(type))) return EventTypeTakenError(type);
  if (static_cast<int64_t>(found->second.own.size()) < limits_.event_types_max()) return absl::OkStatus();
  return EventTypeLimitError(limits_.event_types_max());
}

void EventTypeRegistry::Create(const std::string& tenant, const v1::CreateEventTypeRequest& request,
                               Done<v1::EventType> done) {
  const absl::StatusOr<v1::EventType> made = NewType(request);
  if (!made.ok()) return done(made.status());
  const absl::Status free = CheckFree(tenant, request.event_type_id());
  if (!free.ok()) return done(free);
  if (request.validate_only()) return done(made);
  const auto bytes = static_cast<int64_t>(made->ByteSizeLong());
  const absl::Status submitted =
      committer_.Submit(herald::CreateEventType{tenant, *made, limits_.event_types_max()}, bytes,
                        [this, tenant, done](const absl::Status& status, Write& write) {
                          CatchUp(status);
                          if (!status.ok()) return done(status);
                          const auto& created = std::get<CreateEventType>(write);
                          Put(tenant, created.event_type);
                          done(created.event_type);
                        });
  if (!submitted.ok()) done(submitted);
}

absl::StatusOr<EventTypeRegistry::Edited> EventTypeRegistry::Edit(const std::string& tenant,
                                                                  const v1::UpdateEventTypeRequest& request) const {
  FieldViolations violations;
  if (!request.has_event_type()) violations.Add("event_type", "is required");
  const absl::StatusOr<std::string> type = TypeInName(tenant, request.event_type().name(), "event_type.name");
  violations.AddAll(type.status());
  absl::StatusOr<EventTypePtr> former = std::make_shared<const v1::EventType>();
  if (type.ok()) former = FindOwn(tenant, *type);
  HERALD_RETURN_IF_ERROR(former.status());
  Edited edited{*former, ApplyMask(**former, request.event_type(), request.update_mask(), "update_mask", violations)};
  ValidateEventType(edited.event_type, type.ok() ? *type : "", limits_, "event_type", violations);
  if (!violations.empty()) return violations.ToStatus();
  edited.event_type.DiscardUnknownFields();
  return edited;
}

void EventTypeRegistry::Update(const std::string& tenant, const v1::UpdateEventTypeRequest& request,
                               Done<v1::EventType> done) {
  Replace(tenant, request, kReplaceTries, done);
}

void EventTypeRegistry::Replace(const std::string& tenant, const v1::UpdateEventTypeRequest& request, int tries_left,
                                const Done<v1::EventType>& done) {
  const absl::StatusOr<Edited> edited = Edit(tenant, request);
  if (!edited.ok()) return done(edited.status());
  const bool changes = edited->event_type.SerializeAsString() != edited->former->SerializeAsString();
  if (request.validate_only() || !changes) return done(edited->event_type);
  const auto bytes = static_cast<int64_t>(edited->event_type.ByteSizeLong() + edited->former->ByteSizeLong());
  const absl::Status submitted =
      committer_.Submit(ReplaceEventType{tenant, edited->event_type, *edited->former}, bytes,
                        [this, tenant, request, tries_left, done](const absl::Status& status, Write& write) {
                          CatchUp(status);
                          const bool outrun = ReasonOf(status) == v1::ETAG_MISMATCH;
                          if (outrun && tries_left > 1) return Replace(tenant, request, tries_left - 1, done);
                          if (!status.ok()) return done(status);
                          const auto& replaced = std::get<ReplaceEventType>(write);
                          Put(tenant, replaced.event_type);
                          done(replaced.event_type);
                        });
  if (!submitted.ok()) done(submitted);
}

void EventTypeRegistry::Delete(const std::string& tenant, const v1::DeleteEventTypeRequest& request,
                               std::function<void(absl::Status)> done) {
  const absl::StatusOr<std::string> type = TypeInName(tenant, request.name(), "name");
  if (!type.ok()) return done(type.status());
  const absl::StatusOr<EventTypePtr> found = FindOwn(tenant, *type);
  if (!found.ok()) return done(found.status());
  const absl::Status submitted =
      committer_.Submit(herald::DeleteEventType{tenant, *type}, 0,
                        [this, tenant, type = *type, done](const absl::Status& status, Write&) {
                          CatchUp(status);
                          if (status.ok()) Remove(tenant, EventTypeName(type));
                          done(status);
                        });
  if (!submitted.ok()) done(submitted);
}

absl::StatusOr<v1::EventType> EventTypeRegistry::Get(const std::string& tenant,
                                                     const v1::GetEventTypeRequest& request) const {
  HERALD_ASSIGN_OR_RETURN(const std::string type, TypeInName(tenant, request.name(), "name"));
  const std::shared_ptr<const KnownEventTypes> known = Known(tenant);
  const v1::EventType* const found = known->Find(type);
  if (found == nullptr) return EventTypeNotFoundError(type);
  return *found;
}

absl::StatusOr<v1::ListEventTypesResponse> EventTypeRegistry::List(const std::string& tenant,
                                                                   const v1::ListEventTypesRequest& request) const {
  FieldViolations violations;
  const int page_size = PageSize(request.page_size(), limits_.page_size_max(), violations);
  const std::optional<std::string> after = ParsePageToken(request, violations);
  if (!violations.empty()) return violations.ToStatus();
  v1::ListEventTypesResponse response;
  size_t bytes = 0;
  const std::shared_ptr<const KnownEventTypes> known = Known(tenant);
  for (const EventTypePtr& type : known->all()) {
    if (type->name() <= *after) continue;
    bytes += type->ByteSizeLong();
    const int count = response.event_types_size();
    if (count == page_size || (count > 0 && bytes > kPageBytesMax)) {
      response.set_next_page_token(MakePageToken(request, response.event_types().rbegin()->name()));
      break;
    }
    *response.add_event_types() = *type;
  }
  return response;
}

absl::StatusOr<EventTypePtr> EventTypeRegistry::FindOwn(const std::string& tenant, const std::string& type) const {
  if (FindBuiltInEventType(type) != nullptr) return BuiltIn(type);
  MutexLock lock(mutex_);
  const std::map<std::string, EventTypePtr>& own = tenants_[tenant].own;
  const auto found = own.find(EventTypeName(type));
  if (found == own.end()) return EventTypeNotFoundError(type);
  return found->second;
}

std::shared_ptr<const KnownEventTypes> EventTypeRegistry::Known(const std::string& tenant) const {
  MutexLock lock(mutex_);
  Tenant& entry = tenants_[tenant];
  if (entry.known == nullptr) {
    std::vector<EventTypePtr> own;
    own.reserve(entry.own.size());
    for (const auto& [name, type] : entry.own) own.push_back(type);
    entry.known = std::make_shared<const KnownEventTypes>(own);
  }
  return entry.known;
}

void EventTypeRegistry::CatchUp(const absl::Status& change) {
  if (ReasonOf(change) == v1::OUTCOME_UNKNOWN) behind_ = true;
  if (!behind_ || store_ == nullptr) return;
  const absl::Status read = ReadAgain();
  behind_ = !read.ok();
  if (behind_) log::Error("the event types cannot be read again", {{"reason", read.message()}});
}

absl::Status EventTypeRegistry::ReadAgain() {
  HERALD_ASSIGN_OR_RETURN(std::vector<StoredEventType> stored, store_->LoadEventTypes());
  absl::flat_hash_map<std::string, Tenant> tenants;
  for (StoredEventType& one : stored) {
    const std::string name = one.event_type.name();
    tenants[one.tenant].own[name] = std::make_shared<const v1::EventType>(std::move(one.event_type));
  }
  MutexLock lock(mutex_);
  tenants_ = std::move(tenants);
  return absl::OkStatus();
}

void EventTypeRegistry::Put(const std::string& tenant, const v1::EventType& event_type) {
  auto kept = std::make_shared<const v1::EventType>(event_type);
  MutexLock lock(mutex_);
  Tenant& entry = tenants_[tenant];
  entry.own[event_type.name()] = std::move(kept);
  entry.known = nullptr;
}

void EventTypeRegistry::Remove(const std::string& tenant, const std::string& name) {
  MutexLock lock(mutex_);
  Tenant& entry = tenants_[tenant];
  entry.own.erase(name);
  entry.known = nullptr;
}

}  // namespace herald
