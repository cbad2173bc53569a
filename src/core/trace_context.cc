#include "src/core/trace_context.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/ascii.h"

namespace herald {
namespace {

// Of version 00: two digits of version, 32 of trace id, 16 of parent id, two of flags, each in hexadecimal.
constexpr size_t kLength = 55;
constexpr size_t kTraceAt = 3;
constexpr size_t kParentAt = 36;
constexpr size_t kFlagsAt = 53;
// Those that are known: sampled, and random trace id. Others go no further.
constexpr uint32_t kFlags = 0x03;

constexpr size_t kMembersMax = 32;
constexpr size_t kStateBytesMax = 512;

absl::string_view Trimmed(absl::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); });
}

// An id in hexadecimal that is not zero.
bool IsId(absl::string_view text) {
  return IsLowerHex(text) && std::any_of(text.begin(), text.end(), [](char c) { return c != '0'; });
}

// In the form of version 00; nothing when it is not valid.
std::optional<std::string> ParseParent(absl::string_view text) {
  text = Trimmed(text);
  if (text.size() < kLength || (text.size() > kLength && text[kLength] != '-')) return std::nullopt;
  const absl::string_view version = text.substr(0, 2);
  if (!IsLowerHex(version) || version == "ff" || (version == "00" && text.size() != kLength)) return std::nullopt;
  if (text[kTraceAt - 1] != '-' || text[kParentAt - 1] != '-' || text[kFlagsAt - 1] != '-') return std::nullopt;
  const absl::string_view trace = text.substr(kTraceAt, 32);
  const absl::string_view parent = text.substr(kParentAt, 16);
  const absl::string_view flags = text.substr(kFlagsAt, 2);
  uint32_t bits = 0;
  if (!IsId(trace) || !IsId(parent) || !IsLowerHex(flags) || !absl::SimpleHexAtoi(flags, &bits)) return std::nullopt;
  return absl::StrCat("00-", trace, "-", parent, "-", absl::Hex(bits & kFlags, absl::kZeroPad2));
}

bool IsKeyStart(char c) { return IsLower(c) || IsDigit(c); }
bool IsKeyCharacter(char c) { return IsKeyStart(c) || c == '_' || c == '-' || c == '*' || c == '/'; }

// Of at most `length_max` characters.
bool IsKeyPart(absl::string_view text, size_t length_max) {
  return !text.empty() && text.size() <= length_max && IsKeyStart(text.front()) &&
         std::all_of(text.begin(), text.end(), IsKeyCharacter);
}

// "vendor" or "tenant@vendor".
bool IsKey(absl::string_view text) {
  const size_t at = text.find('@');
  if (at == absl::string_view::npos) return IsKeyPart(text, 256);
  const absl::string_view vendor = text.substr(at + 1);
  return IsKeyPart(text.substr(0, at), 241) && IsKeyPart(vendor, 14) && IsLower(vendor.front());
}

bool IsValue(absl::string_view text) {
  return !text.empty() && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

bool IsMember(absl::string_view text) {
  const size_t equals = text.find('=');
  return equals != absl::string_view::npos && IsKey(text.substr(0, equals)) && IsValue(text.substr(equals + 1));
}

// The members of all headers in order; empty when one is not valid, or when there are too many.
std::vector<absl::string_view> Members(const std::vector<absl::string_view>& headers) {
  std::vector<absl::string_view> members;
  for (const absl::string_view header : headers) {
    for (absl::string_view member : absl::StrSplit(header, ',')) {
      member = Trimmed(member);
      if (member.empty()) continue;
      if (!IsMember(member) || members.size() == kMembersMax) return {};
      members.push_back(member);
    }
  }
  return members;
}

}  // namespace

TraceContext ParseTraceContext(const std::vector<absl::string_view>& parents,
                               const std::vector<absl::string_view>& states) {
  TraceContext trace;
  if (parents.size() != 1) return trace;
  const std::optional<std::string> parent = ParseParent(parents.front());
  if (!parent.has_value()) return trace;
  trace.parent = *parent;
  for (const absl::string_view member : Members(states)) {
    if (trace.state.size() + member.size() + 1 > kStateBytesMax) break;
    absl::StrAppend(&trace.state, trace.state.empty() ? "" : ",", member);
  }
  return trace;
}

std::string ChildTraceparent(absl::string_view parent, uint64_t span) {
  return absl::StrCat(parent.substr(0, kParentAt), absl::Hex(std::max<uint64_t>(span, 1), absl::kZeroPad16),
                      parent.substr(kFlagsAt - 1));
}

}  // namespace herald
