#include "src/core/template/helpers.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/ascii.h"
#include "src/base/status_macros.h"
#include "src/base/time_zone.h"
#include "src/base/utf8.h"
#include "src/core/json_number.h"
#include "src/core/rfc3339.h"
#include "src/core/template/escape.h"
#include "src/core/template/work.h"

namespace herald::templates {
namespace {

constexpr size_t kShownNameBytesMax = 40;

using Arguments = absl::Span<const JsonValue>;
using Result = absl::StatusOr<JsonValue>;

Result Pooled(std::string text, TextPool& pool) {
  HERALD_ASSIGN_OR_RETURN(const absl::string_view kept, pool.Keep(std::move(text)));
  return JsonValue::String(kept);
}

Result Number(size_t number, TextPool& pool) {
  HERALD_ASSIGN_OR_RETURN(const absl::string_view kept, pool.Keep(absl::StrCat(number)));
  return JsonValue::Number(static_cast<double>(number), kept);
}

bool IsEmpty(const JsonValue& value) { return value.is_null() || (value.is_string() && value.string().empty()); }

Result Json(Arguments arguments, TextPool&) { return arguments[0]; }

Result Default(Arguments arguments, TextPool&) { return IsEmpty(arguments[0]) ? arguments[1] : arguments[0]; }

absl::Status TooMuchText() { return absl::ResourceExhaustedError("the helpers make too much text"); }
absl::Status TooMuchWork() { return absl::ResourceExhaustedError("the helpers do too much work"); }

Result Join(Arguments arguments, TextPool& pool) {
  const std::string separator = arguments.size() > 1 ? pool.TextOf(arguments[1]) : ", ";
  if (!pool.Spend(arguments[0].items().size())) return TooMuchWork();
  std::string out;
  bool first = true;
  for (const JsonValue& item : arguments[0].items()) {
    if (!std::exchange(first, false)) out += separator;
    AppendTextOf(item, &out);
    if (!pool.HasRoom(out.size())) return TooMuchText();
  }
  return Pooled(std::move(out), pool);
}

Result Length(Arguments arguments, TextPool& pool) {
  const JsonValue& value = arguments[0];
  if (value.is_string()) {
    pool.Spend(value.string().size() / kBytesWrittenPerUnit);
    return Number(CountCodePoints(value.string()), pool);
  }
  return Number(value.items().size() + value.members().size(), pool);
}

Result Lookup(Arguments arguments, TextPool& pool) {
  pool.Spend(arguments[0].members().size() / kNamesPerUnit);
  return Member(arguments[0], pool.TextOf(arguments[1]));
}

Result Upper(Arguments arguments, TextPool& pool) {
  return Pooled(absl::AsciiStrToUpper(pool.TextOf(arguments[0])), pool);
}

Result Lower(Arguments arguments, TextPool& pool) {
  return Pooled(absl::AsciiStrToLower(pool.TextOf(arguments[0])), pool);
}

Result Trim(Arguments arguments, TextPool& pool) {
  return Pooled(std::string(absl::StripAsciiWhitespace(pool.TextOf(arguments[0]))), pool);
}

// The first `count` code points.
std::string Beginning(absl::string_view text, size_t count) {
  size_t end = 0;
  for (; count > 0 && end < text.size(); --count) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  }
  return std::string(text.substr(0, end));
}

Result Truncate(Arguments arguments, TextPool& pool) {
  const double length = arguments[1].number();
  if (!arguments[1].is_number() || length < 0 || length != std::floor(length) || length > 1e9) {
    return absl::InvalidArgumentError("truncate: the length is a whole number that is not negative");
  }
  std::string text = pool.TextOf(arguments[0]);
  const auto count = static_cast<size_t>(length);
  pool.Spend(text.size() / kBytesWrittenPerUnit);
  if (CountCodePoints(text) <= count) return Pooled(std::move(text), pool);
  const std::string suffix = arguments.size() > 2 ? Beginning(pool.TextOf(arguments[2]), count) : "";
  return Pooled(Beginning(text, count - CountCodePoints(suffix)) + suffix, pool);
}

// Each place may hold nearly all of `from`, so that the work is the product of both.
bool SpendSearch(absl::string_view text, absl::string_view from, TextPool& pool) {
  return pool.Spend(text.size() / kBytesSearchedPerUnit * (1 + from.size() / kBytesCopiedPerUnit));
}

Result Replace(Arguments arguments, TextPool& pool) {
  const std::string text = pool.TextOf(arguments[0]);
  const std::string from = pool.TextOf(arguments[1]);
  const std::string to = pool.TextOf(arguments[2]);
  if (from.empty()) return Pooled(text, pool);
  if (!SpendSearch(text, from, pool)) return TooMuchWork();
  std::string out;
  size_t begin = 0;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    out.append(text, begin, at - begin).append(to);
    if (!pool.HasRoom(out.size())) return TooMuchText();
    begin = at + from.size();
  }
  return Pooled(out.append(text, begin), pool);
}

