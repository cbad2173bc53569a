#include "src/store/shown_path.h"

#include "absl/strings/str_cat.h"

namespace herald {

std::string ShownPath(const std::string& path) {
  constexpr size_t kShownMax = 80;
  if (path.size() <= kShownMax) return path;
  size_t begin = path.size() - kShownMax;
  while (begin < path.size() && (static_cast<unsigned char>(path[begin]) & 0xC0) == 0x80) ++begin;
  return absl::StrCat("…", path.substr(begin));
}

}  // namespace herald
