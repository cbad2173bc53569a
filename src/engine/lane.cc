#include "src/engine/lane.h"

#include <utility>

namespace herald {

void Lane::Hold(HeldDeliveryPtr delivery) {
  delivery->lane = this;
  held.emplace(delivery->claim.delivery, delivery);
  (delivery->attempt_count == 0 ? first_attempts : retries).push_back(std::move(delivery));
}

HeldDeliveryPtr Lane::TakeReady() {
  constexpr int kFirstAttemptsInARow = 3;
  const bool retry = first_attempts.empty() || (!retries.empty() && first_attempts_in_a_row >= kFirstAttemptsInARow);
  std::deque<HeldDeliveryPtr>& from = retry ? retries : first_attempts;
  first_attempts_in_a_row = retry ? 0 : first_attempts_in_a_row + 1;
  HeldDeliveryPtr next = std::move(from.front());
  from.pop_front();
  return next;
}

HeldDeliveryPtr Lane::TakeReady(const Claim& claim) {
  const auto found = held.find(claim.delivery);
  if (found == held.end() || found->second->claim.token != claim.token) return nullptr;
  HeldDeliveryPtr delivery = found->second;
  return std::erase(first_attempts, delivery) + std::erase(retries, delivery) > 0 ? delivery : nullptr;
}

}  // namespace herald
