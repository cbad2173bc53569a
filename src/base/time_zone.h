// Time zones by name. Names may come from events.
//
// Thread-safe.

#ifndef HERALD_BASE_TIME_ZONE_H_
#define HERALD_BASE_TIME_ZONE_H_

#include <string>

#include "absl/time/time.h"

namespace herald {

// The time zone of a name such as "Europe/Berlin"; false: the machine has none of that name, or it is no name but a
// file's path. Zones stay in memory once loaded, so that only names of zones that exist are loaded.
bool LoadZone(const std::string& name, absl::TimeZone* zone);

}  // namespace herald

#endif  // HERALD_BASE_TIME_ZONE_H_
