#include "tests/sim/planted_bugs.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "src/core/errors.h"
#include "src/store/forwarding_store.h"

namespace herald {
namespace {

// Applies one write of a batch by itself: batches need not be whole here, since a planted bug spoils them anyway.
absl::Status ApplyOne(Store& store, Write& write) {
  WriteBatch alone{std::move(write)};
  absl::Status status = store.Apply(alone);
  write = std::move(alone[0]);
  return status;
}

// A store that gets its writes one by one, each after the bug had its way with it.
class BuggyStore : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  absl::Status Apply(WriteBatch& batch) final {
    for (Write& write : batch) {
      if (absl::Status status = Spoil(write); !status.ok()) return status;
      if (const auto* claim = std::get_if<ClaimDeliveries>(&write)) Remember(*claim);
    }
    return absl::OkStatus();
  }

 protected:
  virtual absl::Status Spoil(Write& write) { return ApplyOne(inner(), write); }

  // The last claim of each delivery, whether it is held or not.
  const std::map<Sequence, Claim>& claims() const { return claims_; }

 private:
  void Remember(const ClaimDeliveries& write) {
    for (const ClaimedDelivery& one : write.claimed) claims_[one.claim.delivery] = one.claim;
  }

  std::map<Sequence, Claim> claims_;
};

class TokenIsNotChecked final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    auto* const settle = std::get_if<SettleDelivery>(&write);
    if (settle == nullptr) return ApplyOne(inner(), write);
    const Claim as_given = settle->claim;
    if (const auto held = claims().find(as_given.delivery); held != claims().end()) settle->claim = held->second;
    absl::Status status = ApplyOne(inner(), write);
    std::get<SettleDelivery>(write).claim = as_given;
    return status;
  }
};

class BacklogIsForgotten final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    absl::Status status = ApplyOne(inner(), write);
    if (auto* claim = std::get_if<ClaimDeliveries>(&write)) {
      const bool full = static_cast<int>(claim->claimed.size()) >= claim->count_max;
      if (full) claim->next_due = absl::InfiniteFuture();
    }
    return status;
  }
};

class DeliveryIsClaimedTwice final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    if (std::holds_alternative<ClaimDeliveries>(write)) {
      for (const auto& [delivery, claim] : claims()) {
        Write release = ReleaseDelivery{std::get<ClaimDeliveries>(write).tenant, claim, {}};
        (void)ApplyOne(inner(), release);
      }
    }
    return ApplyOne(inner(), write);
  }
};

class SettlesTwice final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    absl::Status status = ApplyOne(inner(), write);
    const auto* const settle = std::get_if<SettleDelivery>(&write);
    if (settle == nullptr || !settle->status.ok() || !settle->next_attempt_time.has_value()) return status;
    const v1::Delivery delivery = *FindDelivery(settle->tenant, settle->claim.delivery);
    ClaimDeliveries claim;
    claim.tenant = settle->tenant;
    claim.webhook_uid = delivery.webhook_uid();
    claim.now = *settle->next_attempt_time;
    claim.lease_end = claim.now;
    claim.count_max = 1000;
    claim.bytes_max = INT64_MAX;
    Write claiming = std::move(claim);
    (void)ApplyOne(inner(), claiming);
    for (const ClaimedDelivery& one : std::get<ClaimDeliveries>(claiming).claimed) {
      Write next = ReleaseDelivery{settle->tenant, one.claim, {}};
      if (one.claim.delivery == settle->claim.delivery) {
        SettleDelivery again = *settle;
        again.claim = one.claim;
        next = std::move(again);
      }
      (void)ApplyOne(inner(), next);
    }
    return status;
  }
};

class CommitIsLost final : public ForwardingStore {
  using ForwardingStore::ForwardingStore;
  absl::Status Apply(WriteBatch& batch) override {
    // The tenth of them, when it has nothing but events: other writes could not be answered.
    const bool events = std::all_of(batch.begin(), batch.end(),
                                    [](const Write& write) { return std::holds_alternative<EnqueueEvent>(write); });
    return events && ++count_ % 10 == 0 ? absl::OkStatus() : inner().Apply(batch);
  }
  int count_ = 0;
};

