#include "src/core/names.h"
#include "src/store/memory_store.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {}  // namespace

int MemoryStore::CountEventTypes(const std::string& tenant) const {
  int count = 0;
  for (auto row = event_types_.lower_bound({tenant, ""}); row != event_types_.end() && row->first.first == tenant;
       ++row) {
    ++count;
  }
  return count;
}

void MemoryStore::ApplyWrite(CreateEventType& write) {
  const TenantKey key{write.tenant, TypeOf(write.tenant, write.event_type)};
  write.status = absl::OkStatus();
  if (event_types_.contains(key)) {
    write.status = EventTypeTakenError(key.second);
  } else if (write.event_types_max > 0 && CountEventTypes(write.tenant) >= write.event_types_max) {
    write.status = EventTypeLimitError(write.event_types_max);
  } else {
    event_types_[key] = write.event_type;
  }
}

void MemoryStore::ApplyWrite(ReplaceEventType& write) {
  const TenantKey key{write.tenant, TypeOf(write.tenant, write.event_type)};
  const auto found = event_types_.find(key);
  write.status = absl::OkStatus();
  if (found == event_types_.end()) {
    write.status = EventTypeNotFoundError(key.second);
  } else if (found->second.SerializeAsString() != write.former.SerializeAsString()) {
    write.status = EventTypeChangedError(key.second);
  } else {
    found->second = write.event_type;
  }
}

void MemoryStore::ApplyWrite(DeleteEventType& write) {
  const bool erased = event_types_.erase({write.tenant, write.type}) > 0;
  write.status = erased ? absl::OkStatus() : EventTypeNotFoundError(write.type);
}

absl::StatusOr<std::vector<StoredEventType>> MemoryStore::LoadEventTypes() {
  MutexLock lock(mutex_);
  std::vector<StoredEventType> loaded;
  for (const auto& [key, event_type] : event_types_) loaded.push_back({key.first, event_type});
  return loaded;
}

}  // namespace herald
