// Page tokens of any text. Input: a token, a line; a condition of the list, a line; a cursor. A token that is made
// gives its cursor back to the same list alone, and any other text is refused at "page_token" or was made here.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "herald/v1/delivery_service.pb.h"
#include "herald/v1/webhook_service.pb.h"
#include "src/base/utf8.h"
#include "src/engine/page_token.h"

namespace herald {
namespace {

constexpr absl::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

template <typename Request>
std::optional<std::string> Parse(Request request, absl::string_view token) {
  request.set_page_token(std::string(token));
  FieldViolations violations;
  std::optional<std::string> cursor = ParsePageToken(request, violations);
  Require(cursor.has_value() == violations.empty(), "violations and result disagree");
  return cursor;
}

template <typename Request>
bool Refused(const Request& request, absl::string_view token) {
  return !Parse(request, token).has_value();
}

void CheckOther(const v1::ListWebhooksRequest& request, absl::string_view token) {
  v1::ListWebhooksRequest narrower = request;
  narrower.set_trigger(absl::StrCat(request.trigger(), "x"));
  Require(Refused(narrower, token), "another condition takes the token");
  v1::ListWebhooksRequest labelled = request;
  (*labelled.mutable_labels())["team"] = request.trigger();
  Require(Refused(labelled, token), "a further condition takes the token");
  v1::ListDeliveriesRequest other_list;
  other_list.set_webhook(request.trigger());
  Require(Refused(other_list, token), "another list takes the token");
}

// Whatever is changed in a token is noticed.
void CheckForgeries(const v1::ListWebhooksRequest& request, const std::string& token) {
  for (size_t i = 0; i < token.size(); i += 7) {
    std::string changed = token;
    changed[i] = kAlphabet[(kAlphabet.find(token[i]) + 1) % kAlphabet.size()];
    Require(Refused(request, changed), "a changed token passes");
  }
  Require(Refused(request, absl::StrCat(token, "A")), "a longer token passes");
  Require(Refused(request, absl::StrCat(token, "=")), "a padded token passes");
  Require(Refused(request, absl::string_view(token).substr(0, token.size() - 1)), "a cut token passes");
}

void CheckMade(v1::ListWebhooksRequest request, absl::string_view cursor) {
  const std::string token = MakePageToken(request, cursor);
  Require(token.find_first_not_of(kAlphabet.data(), 0, kAlphabet.size()) == std::string::npos,
          "a token holds what a URL does not");
  request.set_page_size(7);
  Require(Parse(request, token) == std::string(cursor), "a token gives another cursor");
  CheckOther(request, token);
  CheckForgeries(request, token);
}

void Run(absl::string_view token, absl::string_view condition, absl::string_view cursor) {
  v1::ListWebhooksRequest request;
  request.set_trigger(std::string(condition));
  const std::optional<std::string> parsed = Parse(request, token);
  if (token.empty()) Require(parsed == "", "no token begins elsewhere than at the start");
  if (parsed.has_value() && !token.empty()) {
    Require(!parsed->empty() && MakePageToken(request, *parsed) == token, "a token passes that was not made");
  }
  if (!cursor.empty()) CheckMade(request, cursor);
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t first = input.find('\n');
  const size_t second = first == absl::string_view::npos ? first : input.find('\n', first + 1);
  // A token and a condition that are not UTF-8 cannot arrive in a message.
  if (second == absl::string_view::npos || !herald::IsValidUtf8(input.substr(0, second))) return 0;
  herald::Run(input.substr(0, first), input.substr(first + 1, second - first - 1), input.substr(second + 1));
  return 0;
}
