#include "src/base/time_zone.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/ascii.h"

namespace herald {
namespace {

// One spelling for each zone; other names would open files of the caller's choice.
bool IsZoneName(absl::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] != '/' && !absl::StrContains(name, "//") &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
}

// Abseil remembers every name that it is asked for, also one that does not exist. It looks in this folder.
bool ZoneExists(const std::string& name) {
  const char* const chosen = std::getenv("TZDIR");
  const std::string folder = chosen != nullptr && *chosen != '\0' ? chosen : "/usr/share/zoneinfo";
  std::error_code error;
  return std::filesystem::is_regular_file(absl::StrCat(folder, "/", name), error);
}

}  // namespace

bool LoadZone(const std::string& name, absl::TimeZone* zone) {
  *zone = absl::UTCTimeZone();
  if (name == "UTC") return true;  // where no zones are installed too
  return IsZoneName(name) && ZoneExists(name) && absl::LoadTimeZone(name, zone);
}

}  // namespace herald
