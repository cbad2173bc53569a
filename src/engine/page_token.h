// Page tokens: a cursor, sealed with the query that it belongs to, so that a token of another list, or of other
// conditions, is refused instead of giving a wrong page.

#ifndef HERALD_ENGINE_PAGE_TOKEN_H_
#define HERALD_ENGINE_PAGE_TOKEN_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "src/core/errors.h"

namespace herald {

// `request` is the list's request; its page_size and page_token do not count.
std::string MakePageToken(const google::protobuf::Message& request, absl::string_view cursor);

// The cursor of a token that MakePageToken made for the same conditions; empty for no token. Anything else is a
// violation at "page_token", and nothing is returned.
std::optional<std::string> ParsePageToken(const google::protobuf::Message& request, FieldViolations& violations);

// 0: the default; above the limit: the limit; negative: a violation at "page_size".
int PageSize(int asked, int page_size_max, FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_ENGINE_PAGE_TOKEN_H_