class RefusedCommitIsMade final : public ForwardingStore {
  using ForwardingStore::ForwardingStore;
  absl::Status Apply(WriteBatch& batch) override {
    absl::Status status = inner().Apply(batch);
    if (++count_ % 50 != 0) return status;
    return MakeError(absl::StatusCode::kUnavailable, v1::STORE_UNAVAILABLE, "the disk is full");
  }
  int count_ = 0;
};

class FanOutLosesOne final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    auto* const enqueue = std::get_if<EnqueueEvent>(&write);
    if (enqueue != nullptr && enqueue->targets.size() > 1) enqueue->targets.pop_back();
    return ApplyOne(inner(), write);
  }
};

class RetryComesAtOnce final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    auto* const settle = std::get_if<SettleDelivery>(&write);
    if (settle != nullptr && settle->next_attempt_time.has_value()) settle->next_attempt_time = settle->now;
    return ApplyOne(inner(), write);
  }
};

class DeleteIsNotMade final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    if (auto* const remove = std::get_if<DeleteWebhook>(&write)) {
      remove->status = absl::OkStatus();
      return absl::OkStatus();
    }
    return ApplyOne(inner(), write);
  }
};

class RateIsForgotten final : public ForwardingStore {
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::vector<StoredWebhook>> LoadWebhooks() override {
    auto stored = inner().LoadWebhooks();
    if (!stored.ok()) return stored;
    for (StoredWebhook& one : *stored) one.webhook.clear_rate_limit();
    return stored;
  }
};

class BreakerIsForgotten final : public ForwardingStore {
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::vector<StoredHealth>> LoadHealth() override { return std::vector<StoredHealth>(); }
};

class CancelIsNotTold final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    absl::Status status = ApplyOne(inner(), write);
    if (auto* const cancel = std::get_if<CancelDeliveries>(&write)) {
      for (Claim& claim : cancel->cancelled) claim.token = 0;
    }
    return status;
  }
};

class CancelIsNotMade final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    auto* const cancel = std::get_if<CancelDeliveries>(&write);
    if (cancel == nullptr) return ApplyOne(inner(), write);
    cancel->status = absl::OkStatus();
    cancel->cancelled = {{cancel->range.first, 0}};
    return absl::OkStatus();
  }
};

class RetryIsNotMade final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    auto* const retry = std::get_if<RetryDelivery>(&write);
    if (retry == nullptr) return ApplyOne(inner(), write);
    retry->status = absl::OkStatus();
    return absl::OkStatus();
  }
};

class ReplayOpensTwice final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    absl::Status status = ApplyOne(inner(), write);
    auto* const step = std::get_if<ContinueReplay>(&write);
    if (step == nullptr || !step->status.ok()) return status;
    std::vector<ContinueReplay::Opened>& before = before_[step->replay];
    before.swap(step->opened);
    // As if the former step had not been written down: what it opened is opened again, if it is closed by now.
    std::vector<ContinueReplay::Opened> opened = before;
    for (const ContinueReplay::Opened& again : step->opened) {
      const v1::Delivery delivery = *FindDelivery(step->tenant, again.delivery);
      if (delivery.state() == v1::Delivery::PENDING || delivery.state() == v1::Delivery::RETRYING) continue;
      Write retry = herald::RetryDelivery{step->tenant, again.delivery, true, step->now, {}};
      (void)ApplyOne(inner(), retry);
      opened.push_back({again.delivery, v1::Delivery::RETRYING, false});
    }
    step->opened = std::move(opened);
    return status;
  }
  std::map<Sequence, std::vector<ContinueReplay::Opened>> before_;  // what its last step opened, by replay
};

