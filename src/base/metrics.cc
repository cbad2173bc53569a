#include "src/base/metrics.h"

#include <prometheus/text_serializer.h>

#include "src/base/version.h"

namespace herald {
namespace {

prometheus::Family<prometheus::Counter>& Counters(prometheus::Registry& registry, const std::string& name,
                                                  const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Counter& Counter(prometheus::Registry& registry, const std::string& name, const std::string& help) {
  return Counters(registry, name, help).Add({});
}

prometheus::Gauge& Gauge(prometheus::Registry& registry, const std::string& name, const std::string& help,
                         const prometheus::Labels& labels = {}) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Family<prometheus::Histogram>& Histograms(prometheus::Registry& registry, const std::string& name,
                                                      const std::string& help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

}  // namespace

Buckets DurationBuckets() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

Metrics::Metrics()
    : events_accepted(Counter(registry_, "herald_events_accepted_total",
                              "Events that were stored, Herald's own too; an id sent again counts once.")),
      deliveries_matched(
          Counter(registry_, "herald_deliveries_matched_total",
                  "Deliveries made: an accepted event times the webhooks that fired for it, and those that replays "
                  "made for events a webhook never had.")),
      rpcs(Counters(registry_, "herald_rpcs_total", "Calls that ended, by method and gRPC status code.")),
      rpc_duration(Histograms(registry_, "herald_rpc_duration_seconds",
                              "Time from the start of a unary call to its answer, waiting included, by method.")),
      attempts(Counters(registry_, "herald_attempts_total",
                        "Attempts to send a delivery whose outcome was recorded, by outcome.")),
      in_flight_attempts(Gauge(registry_, "herald_in_flight_attempts", "Requests to receivers that are under way.")),
      exchange_duration(Histograms(registry_, "herald_exchange_duration_seconds",
                                   "Time of a request to a receiver, to the last byte of its answer or its failure.")
                            .Add({}, DurationBuckets())),
      breakers(prometheus::BuildGauge()
                   .Name("herald_breakers")
                   .Help("Webhooks to which something was sent, by the state of their circuit breaker.")
                   .Register(registry_)),
      queue_deliveries(Gauge(registry_, "herald_queue_deliveries",
                             "Deliveries that are PENDING or RETRYING, those of webhooks that are not ACTIVE too.")),
      queue_oldest(Gauge(registry_, "herald_queue_oldest_seconds",
                         "Time since the oldest of these deliveries was made; 0 when there is none.")),
      commit_duration(
          Histograms(registry_, "herald_commit_duration_seconds", "Time of one transaction of the store.")
              .Add({}, Buckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1})),
      commit_batch_writes(Histograms(registry_, "herald_commit_batch_writes", "Writes that share one transaction.")
                              .Add({}, Buckets{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})),
      sql_statements(
          Counter(registry_, "herald_sql_statements_total", "SQL statements that were run, BEGIN and COMMIT too.")) {
  Gauge(registry_, "herald_build_info", "1, with the version that runs.", {{"version", kVersion}}).Set(1);
}

std::string Metrics::Text() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

}  // namespace herald
