#include "src/store/measured_store.h"

#include <variant>

#include "absl/algorithm/container.h"

namespace herald {

MeasuredStore::MeasuredStore(Store& store, Metrics& metrics, const Clock& clock)
    : ForwardingStore(store), metrics_(metrics), clock_(clock) {
  for (int outcome = v1::InvocationResult::SUCCEEDED; outcome <= v1::InvocationResult::Outcome_MAX; ++outcome) {
    attempts_[static_cast<size_t>(outcome)] = &metrics_.attempts.Add(
        {{"outcome", v1::InvocationResult::Outcome_Name(static_cast<v1::InvocationResult::Outcome>(outcome))}});
  }
}

absl::Status MeasuredStore::Apply(WriteBatch& batch) {
  const absl::Duration start = clock_.Monotonic();
  absl::Status status = inner().Apply(batch);
  if (!status.ok()) return status;
  metrics_.commit_duration.Observe(absl::ToDoubleSeconds(clock_.Monotonic() - start));
  metrics_.commit_batch_writes.Observe(static_cast<double>(batch.size()));
  for (const Write& write : batch) {
    std::visit(
        [this](const auto& each) {
          if (each.status.ok()) Count(each);
        },
        write);
  }
  return status;
}

void MeasuredStore::Count(const EnqueueEvent& write) {
  metrics_.events_accepted.Increment();
  double made = 0;
  for (const EnqueueEvent::Target& target : write.targets) made += target.delivery != 0 ? 1 : 0;
  metrics_.deliveries_matched.Increment(made);
}

void MeasuredStore::Count(const SettleDelivery& write) {
  const auto outcome = static_cast<size_t>(write.result.outcome());
  if (outcome < attempts_.size() && attempts_[outcome] != nullptr) attempts_[outcome]->Increment();
  if (write.event.has_value() && write.event->status.ok()) Count(*write.event);
}

void MeasuredStore::Count(const ReplaceWebhook& write) {
  if (write.event.has_value() && write.event->status.ok()) Count(*write.event);
}

void MeasuredStore::Count(const ContinueReplay& write) {
  metrics_.deliveries_matched.Increment(
      static_cast<double>(absl::c_count_if(write.opened, [](const auto& opened) { return opened.made; })));
}

}  // namespace herald
