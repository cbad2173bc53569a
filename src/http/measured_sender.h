// A sender that counts and times what another one sends.
//
// Thread-safe.

#ifndef HERALD_HTTP_MEASURED_SENDER_H_
#define HERALD_HTTP_MEASURED_SENDER_H_

#include <utility>

#include "src/base/metrics.h"
#include "src/http/sender.h"

namespace herald {

class MeasuredSender final : public HttpSender {
 public:
  // Both outlive it.
  MeasuredSender(HttpSender& sender, Metrics& metrics) : sender_(sender), metrics_(metrics) {}

  void Send(HttpRequest request, Done done) override {
    metrics_.in_flight_attempts.Increment();
    sender_.Send(std::move(request), [&metrics = metrics_, done = std::move(done)](HttpExchange exchange) {
      metrics.in_flight_attempts.Decrement();
      const bool ended = exchange.end != HttpExchange::End::kCancelled && exchange.end != HttpExchange::End::kBlocked;
      if (ended) metrics.exchange_duration.Observe(absl::ToDoubleSeconds(exchange.timing.total));
      done(std::move(exchange));
    });
  }

 private:
  HttpSender& sender_;
  Metrics& metrics_;
};

}  // namespace herald

#endif  // HERALD_HTTP_MEASURED_SENDER_H_
