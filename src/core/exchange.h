// One HTTP exchange as values: the request as it goes out, and what came of it. The sender carries it out, the judge
// reads it.

#ifndef HERALD_CORE_EXCHANGE_H_
#define HERALD_CORE_EXCHANGE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace herald {

struct AccessTokenClient;  // access_token.h

// Complete and with its secrets: never logged nor stored.
struct HttpRequest {
  std::string method;  // "POST"
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case; no CR, LF or NUL anywhere
  std::optional<std::string> body;                           // none: no body and no content-length
  absl::Duration timeout;                                    // the whole exchange, to the last byte of the response
  // Set: the authorization header is missing yet; a sender that fetches access tokens adds it, with one of this client.
  std::shared_ptr<const AccessTokenClient> token_client;
};

struct HttpResponse {
  int status_code = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, as received, repeated ones too
  std::string body;                                          // decompressed; at most Limits.response_bytes_max
  bool body_complete = true;                                 // false: the rest was not read
};

// A phase that did not happen is nothing.
struct HttpTiming {
  std::optional<absl::Duration> name_lookup;
  std::optional<absl::Duration> connect;
  std::optional<absl::Duration> tls;
  std::optional<absl::Duration> first_byte;
  absl::Duration total;
};

struct HttpExchange {
  enum class End {
    kAnswered,          // `response` is whole (or cut off at the limit)
    kTimedOut,          // `response` may hold what had come
    kConnectionFailed,  // name look-up, connection, TLS or protocol; `response` may hold what had come
    kBlocked,           // the URL or every address of its host is forbidden; nothing was sent
    kCancelled,         // abandoned by a shutdown
  };
  End end = End::kCancelled;
  std::string message;  // when not kAnswered: one sentence, without secrets, "hooks.slack.com: connection refused"
  std::optional<HttpResponse> response;
  HttpTiming timing;
  std::string remote_address;  // "203.0.113.7:443"; empty when no connection was made
  std::string http_version;    // "1.1" or "2"; empty when no answer came
  std::string note;            // what went before, as the end of the sentence on the outcome; mostly empty
  // What the request held beside the webhook's secrets and an answer may echo: access tokens.
  std::vector<std::string> secrets;
};

}  // namespace herald

#endif  // HERALD_CORE_EXCHANGE_H_
