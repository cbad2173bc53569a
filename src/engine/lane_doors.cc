#include "src/engine/lane_doors.h"

#include <algorithm>

namespace herald {
namespace {

constexpr int kShareOfFree = 8;

}  // namespace

bool LaneDoors::Admit(const std::string& lane, int64_t bytes) {
  MutexLock lock(mutex_);
  Door& door = doors_[lane];
  const int lane_held_max = std::max(options_.lane_held_max, (options_.held_max - held_) / kShareOfFree);
  const bool room =
      door.held < lane_held_max && held_ < options_.held_max && held_bytes_ + bytes <= options_.held_bytes_max;
  if (!door.open || !room) {
    door.open = false;
    door.stored = true;
    return false;
  }
  ++door.held;
  ++held_;
  held_bytes_ += bytes;
  return true;
}

void LaneDoors::BeginClaim(const std::string& lane) {
  MutexLock lock(mutex_);
  doors_[lane].stored = false;
}

void LaneDoors::EndClaim(const std::string& lane, bool reached_end) {
  MutexLock lock(mutex_);
  Door& door = doors_[lane];
  if (reached_end && !door.stored) door.open = true;
}

int LaneDoors::Reserve(const std::string& lane, int count) {
  MutexLock lock(mutex_);
  const int granted = std::clamp(options_.held_max - held_, 0, count);
  doors_[lane].held += granted;
  held_ += granted;
  return granted;
}

void LaneDoors::Filled(const std::string& lane, int reserved, int count, int64_t bytes) {
  MutexLock lock(mutex_);
  doors_[lane].held -= reserved - count;
  held_ -= reserved - count;
  held_bytes_ += bytes;
}

void LaneDoors::Left(const std::string& lane, int count, int64_t bytes) {
  MutexLock lock(mutex_);
  doors_[lane].held -= count;
  held_ -= count;
  held_bytes_ -= bytes;
}

void LaneDoors::Shut(const std::string& lane) {
  MutexLock lock(mutex_);
  Door& door = doors_[lane];
  door.open = false;
  door.stored = true;
}

int LaneDoors::held() const {
  MutexLock lock(mutex_);
  return held_;
}

void LaneDoors::Forget(const std::string& lane) {
  MutexLock lock(mutex_);
  doors_.erase(lane);
}

}  // namespace herald
