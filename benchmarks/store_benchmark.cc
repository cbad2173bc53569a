// What a batch costs on disk: enqueue, claim and settle of 64 events with one delivery each, as the committer applies
// them. The directory is that of TMPDIR (default /tmp): name one on the disk that is to be measured.

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/random.h"
#include "src/core/names.h"
#include "src/store/memory_store.h"
#include "src/store/sqlite_store.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr int kBatch = 64;
constexpr char kTenant[] = "default";
constexpr char kUid[] = "whk_0000000000001";

// As large as the sample access request.
const std::string& Payload() {
  static const std::string& payload = *new std::string(absl::StrCat("{\"request\":\"", std::string(700, 'x'), "\"}"));
  return payload;
}

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::abort();
}

std::unique_ptr<Store> MakeStore(bool sqlite, const TempDir& dir) {
  std::unique_ptr<Store> store = std::make_unique<MemoryStore>();
  if (sqlite) {
    auto opened = SqliteStore::Open(dir.File("herald.db"));
    Check(opened.status());
    store = *std::move(opened);
  }
  CreateWebhook create;
  create.tenant = kTenant;
  create.webhook.set_name(WebhookName("slack"));
  create.webhook.set_uid(kUid);
  create.webhook.set_display_name("Slack");
  WriteBatch batch;
  batch.emplace_back(std::move(create));
  Check(store->Apply(batch));
  return store;
}

// `random_ids`: as senders give them, in no order; else Herald's own.
WriteBatch EnqueueBatch(bool random_ids, Random& random) {
  WriteBatch batch;
  for (int i = 0; i < kBatch; ++i) {
    EnqueueEvent& enqueue = std::get<EnqueueEvent>(batch.emplace_back(EnqueueEvent()));
    enqueue.tenant = kTenant;
    enqueue.event.set_type("RequestCreated");
    enqueue.event.set_data_json(Payload());
    if (random_ids) enqueue.event.set_id(absl::StrCat(absl::Hex(random.Next()), "-", absl::Hex(random.Next())));
    enqueue.content_hash = std::string(32, 'h');
    enqueue.targets.push_back({"slack", kUid});
    enqueue.now = absl::Now();
  }
  return batch;
}

WriteBatch ClaimBatch() {
  ClaimDeliveries claim;
  claim.tenant = kTenant;
  claim.webhook_uid = kUid;
  claim.now = absl::Now();
  claim.lease_end = claim.now + absl::Seconds(70);
  claim.owner = "herald";
  claim.count_max = kBatch;
  claim.bytes_max = 1 << 20;
  WriteBatch batch;
  batch.emplace_back(std::move(claim));
  return batch;
}

WriteBatch SettleBatch(const std::vector<ClaimedDelivery>& claimed) {
  WriteBatch batch;
  for (const ClaimedDelivery& each : claimed) {
    SettleDelivery& settle = std::get<SettleDelivery>(batch.emplace_back(SettleDelivery()));
    settle.tenant = kTenant;
    settle.claim = each.claim;
    settle.state = v1::Delivery::SUCCEEDED;
    settle.result.set_outcome(v1::InvocationResult::SUCCEEDED);
    settle.result.mutable_request()->set_body(Payload());
    settle.result.mutable_response()->set_status_code(200);
    settle.result.mutable_response()->set_body("ok");
    settle.now = absl::Now();
  }
  return batch;
}

// Counts the time of Apply alone.
void TimedApply(benchmark::State& state, Store& store, WriteBatch& batch) {
  const auto begin = std::chrono::steady_clock::now();
  const absl::Status status = store.Apply(batch);
  state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  Check(status);
}

void BM_Enqueue(benchmark::State& state, bool sqlite, bool random_ids) {
  const TempDir dir;
  const std::unique_ptr<Store> store = MakeStore(sqlite, dir);
  SeededRandom random(1);
  for ([[maybe_unused]] auto _ : state) {
    WriteBatch batch = EnqueueBatch(random_ids, random);
    TimedApply(state, *store, batch);
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK_CAPTURE(BM_Enqueue, sqlite, true, false)->UseManualTime();
BENCHMARK_CAPTURE(BM_Enqueue, sqlite_ids_of_senders, true, true)->UseManualTime();
BENCHMARK_CAPTURE(BM_Enqueue, memory, false, false)->UseManualTime();

void BM_Claim(benchmark::State& state, bool sqlite) {
  const TempDir dir;
  const std::unique_ptr<Store> store = MakeStore(sqlite, dir);
  SeededRandom random(1);
  for ([[maybe_unused]] auto _ : state) {
    WriteBatch enqueue = EnqueueBatch(false, random);
    Check(store->Apply(enqueue));
    WriteBatch claim = ClaimBatch();
    TimedApply(state, *store, claim);
    WriteBatch settle = SettleBatch(std::get<ClaimDeliveries>(claim[0]).claimed);
    Check(store->Apply(settle));
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK_CAPTURE(BM_Claim, sqlite, true)->UseManualTime();
BENCHMARK_CAPTURE(BM_Claim, memory, false)->UseManualTime();

void BM_Settle(benchmark::State& state, bool sqlite) {
  const TempDir dir;
  const std::unique_ptr<Store> store = MakeStore(sqlite, dir);
  SeededRandom random(1);
  for ([[maybe_unused]] auto _ : state) {
    WriteBatch enqueue = EnqueueBatch(false, random);
    Check(store->Apply(enqueue));
    WriteBatch claim = ClaimBatch();
    Check(store->Apply(claim));
    WriteBatch settle = SettleBatch(std::get<ClaimDeliveries>(claim[0]).claimed);
    TimedApply(state, *store, settle);
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK_CAPTURE(BM_Settle, sqlite, true)->UseManualTime();
BENCHMARK_CAPTURE(BM_Settle, memory, false)->UseManualTime();

void BM_ListDeliveries(benchmark::State& state, v1::Delivery::State delivery_state) {
  const TempDir dir;
  const std::unique_ptr<Store> store = MakeStore(true, dir);
  SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    WriteBatch enqueue = EnqueueBatch(false, random);
    Check(store->Apply(enqueue));
  }
  DeliveryQuery query;
  query.state = delivery_state;
  query.bounds = {50, 2 << 20};
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(store->ListDeliveries(kTenant, query));
}
BENCHMARK_CAPTURE(BM_ListDeliveries, any, v1::Delivery::STATE_UNSPECIFIED);
BENCHMARK_CAPTURE(BM_ListDeliveries, failed_of_none, v1::Delivery::FAILED);

}  // namespace
}  // namespace herald
