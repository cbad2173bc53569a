// Everything that Herald counts and measures, each by its name in Prometheus. docs/operations.md lists them for people.
//
// Thread-safe. An update costs some tens of nanoseconds. A label has few values, which the program knows beforehand:
// never the name of a webhook, a tenant, a host.

#ifndef HERALD_BASE_METRICS_H_
#define HERALD_BASE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

namespace herald {

// Upper bounds of a histogram's buckets, rising, without the last one, which is infinite.
using Buckets = prometheus::Histogram::BucketBoundaries;
// For durations in seconds: half a millisecond to half a minute.
Buckets DurationBuckets();

class Metrics {
 private:
  prometheus::Registry registry_;  // before what is registered in it

 public:
  Metrics();

  // All of them as Prometheus reads them: its text format 0.0.4. A metric whose labels have had no value yet is left
  // out.
  std::string Text() const;

  // Accepting.
  prometheus::Counter& events_accepted;
  prometheus::Counter& deliveries_matched;
  prometheus::Family<prometheus::Counter>& rpcs;            // {method, code}
  prometheus::Family<prometheus::Histogram>& rpc_duration;  // {method}

  // Sending.
  prometheus::Family<prometheus::Counter>& attempts;  // {outcome}
  prometheus::Gauge& in_flight_attempts;
  prometheus::Histogram& exchange_duration;
  prometheus::Family<prometheus::Gauge>& breakers;  // {state}

  // The store.
  prometheus::Gauge& queue_deliveries;
  prometheus::Gauge& queue_oldest;
  prometheus::Histogram& commit_duration;
  prometheus::Histogram& commit_batch_writes;
  prometheus::Counter& sql_statements;
};

}  // namespace herald

#endif  // HERALD_BASE_METRICS_H_
