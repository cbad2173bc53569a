// The response document, which response validators see:
//
//   {"status": number, "headers": {lower-case name: value}, "data": …}
//
// `data` is the body parsed as JSON whatever its type says, else the body as a string; the values of a repeated header
// are joined by ", ".

#ifndef HERALD_CORE_RESPONSE_DOCUMENT_H_
#define HERALD_CORE_RESPONSE_DOCUMENT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/core/exchange.h"

namespace herald {

// The headers of `response`, joined, as UTF-8.
std::map<std::string, std::string> JoinedHeaders(const HttpResponse& response);

// Owns the memory of its values; lives no longer than the response.
class ResponseDocument {
 public:
  ResponseDocument(const HttpResponse& response, int json_depth_max);

  ResponseDocument(const ResponseDocument&) = delete;
  ResponseDocument& operator=(const ResponseDocument&) = delete;

  const JsonValue& root() const { return root_; }

 private:
  JsonValue Data(const HttpResponse& response, int json_depth_max);

  const std::string status_;
  const std::map<std::string, std::string> headers_;
  std::optional<JsonDocument> json_body_;
  std::string text_body_;
  std::vector<JsonMember> header_members_;
  std::vector<JsonMember> members_;
  JsonValue root_;
};

}  // namespace herald

#endif  // HERALD_CORE_RESPONSE_DOCUMENT_H_
