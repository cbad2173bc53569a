// A store that counts and times what is written to another one.
//
// Thread rule as Store.

#ifndef HERALD_STORE_MEASURED_STORE_H_
#define HERALD_STORE_MEASURED_STORE_H_

#include <array>

#include "src/base/clock.h"
#include "src/base/metrics.h"
#include "src/store/forwarding_store.h"

namespace herald {

class MeasuredStore final : public ForwardingStore {
 public:
  // All three outlive it.
  MeasuredStore(Store& store, Metrics& metrics, const Clock& clock);

  absl::Status Apply(WriteBatch& batch) override;

 private:
  void Count(const EnqueueEvent& write);
  void Count(const SettleDelivery& write);
  void Count(const ReplaceWebhook& write);
  void Count(const ContinueReplay& write);
  template <typename Other>
  void Count(const Other&) {}

  Metrics& metrics_;
  const Clock& clock_;
  std::array<prometheus::Counter*, v1::InvocationResult::Outcome_ARRAYSIZE> attempts_{};  // by outcome
};

}  // namespace herald

#endif  // HERALD_STORE_MEASURED_STORE_H_
