#include "tests/sim/gate_watch.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "tests/support/check.h"

namespace herald {
namespace {

constexpr int kFailuresMax = 10;
constexpr absl::Duration kWaitMin = absl::Seconds(5);
constexpr absl::Duration kWaitMax = absl::Minutes(5);
constexpr int kAnyNumber = std::numeric_limits<int>::max();
// For sums of fractions of a token.
constexpr double kRounding = 1e-6;

// A delivery that was cancelled and opened again may be in flight twice.
bool IsOf(const SimNetwork::End& end, const SimNetwork::Arrival& arrival) {
  return end.delivery == arrival.delivery && end.sent_before == arrival.sent_before;
}

}  // namespace

void GateWatch::Start() {
  started_ = clock_.Monotonic();
  buckets_.clear();
  breakers_.clear();
  const auto stored = disk_.LoadHealth();
  TestCheck(stored.ok(), "the memory store can be read");
  for (const StoredHealth& one : *stored) {
    Breaker& breaker = breakers_[one.webhook_uid];
    breaker.open =
        one.health.breaker() == v1::WebhookHealth::OPEN || one.health.breaker() == v1::WebhookHealth::HALF_OPEN;
    if (one.health.has_probe_time()) breaker.probe_time = FromProto(one.health.probe_time());
  }
}

void GateWatch::LearnLimits() {
  for (const auto& [uid, webhook] : ledger_.webhooks()) {
    if (!webhook.has_rate_limit()) continue;
    Limit& limit = limits_[uid];
    limit.rate = std::max(limit.rate, webhook.rate_limit().requests_per_second());
    limit.burst = std::max<double>(limit.burst, webhook.rate_limit().burst());
  }
}

void GateWatch::TakeToken(const std::string& uid) {
  const auto limit = limits_.find(uid);
  if (limit == limits_.end()) return;
  // A life begins with one second's worth.
  const auto [found, is_new] =
      buckets_.try_emplace(uid, Bucket{std::min(limit->second.burst, limit->second.rate), started_});
  Bucket& bucket = found->second;
  const absl::Duration now = clock_.Monotonic();
  bucket.tokens += absl::ToDoubleSeconds(now - bucket.at) * limit->second.rate;
  bucket.tokens = std::min(bucket.tokens, limit->second.burst) - 1;
  bucket.at = now;
  if (bucket.tokens >= -kRounding) return;
  rate_broken_ = absl::StrCat("webhook ", uid, " is sent more than ", limit->second.burst, " and ", limit->second.rate,
                              " a second");
}

bool GateWatch::IsAlive(const SimNetwork::End& end) {
  return end.end == HttpExchange::End::kAnswered && end.status != 429 && end.status < 500;
}

bool GateWatch::IsFailure(const SimNetwork::End& end) {
  return end.end != HttpExchange::End::kCancelled && !IsAlive(end);
}

int GateWatch::Allowed(const Breaker& breaker, const std::vector<SimNetwork::End>& ends) const {
  if (!breaker.open || std::any_of(ends.begin(), ends.end(), IsAlive)) return kAnyNumber;
  if (!breaker.probe.has_value()) return clock_.Now() >= breaker.probe_time ? 1 : 0;
  const auto probed =
      std::find_if(ends.begin(), ends.end(), [&](const SimNetwork::End& end) { return IsOf(end, *breaker.probe); });
  return probed == ends.end() || IsFailure(*probed) ? 0 : 1;
}

void GateWatch::Ended(Breaker& breaker, const SimNetwork::End& end) {
  if (IsAlive(end)) {
    breaker = Breaker();
    return;
  }
  const bool was_probe = breaker.open && breaker.probe.has_value() && IsOf(end, *breaker.probe);
  if (was_probe) breaker.probe.reset();
  if (!IsFailure(end)) return;
  ++breaker.failures;
  if (!was_probe && (breaker.open || breaker.failures < kFailuresMax)) return;
  breaker.wait = std::clamp(breaker.wait * 2, kWaitMin, kWaitMax);
  breaker.probe_time = clock_.Now() + breaker.wait;
  breaker.open = true;
}

// What is changed may be what was wrong: an open breaker probes at once.
void GateWatch::LetProbe(const std::set<std::string>& changed) {
  for (const std::string& uid : changed) {
    const auto found = breakers_.find(uid);
    if (found == breakers_.end()) continue;
    found->second.probe_time = std::min(found->second.probe_time, clock_.Now());
  }
}

void GateWatch::Turn(const std::vector<SimNetwork::End>& ends, const std::set<std::string>& changed,
                     const std::vector<SimNetwork::Arrival>& arrivals) {
  LearnLimits();
  LetProbe(changed);
  std::map<std::string, std::vector<SimNetwork::End>> ends_of;
  std::map<std::string, std::vector<SimNetwork::Arrival>> sent_to;
  for (const SimNetwork::End& end : ends) ends_of[ledger_.deliveries().at(end.delivery).webhook_uid].push_back(end);
  for (const SimNetwork::Arrival& arrival : arrivals) {
    const std::string& uid = ledger_.deliveries().at(arrival.delivery).webhook_uid;
    sent_to[uid].push_back(arrival);
    TakeToken(uid);
  }
  for (const auto& [uid, sent] : sent_to) {
    Breaker& breaker = breakers_[uid];
    const int allowed = Allowed(breaker, ends_of[uid]);
    if (static_cast<int>(sent.size()) > allowed) {
      breaker_broken_ = absl::StrCat("webhook ", uid, " was sent ", DeliveryName(sent.back().delivery), " while open");
    }
    for (const SimNetwork::End& end : ends_of[uid]) Ended(breaker, end);
    ends_of.erase(uid);
    if (allowed == 1) breaker.probe = sent.front();
  }
  for (const auto& [uid, of_one] : ends_of) {
    for (const SimNetwork::End& end : of_one) Ended(breakers_[uid], end);
  }
  LetProbe(changed);  // it may have heard of the change last
}

}  // namespace herald
