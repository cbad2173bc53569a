#include "src/engine/delivery_control.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "src/core/errors.h"
#include "src/core/names.h"
#include "src/engine/time_range.h"

namespace herald {
namespace {

// What one transaction cancels, so that no call stalls the others.
constexpr int kCancelledAtOnce = 500;

absl::Status ClosedError(const v1::Delivery& delivery) {
  return MakeError(absl::StatusCode::kFailedPrecondition, v1::WRONG_STATE,
                   absl::StrCat(delivery.name(), " is ", v1::Delivery::State_Name(delivery.state()),
                                "; only what is PENDING or RETRYING can be cancelled"));
}

}  // namespace

absl::StatusOr<v1::Delivery> DeliveryControl::Find(const std::string& tenant, const std::string& name) const {
  v1::GetDeliveryRequest request;
  request.set_name(name);
  return history_.GetDelivery(tenant, request);
}

void DeliveryControl::Retry(const std::string& tenant, const v1::RetryDeliveryRequest& request,
                            Done<v1::Delivery> done) {
  const absl::StatusOr<v1::Delivery> delivery = Find(tenant, request.name());
  if (!delivery.ok()) return done(delivery.status());
  const Sequence sequence = *DeliveryInName(tenant, delivery->name());
  RetryDelivery write{tenant, sequence, request.force(), clock_.Now(), {}};
  const absl::Status submitted =
      committer_.Submit(write, Committer::kSmallWriteBytes,
                        [this, tenant, sequence, found = *delivery, done](const absl::Status& status, Write&) {
                          // Also when it is not known whether it was written.
                          dispatcher_.Wake(tenant, found.webhook_uid());
                          if (!status.ok()) return done(status);
                          absl::StatusOr<v1::Delivery> retried = Find(tenant, found.name());
                          if (retried.ok())
                            watchers_.Changed(tenant, {{sequence, retried->webhook(), retried->state()}});
                          done(std::move(retried));
                        });
  if (!submitted.ok()) done(submitted);
}

void DeliveryControl::Cancel(const std::string& tenant, const v1::CancelDeliveryRequest& request,
                             Done<v1::Delivery> done) {
  const absl::StatusOr<v1::Delivery> found = Find(tenant, request.name());
  if (!found.ok()) return done(found.status());
  const Sequence sequence = *DeliveryInName(tenant, found->name());
  CancelDeliveries write{tenant, found->webhook_uid(), {sequence, sequence + 1}, 1, clock_.Now(), {}, {}};
  const absl::Status submitted =
      committer_.Submit(std::move(write), Committer::kSmallWriteBytes,
                        [this, tenant, before = *found, done](const absl::Status& status, Write& ended) {
                          if (!status.ok()) return done(status);
                          auto& cancel = std::get<CancelDeliveries>(ended);
                          absl::StatusOr<v1::Delivery> delivery = Find(tenant, before.name());
                          if (!cancel.cancelled.empty()) {
                            Cancelled(before.webhook(), std::move(cancel));
                          } else if (delivery.ok()) {
                            delivery = ClosedError(*delivery);
                          }
                          done(std::move(delivery));
                        });
  if (!submitted.ok()) done(submitted);
}

void DeliveryControl::CancelAll(const std::string& tenant, const v1::CancelDeliveriesRequest& request,
                                Done<v1::CancelDeliveriesResponse> done) {
  const absl::StatusOr<WebhookPtr> webhook = registry_.Find(tenant, request.webhook(), "webhook");
  if (!webhook.ok()) return done(webhook.status());
  FieldViolations violations;
  const SequenceRange range = SequencesIn(request.range(), violations);
  if (!violations.empty()) return done(violations.ToStatus());
  CancelRest((*webhook)->webhook().name(), {tenant, (*webhook)->webhook().uid(), range, kCancelledAtOnce, {}, {}, {}},
             0, std::move(done));
}

void DeliveryControl::Cancelled(const std::string& webhook, CancelDeliveries write) {
  std::vector<Watchers::Change> changes;
  for (const Claim& claim : write.cancelled) changes.push_back({claim.delivery, webhook, v1::Delivery::CANCELLED});
  watchers_.Changed(write.tenant, changes);
  dispatcher_.Cancelled(write.tenant, write.webhook_uid, std::move(write.cancelled));
}

void DeliveryControl::CancelRest(const std::string& webhook, CancelDeliveries write, int64_t before,
                                 Done<v1::CancelDeliveriesResponse> done) {
  write.now = clock_.Now();
  const absl::Status submitted =
      committer_.Submit(std::move(write), Committer::kSmallWriteBytes,
                        [this, webhook, before, done](const absl::Status& status, Write& ended) {
                          if (!status.ok()) return done(status);
                          CancelDeliveries& cancel = std::get<CancelDeliveries>(ended);
                          const auto count = static_cast<int64_t>(cancel.cancelled.size());
                          Cancelled(webhook, cancel);
                          if (count == cancel.count_max)
                            return CancelRest(webhook, std::move(cancel), before + count, done);
                          v1::CancelDeliveriesResponse response;
                          response.set_cancelled_count(before + count);
                          done(std::move(response));
                        });
  if (!submitted.ok()) done(submitted);
}

}  // namespace herald
