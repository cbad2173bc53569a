// How an exchange goes over the wire: what is set on libcurl's handle.

#ifndef HERALD_HTTP_REQUEST_OPTIONS_H_
#define HERALD_HTTP_REQUEST_OPTIONS_H_

#include "absl/status/status.h"
#include "src/core/exchange.h"
#include "src/http/curl_handle.h"
#include "src/http/curl_sender.h"

namespace herald {

// What holds for every exchange: safety, TLS, connections. `connect_to` holds options.connect_to; both must outlive the
// handle.
void SetCommonOptions(const CurlSenderOptions& options, const CurlList& connect_to, CurlEasy& easy);

// What this request asks for; nothing is left of an earlier one. `headers` is filled; it and `request` must outlive the
// transfer. INVALID_ARGUMENT: a header would be read as something else.
absl::Status SetRequestOptions(const HttpRequest& request, CurlEasy& easy, CurlList& headers);

}  // namespace herald

#endif  // HERALD_HTTP_REQUEST_OPTIONS_H_