class ReplayMissesAnEvent final : public BuggyStore {
  using BuggyStore::BuggyStore;
  absl::Status Spoil(Write& write) override {
    auto* const step = std::get_if<ContinueReplay>(&write);
    if (step != nullptr && !step->missed.empty()) step->missed.pop_back();
    return ApplyOne(inner(), write);
  }
};

class EndsTwice final : public HttpSender {
 public:
  explicit EndsTwice(HttpSender& inner) : inner_(inner) {}
  void Send(HttpRequest request, Done done) override {
    inner_.Send(std::move(request), [done = std::move(done)](const HttpExchange& exchange) {
      done(exchange);
      // Of failures the engine would notice itself that there is no attempt to count.
      if (exchange.response.has_value() && exchange.response->status_code < 300) done(exchange);
    });
  }

 private:
  HttpSender& inner_;
};

class NeverEnds final : public HttpSender {
 public:
  explicit NeverEnds(HttpSender& inner) : inner_(inner) {}
  void Send(HttpRequest request, Done done) override {
    if (++count_ % 20 == 0) done = [](const HttpExchange&) {};
    inner_.Send(std::move(request), std::move(done));
  }

 private:
  HttpSender& inner_;
  int count_ = 0;
};

class ForwardingSender final : public HttpSender {
 public:
  explicit ForwardingSender(HttpSender& inner) : inner_(inner) {}
  void Send(HttpRequest request, Done done) override { inner_.Send(std::move(request), std::move(done)); }

 private:
  HttpSender& inner_;
};

}  // namespace

std::unique_ptr<Store> PlantInStore(PlantedBug bug, Store& store) {
  switch (bug) {
    case PlantedBug::kTokenIsNotChecked:
      return std::make_unique<TokenIsNotChecked>(store);
    case PlantedBug::kBacklogIsForgotten:
      return std::make_unique<BacklogIsForgotten>(store);
    case PlantedBug::kDeliveryIsClaimedTwice:
      return std::make_unique<DeliveryIsClaimedTwice>(store);
    case PlantedBug::kSettlesTwice:
      return std::make_unique<SettlesTwice>(store);
    case PlantedBug::kCommitIsLost:
      return std::make_unique<CommitIsLost>(store);
    case PlantedBug::kRefusedCommitIsMade:
      return std::make_unique<RefusedCommitIsMade>(store);
    case PlantedBug::kFanOutLosesOne:
      return std::make_unique<FanOutLosesOne>(store);
    case PlantedBug::kRetryComesAtOnce:
      return std::make_unique<RetryComesAtOnce>(store);
    case PlantedBug::kDeleteIsNotMade:
      return std::make_unique<DeleteIsNotMade>(store);
    case PlantedBug::kRateIsForgotten:
      return std::make_unique<RateIsForgotten>(store);
    case PlantedBug::kBreakerIsForgotten:
      return std::make_unique<BreakerIsForgotten>(store);
    case PlantedBug::kCancelIsNotTold:
      return std::make_unique<CancelIsNotTold>(store);
    case PlantedBug::kCancelIsNotMade:
      return std::make_unique<CancelIsNotMade>(store);
    case PlantedBug::kRetryIsNotMade:
      return std::make_unique<RetryIsNotMade>(store);
    case PlantedBug::kReplayOpensTwice:
      return std::make_unique<ReplayOpensTwice>(store);
    case PlantedBug::kReplayMissesAnEvent:
      return std::make_unique<ReplayMissesAnEvent>(store);
    case PlantedBug::kNone:
    case PlantedBug::kEndsTwice:
    case PlantedBug::kNeverEnds:
      break;
  }
  return std::make_unique<ForwardingStore>(store);
}

std::unique_ptr<HttpSender> PlantInSender(PlantedBug bug, HttpSender& sender) {
  if (bug == PlantedBug::kEndsTwice) return std::make_unique<EndsTwice>(sender);
  if (bug == PlantedBug::kNeverEnds) return std::make_unique<NeverEnds>(sender);
  return std::make_unique<ForwardingSender>(sender);
}

}  // namespace herald
