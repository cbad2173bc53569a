// The contract of src/store/store.h, over every store: which they are, and what they do under many threads.

#include "tests/store/store_contract.h"

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace herald {
namespace {

INSTANTIATE_TEST_SUITE_P(Every, StoreContract, ::testing::Values("memory", "sqlite"),
                         [](const auto& store) { return std::string(store.param); });

TEST_P(StoreContract, ReadsDuringApplySeeWhatHasReturned) {
  Create("a");
  std::atomic<int> applied{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 6; ++i) {  // more than a store has connections
    readers.emplace_back([&] {
      while (!stop) {
        const int at_least = applied;
        DeliveryQuery query;
        query.webhook_id = "a";
        query.bounds = Rows(1000);
        const auto page = store_->ListDeliveries(kTenant, query);
        ASSERT_TRUE(page.ok()) << page.status();
        ASSERT_GE(static_cast<int>(page->rows.size()), at_least);
        ASSERT_TRUE(store_->LoadOpenLanes().ok());
      }
    });
  }
  for (int i = 1; i <= 50; ++i) {
    Enqueue("", "a", At(i));
    applied = i;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace herald
