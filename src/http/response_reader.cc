#include "src/http/response_reader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace herald {
namespace {

// Of "HTTP/1.1 404 Not Found".
int StatusIn(absl::string_view line) {
  const size_t space = line.find(' ');
  int status = 0;
  if (space == absl::string_view::npos || !absl::SimpleAtoi(line.substr(space + 1, 3), &status)) return 0;
  return status;
}

}  // namespace

void ResponseReader::Attach(CurlEasy& easy) {
  easy.Set(CURLOPT_HEADERFUNCTION, &ResponseReader::OnHeader);
  easy.Set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  easy.Set(CURLOPT_WRITEFUNCTION, &ResponseReader::OnBody);
  easy.Set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

// libcurl ends the transfer when a callback returns another size than it was given.
size_t ResponseReader::OnHeader(char* data, size_t size, size_t count, void* reader) {
  const absl::string_view line(data, size * count);
  return static_cast<ResponseReader*>(reader)->TakeHeaderLine(line) ? line.size() : 0;
}

size_t ResponseReader::OnBody(char* data, size_t size, size_t count, void* reader) {
  const absl::string_view bytes(data, size * count);
  return static_cast<ResponseReader*>(reader)->TakeBody(bytes) ? bytes.size() : CURL_WRITEFUNC_ERROR;
}

bool ResponseReader::TakeHeaderLine(absl::string_view line) {
  if (!first_byte_.has_value()) first_byte_ = std::chrono::steady_clock::now();
  header_bytes_ += line.size();
  headers_too_large_ = header_bytes_ > kHeaderBytesMax;
  if (headers_too_large_) return false;
  if (!in_headers_ && absl::StartsWith(line, "HTTP/")) {
    in_headers_ = true;
    response_.headers.clear();  // of an interim answer
    response_.status_code = StatusIn(line);
  } else if (in_headers_) {
    TakeHeader(line);
  }
  return true;
}

void ResponseReader::TakeHeader(absl::string_view line) {
  const bool continues = absl::StartsWith(line, " ") || absl::StartsWith(line, "\t");
  line = absl::StripAsciiWhitespace(line);
  if (line.empty()) {
    in_headers_ = false;
  } else if (continues && !response_.headers.empty()) {
    absl::StrAppend(&response_.headers.back().second, " ", line);
  } else if (const size_t colon = line.find(':'); colon != absl::string_view::npos) {
    response_.headers.emplace_back(absl::AsciiStrToLower(absl::StripAsciiWhitespace(line.substr(0, colon))),
                                   absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
}

bool ResponseReader::TakeBody(absl::string_view bytes) {
  const absl::string_view fits = bytes.substr(0, body_bytes_max_ - response_.body.size());
  absl::StrAppend(&response_.body, fits);
  body_cut_off_ = fits.size() < bytes.size();
  response_.body_complete = !body_cut_off_;
  return !body_cut_off_;
}

}  // namespace herald
