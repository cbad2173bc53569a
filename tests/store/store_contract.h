// What the tests of the stores' contract start from. The tests are in store_contract_*test.cc, one part of the contract
// each, and run over every store.

#ifndef HERALD_TESTS_STORE_STORE_CONTRACT_H_
#define HERALD_TESTS_STORE_STORE_CONTRACT_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/store/memory_store.h"
#include "src/store/sqlite_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/temp_dir.h"

namespace herald {

class StoreContract : public ::testing::TestWithParam<const char*> {
 protected:
  StoreContract() {
    if (std::string(GetParam()) == "memory") {
      store_ = std::make_unique<MemoryStore>();
    } else {
      auto opened = SqliteStore::Open(dir_.File("herald.db"));
      EXPECT_TRUE(opened.ok()) << opened.status();
      store_ = *std::move(opened);
    }
  }

  // Whatever a test did: what the store says of the queue is what its deliveries say.
  void TearDown() override {
    DeliveryQuery all;
    all.bounds = Rows(1'000'000);
    const auto page = store_->ListDeliveries(kTenant, all);
    ASSERT_TRUE(page.ok()) << page.status();
    QueueState queue;
    for (const v1::Delivery& delivery : page->rows) {
      if (delivery.state() != v1::Delivery::PENDING && delivery.state() != v1::Delivery::RETRYING) continue;
      ++queue.open;
      queue.oldest = FromProto(delivery.create_time());  // the newest come first
    }
    const auto read = store_->ReadQueue();
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->open, queue.open);
    EXPECT_EQ(read->oldest, queue.oldest);
  }

  template <typename T>
  T Do(T write) {
    return Apply(*store_, std::move(write));
  }
  void Create(const std::string& id) { EXPECT_TRUE(Do(Creating(MakeWebhook(id))).status.ok()); }
  // The delivery of a new event for one webhook.
  Sequence Enqueue(const std::string& event, const std::string& webhook, absl::Time now) {
    const EnqueueEvent enqueued = Do(Enqueueing(event, {webhook}, now));
    EXPECT_TRUE(enqueued.status.ok()) << enqueued.status;
    return enqueued.targets[0].delivery;
  }
  Claim ClaimOne(const std::string& webhook, absl::Time now) {
    const ClaimDeliveries claim = Do(Claiming(webhook, now, 1));
    EXPECT_EQ(claim.claimed.size(), 1u);
    return claim.claimed.empty() ? Claim{} : claim.claimed[0].claim;
  }
  v1::Delivery Find(Sequence delivery) {
    auto found = store_->FindDelivery(kTenant, delivery);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : v1::Delivery();
  }
  std::vector<std::string> List(const DeliveryQuery& query, bool* more = nullptr) {
    auto page = store_->ListDeliveries(kTenant, query);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    for (const v1::Delivery& delivery : page->rows) names.push_back(delivery.name());
    if (more != nullptr) *more = page->more;
    return names;
  }

  TempDir dir_;
  std::unique_ptr<Store> store_;
};

}  // namespace herald

#endif  // HERALD_TESTS_STORE_STORE_CONTRACT_H_
