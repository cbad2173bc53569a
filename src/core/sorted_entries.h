// The entries of a protobuf map in the order of their keys' bytes: maps have none of their own, and what people read
// and what is hashed needs one.

#ifndef HERALD_CORE_SORTED_ENTRIES_H_
#define HERALD_CORE_SORTED_ENTRIES_H_

#include <algorithm>
#include <vector>

namespace herald {

// Pointers into `map`, for as long as no entry is added or removed.
template <typename Map>
auto SortedEntries(Map& map) {
  std::vector<decltype(&*map.begin())> entries;
  entries.reserve(map.size());
  for (auto& entry : map) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  return entries;
}

}  // namespace herald

#endif  // HERALD_CORE_SORTED_ENTRIES_H_
