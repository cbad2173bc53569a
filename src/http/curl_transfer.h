// One exchange on its way through libcurl.
//
// Confined to its loop's thread; stays where it is while libcurl has the handle.

#ifndef HERALD_HTTP_CURL_TRANSFER_H_
#define HERALD_HTTP_CURL_TRANSFER_H_

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/core/exchange.h"
#include "src/http/address_guard.h"
#include "src/http/curl_handle.h"
#include "src/http/curl_sender.h"
#include "src/http/response_reader.h"
#include "src/http/sender.h"

namespace herald {

// What all transfers of a loop have in common.
struct TransferSurroundings {
  const CurlSenderOptions& options;
  // Called for each address that libcurl tries: with the new socket, or CURL_SOCKET_BAD when there is none.
  std::function<void(CURL*, curl_socket_t)> opened;
};

class CurlTransfer {
 public:
  // `easy` has the common options; `surroundings` must outlive it.
  CurlTransfer(HttpRequest request, HttpSender::Done done, CurlEasy easy, const TransferSurroundings& surroundings);

  // Makes the handle ready. INVALID_ARGUMENT: the request may not be sent. RESOURCE_EXHAUSTED: it cannot be.
  absl::Status SetUp();

  // What came of it, when libcurl ended it with `code`.
  HttpExchange Result(CURLcode code);
  // What came of it when it did not begin, or was broken off.
  HttpExchange Result(HttpExchange::End end, absl::string_view sentence) const;

  CURL* handle() const { return easy_.get(); }
  bool connected() const { return !RemoteAddress().empty(); }
  // After the last Result.
  CurlEasy TakeHandle() { return std::move(easy_); }
  HttpSender::Done TakeDone() { return std::move(done_); }

 private:
  // libcurl is about to send the request.
  static int OnRequest(void* transfer, char* local_ip, char* remote_ip, int local_port, int remote_port);
  HttpExchange::End EndOf(CURLcode code) const;
  std::string Sentence(CURLcode code) const;
  std::string WithHost(absl::string_view sentence) const;
  HttpTiming Timing() const;
  std::string RemoteAddress() const;  // empty: no connection was made

  HttpRequest request_;
  HttpSender::Done done_;
  const TransferSurroundings& surroundings_;
  CurlEasy easy_;
  CurlList headers_;
  AddressGuard guard_;
  ResponseReader reader_;
  std::chrono::steady_clock::time_point request_begin_;
};

}  // namespace herald

#endif  // HERALD_HTTP_CURL_TRANSFER_H_