std::optional<absl::Time> TimeOf(const JsonValue& value) {
  if (value.is_number()) {
    if (!(std::abs(value.number()) < 1e12)) return std::nullopt;
    return absl::UnixEpoch() + absl::Seconds(value.number());
  }
  absl::Time time;
  std::string error;
  const bool parsed = value.is_string() && ParseRfc3339(value.string()).has_value() &&
                      absl::ParseTime(absl::RFC3339_full, value.string(), &time, &error);
  return parsed ? std::optional<absl::Time>(time) : std::nullopt;
}

Result Date(Arguments arguments, TextPool& pool) {
  if (IsEmpty(arguments[0])) return JsonValue::String("");
  if (!pool.Spend(arguments[0].string().size() / kBytesParsedPerUnit)) return TooMuchWork();
  const std::optional<absl::Time> time = TimeOf(arguments[0]);
  if (!time.has_value()) return absl::InvalidArgumentError("date: neither epoch seconds nor an RFC 3339 time");
  absl::TimeZone zone = absl::UTCTimeZone();
  if (arguments.size() > 2 && !LoadZone(pool.TextOf(arguments[2]), &zone)) {
    return absl::InvalidArgumentError("date: no such time zone; want a name such as \"Europe/Berlin\"");
  }
  const std::string format = pool.TextOf(arguments[1]);
  const auto fields = static_cast<size_t>(std::count(format.begin(), format.end(), '%'));
  if (!pool.Spend(fields * kUnitsPerDateField)) return TooMuchWork();
  return Pooled(absl::FormatTime(format, *time, zone), pool);
}

Result Slack(Arguments arguments, TextPool& pool) {
  std::string out;
  for (const char c : pool.TextOf(arguments[0])) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out.push_back(c);
    }
  }
  return Pooled(std::move(out), pool);
}

Result Url(Arguments arguments, TextPool& pool) {
  std::string out;
  AppendPercentEncoded(pool.TextOf(arguments[0]), &out);
  return Pooled(std::move(out), pool);
}

Result Base64(Arguments arguments, TextPool& pool) {
  return Pooled(absl::Base64Escape(pool.TextOf(arguments[0])), pool);
}

int CompareAsNumbers(const JsonValue& a, const JsonValue& b, TextPool& pool) {
  pool.Spend((a.number_text().size() + b.number_text().size()) / kBytesWrittenPerUnit);
  return CompareNumbers(a, b);
}

int CompareAsTexts(absl::string_view a, absl::string_view b, TextPool& pool) {
  pool.Spend(std::min(a.size(), b.size()) / kBytesCopiedPerUnit);
  return a.compare(b);
}

bool AreEqual(Arguments arguments, TextPool& pool) {
  const JsonValue& a = arguments[0];
  const JsonValue& b = arguments[1];
  if (a.kind() != b.kind()) return false;
  if (a.is_number()) return CompareAsNumbers(a, b, pool) == 0;
  if (a.is_string()) return CompareAsTexts(a.string(), b.string(), pool) == 0;
  return pool.TextOf(a) == pool.TextOf(b);
}

// Less than 0, 0 or more for two numbers or two strings, else nothing.
std::optional<int> Compare(Arguments arguments, TextPool& pool) {
  const JsonValue& a = arguments[0];
  const JsonValue& b = arguments[1];
  if (a.is_number() && b.is_number()) return CompareAsNumbers(a, b, pool);
  if (a.is_string() && b.is_string()) return CompareAsTexts(a.string(), b.string(), pool);
  return std::nullopt;
}

Result Eq(Arguments a, TextPool& pool) { return JsonValue::Bool(AreEqual(a, pool)); }
Result Ne(Arguments a, TextPool& pool) { return JsonValue::Bool(!AreEqual(a, pool)); }
Result Lt(Arguments a, TextPool& pool) { return JsonValue::Bool(Compare(a, pool).value_or(0) < 0); }
Result Gt(Arguments a, TextPool& pool) { return JsonValue::Bool(Compare(a, pool).value_or(0) > 0); }
Result Le(Arguments a, TextPool& pool) { return JsonValue::Bool(Compare(a, pool).value_or(1) <= 0); }
Result Ge(Arguments a, TextPool& pool) { return JsonValue::Bool(Compare(a, pool).value_or(-1) >= 0); }
Result And(Arguments a, TextPool&) { return JsonValue::Bool(std::all_of(a.begin(), a.end(), IsTrue)); }
Result Or(Arguments a, TextPool&) { return JsonValue::Bool(std::any_of(a.begin(), a.end(), IsTrue)); }
Result Not(Arguments a, TextPool&) { return JsonValue::Bool(!IsTrue(a[0])); }

