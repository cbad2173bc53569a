// What tests of stores have in common: short ways to make writes and to apply them.

#ifndef HERALD_TESTS_STORE_STORE_TESTING_H_
#define HERALD_TESTS_STORE_STORE_TESTING_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "src/store/store.h"

namespace herald {

inline constexpr char kTenant[] = "default";

inline absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(1'700'000'000 + seconds); }

// A webhook whose uid is "uid-<id>" and whose etag is "e1".
inline v1::Webhook MakeWebhook(const std::string& id) {
  v1::Webhook webhook;
  webhook.set_name(WebhookName(id));
  webhook.set_uid("uid-" + id);
  webhook.set_display_name("Hook " + id);
  webhook.set_etag("e1");
  webhook.set_url("https://hooks.example.com/services/" + id + "-path");
  webhook.add_triggers("*");
  return webhook;
}

inline CreateWebhook Creating(v1::Webhook webhook) {
  CreateWebhook create;
  create.tenant = kTenant;
  create.webhook = std::move(webhook);
  return create;
}

// An event for each of `webhooks`, ids as MakeWebhook takes them.
inline EnqueueEvent Enqueueing(const std::string& id, const std::vector<std::string>& webhooks, absl::Time now) {
  EnqueueEvent enqueue;
  enqueue.tenant = kTenant;
  enqueue.event.set_id(id);
  enqueue.event.set_type("RequestCreated");
  enqueue.event.set_data_json(R"({"n":1})");
  enqueue.content_hash = "hash of " + id;
  for (const std::string& webhook : webhooks) enqueue.targets.push_back({webhook, "uid-" + webhook});
  enqueue.now = now;
  return enqueue;
}

// An event with an ordering key, for webhook "a".
inline EnqueueEvent Ordered(const std::string& key, absl::Time now) {
  EnqueueEvent enqueue = Enqueueing("", {"a"}, now);
  enqueue.event.set_ordering_key(key);
  return enqueue;
}

inline ClaimDeliveries Claiming(const std::string& webhook, absl::Time now, int count_max = 100) {
  ClaimDeliveries claim;
  claim.tenant = kTenant;
  claim.webhook_uid = "uid-" + webhook;
  claim.now = now;
  claim.lease_end = now + absl::Seconds(70);
  claim.owner = "worker";
  claim.count_max = count_max;
  claim.bytes_max = 1 << 20;
  return claim;
}

inline v1::InvocationResult MakeResult(Sequence delivery, int attempt) {
  v1::InvocationResult result;
  result.set_name(InvocationName(delivery, attempt));
  result.set_delivery(DeliveryName(delivery));
  result.set_attempt(attempt);
  result.set_outcome(v1::InvocationResult::HTTP_FAILED);
  result.set_message("hooks.example.com answered 500");
  result.mutable_request()->set_body("the body that was sent");
  result.mutable_response()->set_status_code(500);
  result.mutable_response()->set_body("the answer");
  result.add_validations()->set_json_path("$.data.ok");
  return result;
}

inline SettleDelivery Settling(const Claim& claim, v1::Delivery::State state, absl::Time now) {
  SettleDelivery settle;
  settle.tenant = kTenant;
  settle.claim = claim;
  settle.state = state;
  settle.result = MakeResult(claim.delivery, 1);
  settle.now = now;
  return settle;
}

// Of a delivery with an ordering key.
inline SettleDelivery Closing(const Claim& claim, v1::Delivery::State state, absl::Time now) {
  SettleDelivery settle = Settling(claim, state, now);
  settle.ordered = true;
  return settle;
}

inline SettleDelivery Retrying(const Claim& claim, int attempt, absl::Time now, absl::Time next) {
  SettleDelivery settle = Settling(claim, v1::Delivery::RETRYING, now);
  settle.result = MakeResult(claim.delivery, attempt);
  settle.next_attempt_time = next;
  return settle;
}

inline ReleaseDelivery Releasing(const Claim& claim) {
  ReleaseDelivery release;
  release.tenant = kTenant;
  release.claim = claim;
  return release;
}

inline CancelDeliveries Cancelling(const std::string& webhook, absl::Time now, const SequenceRange& range = {},
                                   int count_max = 100) {
  return {kTenant, "uid-" + webhook, range, count_max, now, {}, {}};
}

inline RetryDelivery RetryingNow(Sequence delivery, absl::Time now, bool force = false) {
  return {kTenant, delivery, force, now, {}};
}

// Of a webhook that MakeWebhook made.
inline CreateReplay Replaying(const std::string& webhook, const std::vector<v1::Delivery::State>& states,
                              absl::Time now, const SequenceRange& range = {}) {
  CreateReplay create;
  create.tenant = kTenant;
  create.replay.set_webhook(WebhookName(webhook));
  create.replay.set_webhook_uid("uid-" + webhook);
  for (const v1::Delivery::State state : states) create.replay.add_states(state);
  create.range = range;
  create.running_max = 100;
  create.now = now;
  return create;
}

inline ContinueReplay GoingOn(const StoredReplay& stored, absl::Time now, int rows_max) {
  ContinueReplay step;
  step.tenant = stored.tenant;
  step.replay = stored.sequence;
  step.range = stored.rest;
  step.rows_max = rows_max;
  step.now = now;
  return step;
}

inline DeleteExpired Expiring(absl::Time before, int rows_max = 1000) {
  DeleteExpired expire;
  expire.before = FirstSequenceAt(before);
  expire.rows_max = rows_max;
  return expire;
}

// Applies one write and gives it back with its results.
template <typename T>
T Apply(Store& store, T write) {
  WriteBatch batch;
  batch.emplace_back(std::move(write));
  const absl::Status status = store.Apply(batch);
  EXPECT_TRUE(status.ok()) << status;
  return std::get<T>(std::move(batch[0]));
}

// The sequence numbers of the deliveries that were claimed.
inline std::vector<Sequence> SequencesOf(const ClaimDeliveries& claim) {
  std::vector<Sequence> sequences;
  for (const ClaimedDelivery& claimed : claim.claimed) sequences.push_back(claimed.claim.delivery);
  return sequences;
}

inline std::vector<Sequence> SequencesOf(const CancelDeliveries& cancel) {
  std::vector<Sequence> sequences;
  for (const Claim& claim : cancel.cancelled) sequences.push_back(claim.delivery);
  return sequences;
}

inline std::vector<Sequence> SequencesOf(const ContinueReplay& step) {
  std::vector<Sequence> sequences;
  for (const ContinueReplay::Opened& opened : step.opened) sequences.push_back(opened.delivery);
  return sequences;
}

inline PageBounds Rows(int count_max) { return {count_max, int64_t{1} << 30}; }

}  // namespace herald

#endif  // HERALD_TESTS_STORE_STORE_TESTING_H_
