#include "src/core/condition_explanation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/utf8.h"
#include "src/core/limits.h"

namespace herald {
namespace {

constexpr size_t kPathBytesMax = 120;
constexpr size_t kValueBytesMax = 64;
constexpr size_t kListedMax = 3;

// How an operator reads after "$.x is 5, " when it holds and when it fails, and after the node that matched or "none".
struct Words {
  absl::string_view holds;
  absl::string_view fails;
  absl::string_view verb;
};
Words WordsFor(v1::Filter::Operator op) {
  switch (op) {
    case v1::Filter::CONTAINS:
      return {"which contains", "which does not contain", "contains"};
    case v1::Filter::STARTS_WITH:
      return {"which starts with", "which does not start with", "starts with"};
    case v1::Filter::ENDS_WITH:
      return {"which ends with", "which does not end with", "ends with"};
    case v1::Filter::MATCHES:
      return {"which matches", "which does not match", "matches"};
    case v1::Filter::LESS_THAN:
      return {"less than", "not less than", "is less than"};
    case v1::Filter::AT_MOST:
      return {"at most", "not at most", "is at most"};
    case v1::Filter::GREATER_THAN:
      return {"greater than", "not greater than", "is greater than"};
    case v1::Filter::AT_LEAST:
      return {"at least", "not at least", "is at least"};
    default:
      return {"one of", "not one of", "is one of"};
  }
}

// Appends the JSON of `value` until `out` has more than `bytes_max` bytes: what comes after is cut off anyway.
void AppendJsonUpTo(size_t bytes_max, const JsonValue& value, std::string* out) {
  if (value.is_string()) return AppendJsonString(Shortened(value.string(), bytes_max), out);
  if (!value.is_array() && !value.is_object()) return AppendJson(value, out);
  const char* before = value.is_array() ? "[" : "{";
  for (const JsonValue& item : value.items()) {
    if (out->size() > bytes_max) return;
    out->append(std::exchange(before, ","));
    AppendJsonUpTo(bytes_max, item, out);
  }
  for (const JsonMember& member : value.members()) {
    if (out->size() > bytes_max) return;
    out->append(std::exchange(before, ","));
    AppendJsonString(Shortened(member.name, bytes_max), out);
    out->push_back(':');
    AppendJsonUpTo(bytes_max, member.value, out);
  }
  if (*before != ',') out->append(before);
  out->push_back(value.is_array() ? ']' : '}');
}

std::string InJsonQuotes(absl::string_view text) {
  std::string out;
  AppendJsonString(Shortened(text, kValueBytesMax), &out);
  return out;
}

std::string Shown(const JsonValue& node) {
  if (node.is_array()) return "an array";
  if (node.is_object()) return "an object";
  return node.is_string() ? InJsonQuotes(node.string()) : Shortened(ToJson(node), kValueBytesMax);
}

// "a", "b", "c" and more
std::string Listed(std::vector<std::string> words, bool more, absl::string_view conjunction) {
  more = more || words.size() > kListedMax;
  words.resize(std::min(words.size(), kListedMax));
  std::string list;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool last = !more && i > 0 && i + 1 == words.size();
    absl::StrAppend(&list, i == 0 ? "" : last ? absl::StrCat(" ", conjunction, " ") : ", ", words[i]);
  }
  return more ? absl::StrCat(list, " ", conjunction, " more") : list;
}

std::string ListedNodes(const SeenNodes& seen) {
  std::vector<std::string> words;
  for (const JsonValue& node : seen.nodes) words.push_back(Shown(node));
  return Listed(std::move(words), seen.more, "and");
}

std::string ListedValues(const NodeMatcher& matcher) {
  std::vector<std::string> words;
  for (const std::string& value : matcher.values()) words.push_back(InJsonQuotes(value));
  return Listed(std::move(words), false, "or");
}

// What the operator looks at, when that is not what `node` is; else empty.
std::string TypeHint(absl::string_view path, const NodeMatcher& matcher, const JsonValue& node) {
  if (matcher.LooksAt(node)) return "";
  if (node.is_array()) return absl::StrCat("; write ", path, "[*] for its items");
  if (node.is_object()) return absl::StrCat("; write ", path, ".* for its members");
  return absl::StrCat("; ", v1::Filter::Operator_Name(matcher.op()), " looks at ", matcher.LooksAtWhat());
}

std::string SentenceForOne(absl::string_view path, const NodeMatcher& matcher, const SeenNodes& seen) {
  const JsonValue& node = seen.nodes.front();
  const Words words = WordsFor(matcher.op());
  const bool matched = seen.matched.has_value();
  return absl::StrCat(path, " is ", Shown(node), ", ", matched ? words.holds : words.fails, " ", ListedValues(matcher),
                      matched ? "" : TypeHint(path, matcher, node));
}

std::string SentenceForSeveral(absl::string_view path, const NodeMatcher& matcher, const SeenNodes& seen) {
  return absl::StrCat(path, " selects ", ListedNodes(seen), "; ", seen.matched ? Shown(*seen.matched) : "none", " ",
                      WordsFor(matcher.op()).verb, " ", ListedValues(matcher));
}

}  // namespace

std::string SeenText(const JsonValue& node) {
  if (node.is_string()) return Shortened(node.string(), kSeenValueBytesMax);
  std::string json;
  AppendJsonUpTo(kSeenValueBytesMax, node, &json);
  return Shortened(json, kSeenValueBytesMax);
}

std::string ConditionSentence(absl::string_view path, const NodeMatcher& matcher, const SeenNodes& seen) {
  const std::string shown_path = Shortened(path, kPathBytesMax);
  if (seen.nodes.empty()) return absl::StrCat(shown_path, " selects nothing");
  if (matcher.op() == v1::Filter::EXISTS) return absl::StrCat(shown_path, " selects ", ListedNodes(seen));
  if (matcher.op() == v1::Filter::NOT_EXISTS) {
    return absl::StrCat(shown_path, " selects ", ListedNodes(seen), " and should select nothing");
  }
  const bool one = seen.nodes.size() == 1 && !seen.more;
  return one ? SentenceForOne(shown_path, matcher, seen) : SentenceForSeveral(shown_path, matcher, seen);
}

std::string WorkLimitSentence(absl::string_view path, int nodes_max) {
  return absl::StrCat(Shortened(path, kPathBytesMax), " needs more work than visiting ", nodes_max,
                      " nodes; past that limit a condition does not hold, whatever its operator");
}

}  // namespace herald
