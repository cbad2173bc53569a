#include "benchmarks/load/http_request.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace herald {
namespace {

// Takes the text up to `end` off the front of `rest`. False: it is not there.
bool Take(absl::string_view end, absl::string_view* rest, absl::string_view* taken) {
  const size_t at = rest->find(end);
  if (at == absl::string_view::npos) return false;
  *taken = rest->substr(0, at);
  rest->remove_prefix(at + end.size());
  return true;
}

bool ParseHeaders(absl::string_view lines, ParsedHttpRequest* request) {
  absl::string_view line;
  absl::string_view name;
  while (Take("\r\n", &lines, &line)) {
    if (!Take(":", &line, &name)) return false;
    request->headers.emplace_back(name, absl::StripAsciiWhitespace(line));
  }
  return true;
}

}  // namespace

absl::string_view ParsedHttpRequest::Header(absl::string_view name) const {
  for (const auto& [candidate, value] : headers) {
    if (absl::EqualsIgnoreCase(candidate, name)) return value;
  }
  return {};
}

HttpParse ParseHttpRequest(absl::string_view bytes, ParsedHttpRequest* request) {
  const size_t blank_line = bytes.find("\r\n\r\n");
  if (blank_line == absl::string_view::npos) return HttpParse::kMore;
  absl::string_view head = bytes.substr(0, blank_line + 2);
  absl::string_view line;
  request->headers.clear();
  if (!Take("\r\n", &head, &line) || !Take(" ", &line, &request->method) || !Take(" ", &line, &request->target) ||
      !ParseHeaders(head, request)) {
    return HttpParse::kBad;
  }
  size_t body_size = 0;
  const absl::string_view length = request->Header("content-length");
  if (!length.empty() && !absl::SimpleAtoi(length, &body_size)) return HttpParse::kBad;
  const size_t body_at = blank_line + 4;
  if (bytes.size() - body_at < body_size) return HttpParse::kMore;
  request->body = bytes.substr(body_at, body_size);
  request->size = body_at + body_size;
  return HttpParse::kWhole;
}

}  // namespace herald
