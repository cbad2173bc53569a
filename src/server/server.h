// A whole Herald: stores, engine and services wired together. The only place that names implementations.
//
// Start and Stop are for the owner's thread.

#ifndef HERALD_SERVER_SERVER_H_
#define HERALD_SERVER_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/server/config.h"

namespace herald {

class Server {
 public:
  // Opens the store, takes up what is pending and serves. INVALID_ARGUMENT, FAILED_PRECONDITION, UNAVAILABLE: with one
  // sentence that names the flag or the file; then nothing runs.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Config& config);

  virtual ~Server() = default;

  // Where it serves gRPC: "127.0.0.1:50051".
  virtual std::string address() const = 0;

  // The same of HTTP; empty: it serves none.
  virtual std::string http_address() const = 0;

  // Drains: health becomes NOT_SERVING, new calls are refused, calls and exchanges under way end, within the drain
  // time-out. What is left stays in the store for the next start.
  virtual void Stop() = 0;
};

}  // namespace herald

#endif  // HERALD_SERVER_SERVER_H_
