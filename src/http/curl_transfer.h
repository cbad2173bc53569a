// One exchange on one libcurl easy handle: from an HttpRequest to the HttpExchange that came of it. The handle is used
// again.
//
// Confined to its sender's thread.

#ifndef HERALD_HTTP_CURL_TRANSFER_H_
#define HERALD_HTTP_CURL_TRANSFER_H_

#include <curl/curl.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "src/core/exchange.h"
#include "src/core/url_policy.h"
#include "src/http/address_guard.h"
#include "src/http/sender.h"

namespace herald {

struct CurlSenderOptions {
  UrlPolicy policy{UrlAllowances{}};
  // PEM file of the authorities to trust instead of the system's; empty: the system's.
  std::string ca_file;
  // libcurl's CONNECT_TO: "HOST:PORT:ADDRESS:PORT". The address is judged by `policy` like any other.
  std::vector<std::string> connect_to;
  // Response bytes read, after decompression, before the connection is closed.
  int response_bytes_max = 1 << 20;
};

using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

class CurlTransfer {
 public:
  // `options` and `connect_to` outlive the transfer.
  CurlTransfer(const CurlSenderOptions& options, curl_slist* connect_to);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* handle() const { return easy_.get(); }

  // Makes the handle ready to be added to a multi handle. INVALID_ARGUMENT: the URL is forbidden. INTERNAL: libcurl
  // refused an option.
  absl::Status Begin(HttpRequest request, HttpSender::Done done);

  // The handle has ended with `code`. Calls `done`; the transfer can begin again.
  void End(CURLcode code);
  // Nothing is to come any more. Calls `done` with this end.
  void EndWithout(HttpExchange::End end, std::string message);

 private:
  absl::Status SetOptions();
  bool AddHeader(const std::string& line);
  bool TakeHeader(absl::string_view line);
  size_t TakeBody(const char* bytes, size_t size);
  void Classify(CURLcode code, HttpExchange& exchange) const;
  std::string Failure(CURLcode code) const;
  HttpTiming Timing() const;

  const CurlSenderOptions& options_;
  curl_slist* const connect_to_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  CurlList headers_;
  HttpRequest request_;
  HttpSender::Done done_;
  std::string host_;
  AddressGuard guard_;
  HttpResponse response_;
  size_t header_bytes_ = 0;
  bool headers_too_big_ = false;
  char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace herald

#endif  // HERALD_HTTP_CURL_TRANSFER_H_