const absl::flat_hash_map<std::string, Helper>& Helpers() {
  static const auto* const helpers = [] {
    const Helper all[] = {
        {"json", {"value"}, 1, Json, true},
        {"default", {"value", "instead"}, 2, Default},
        {"join", {"items", "separator"}, 1, Join},
        {"length", {"value"}, 1, Length},
        {"lookup", {"value", "key"}, 2, Lookup},
        {"upper", {"text"}, 1, Upper},
        {"lower", {"text"}, 1, Lower},
        {"trim", {"text"}, 1, Trim},
        {"truncate", {"text", "length", "suffix"}, 2, Truncate},
        {"replace", {"text", "from", "to"}, 3, Replace},
        {"date", {"time", "format", "zone"}, 2, Date},
        {"slack", {"text"}, 1, Slack},
        {"url", {"text"}, 1, Url},
        {"base64", {"text"}, 1, Base64},
        {"eq", {"a", "b"}, 2, Eq},
        {"ne", {"a", "b"}, 2, Ne},
        {"lt", {"a", "b"}, 2, Lt},
        {"le", {"a", "b"}, 2, Le},
        {"gt", {"a", "b"}, 2, Gt},
        {"ge", {"a", "b"}, 2, Ge},
        {"and", {"…"}, 1, And},
        {"or", {"…"}, 1, Or},
        {"not", {"value"}, 1, Not},
    };
    auto* made = new absl::flat_hash_map<std::string, Helper>();
    for (const Helper& helper : all) made->emplace(helper.name, helper);
    return made;
  }();
  return *helpers;
}

}  // namespace

absl::StatusOr<absl::string_view> TextPool::Keep(std::string text) {
  if (text.size() > bytes_left_) return TooMuchText();
  bytes_left_ -= text.size();
  work_.Spend(1 + text.size() / kBytesWrittenPerUnit);
  return absl::string_view(texts_.emplace_back(std::move(text)));
}

std::string TextPool::TextOf(const JsonValue& value) {
  std::string text = templates::TextOf(value);
  work_.Spend(text.size() / (value.is_string() ? kBytesCopiedPerUnit : kBytesParsedPerUnit));
  return text;
}

const Helper* FindHelper(absl::string_view name) {
  const auto found = Helpers().find(name);
  return found == Helpers().end() ? nullptr : &found->second;
}

std::string NoSuchHelper(absl::string_view name) {
  return absl::StrCat("there is no helper \"", Shortened(name, kShownNameBytesMax),
                      "\"; see docs/template.md for those that there are");
}

std::string NoPointBeforeIndex(absl::string_view name) {
  return absl::StrCat("a point goes before an index: \"", Shortened(name, kShownNameBytesMax), ".[0]\"");
}

bool IsTrue(const JsonValue& value) {
  switch (value.kind()) {
    case JsonValue::Kind::kNull:
      return false;
    case JsonValue::Kind::kBool:
      return value.bool_value();
    case JsonValue::Kind::kNumber:
      return value.number() != 0;
    case JsonValue::Kind::kString:
      return !value.string().empty();
    case JsonValue::Kind::kArray:
      return !value.items().empty();
    case JsonValue::Kind::kObject:
      return true;
  }
  return false;
}

void AppendTextOf(const JsonValue& value, std::string* out) {
  if (value.is_null()) return;
  if (value.is_string()) {
    out->append(value.string().data(), value.string().size());
  } else {
    AppendJson(value, out);
  }
}

std::string TextOf(const JsonValue& value) {
  std::string out;
  AppendTextOf(value, &out);
  return out;
}

JsonValue Member(const JsonValue& value, absl::string_view name) {
  if (value.is_object()) {
    const JsonValue* found = value.Find(name);
    return found == nullptr ? JsonValue() : *found;
  }
  uint32_t index = 0;
  const bool is_index = value.is_array() && !name.empty() && (name.size() == 1 || name[0] != '0') &&
                        std::all_of(name.begin(), name.end(), IsDigit) && absl::SimpleAtoi(name, &index);
  return is_index && index < value.items().size() ? value.items()[index] : JsonValue();
}

}  // namespace herald::templates
