// Takes an answer in as libcurl hands it over, within bounds.
//
// Confined to its transfer's thread; must stay where it is while libcurl has the handle.

#ifndef HERALD_HTTP_RESPONSE_READER_H_
#define HERALD_HTTP_RESPONSE_READER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "src/core/exchange.h"
#include "src/http/curl_handle.h"

namespace herald {

class ResponseReader {
 public:
  // All header lines of an exchange, interim answers and trailers included.
  static constexpr size_t kHeaderBytesMax = 64 << 10;

  explicit ResponseReader(int64_t body_bytes_max) : body_bytes_max_(static_cast<size_t>(body_bytes_max)) {}

  // Sets the callbacks.
  void Attach(CurlEasy& easy);

  // When the answer began to come; nothing when none did.
  std::optional<std::chrono::steady_clock::time_point> first_byte() const { return first_byte_; }
  // Whether a final status has come.
  bool answered() const { return response_.status_code >= 200; }
  // Whether reading ended because the body or the headers are larger than their bound.
  bool body_cut_off() const { return body_cut_off_; }
  bool headers_too_large() const { return headers_too_large_; }

  HttpResponse TakeResponse() { return std::move(response_); }

 private:
  static size_t OnHeader(char* data, size_t size, size_t count, void* reader);
  static size_t OnBody(char* data, size_t size, size_t count, void* reader);
  bool TakeHeaderLine(absl::string_view line);
  bool TakeBody(absl::string_view bytes);
  void TakeHeader(absl::string_view line);

  const size_t body_bytes_max_;
  std::optional<std::chrono::steady_clock::time_point> first_byte_;
  size_t header_bytes_ = 0;
  bool in_headers_ = false;  // between a status line and the empty line; trailers come later and are left out
  bool body_cut_off_ = false;
  bool headers_too_large_ = false;
  HttpResponse response_;
};

}  // namespace herald

#endif  // HERALD_HTTP_RESPONSE_READER_H_
