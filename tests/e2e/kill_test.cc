// Nothing that was answered OK is lost, nothing comes twice but what was in flight, and keys stay in order: the real
// server is killed (kill -9) at random points under load, and a receiver's ledger is held against the answers.
//
// The points come from a seed, which is printed; HERALD_KILL_SEED=17 takes that one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/mutex.h"
#include "src/core/names.h"
#include "src/store/sqlite_store.h"
#include "tests/e2e/kill_ledger.h"
#include "tests/e2e/ledger_webhook.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::IsEmpty;

constexpr int kKills = 20;
constexpr int kKeys = 3;  // each with a sender of its own, so that the order of acceptance is known
constexpr int kBatchEvents = 10;
constexpr int kInFlightMax = 8;
const std::set<std::string>& Webhooks() {
  static const auto& webhooks = *new std::set<std::string>{"a", "b"};
  return webhooks;
}

uint32_t Seed() {
  uint32_t seed = std::random_device()();
  const char* const asked = std::getenv("HERALD_KILL_SEED");
  EXPECT_TRUE(asked == nullptr || absl::SimpleAtoi(asked, &seed)) << "HERALD_KILL_SEED is no number: " << asked;
  std::cout << "HERALD_KILL_SEED=" << seed << "\n";
  return seed;
}

// The ids of events that were answered OK, from several threads.
class Accepted {
 public:
  void Add(const std::string& id) {
    MutexLock lock(mutex_);
    ids_.insert(id);
    changed_.NotifyAll();
  }
  std::set<std::string> ids() const {
    MutexLock lock(mutex_);
    return ids_;
  }
  // Waits for that many more.
  bool WaitForMore(size_t count, absl::Duration timeout) {
    const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
    MutexLock lock(mutex_);
    const size_t wanted = ids_.size() + count;
    while (ids_.size() < wanted) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      changed_.WaitUntil(mutex_, deadline);
    }
    return true;
  }

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  std::set<std::string> ids_ ABSL_GUARDED_BY(mutex_);
};

class KillTest : public ::testing::Test {
 protected:
  KillTest() {
    receiver_.Handle([this](const ReceivedRequest& request) { return Take(request); });
  }

  // Most requests are taken at once, some after a while, some not at the first try.
  ScriptedAnswer Take(const ReceivedRequest& request) {
    const int number = ++answers_;
    const bool taken = number % 7 != 0;
    ledger_.Received({request.target.substr(1), request.body.substr(1, request.body.size() - 2),
                      std::string(request.Header("webhook-id")), request.connection, taken});
    if (!taken) return {.status = 503};
    if (number % 5 != 0) return {.status = 200};
    return {.script = [](ReceiverConnection& connection) {
      if (!connection.Pause(absl::Milliseconds(30))) return;
      connection.Send("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    }};
  }

  static void CreateWebhooks(HeraldProcess& herald) {
    for (const std::string& id : Webhooks()) {
      v1::CreateWebhookRequest request = FromJson<v1::CreateWebhookRequest>(R"({"webhook": {
        "triggers": ["*"], "body_template": "{{event_id}}", "timeout": "60s",
        "retry_policy": {"schedule": ["0.1s"], "max_attempts": 30}}})");
      request.set_webhook_id(id);
      request.mutable_webhook()->set_display_name(id);
      request.mutable_webhook()->set_url(absl::StrCat("https://ledger.example.com/", id));
      request.mutable_webhook()->set_max_in_flight(kInFlightMax);
      v1::Webhook created;
      grpc::ClientContext context;
      const grpc::Status status = herald.webhooks().CreateWebhook(&context, request, &created);
      ASSERT_TRUE(status.ok()) << status.error_message();
    }
  }

  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  }

  // Sends the events of one key, each after the answer to the one before. False: there was none.
  bool SendOne(HeraldProcess& herald, int key) {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_ordering_key(absl::StrCat("key", key));
    request.mutable_event()->set_id(absl::StrCat("key", key, "-", sent_[static_cast<size_t>(key)]++));
    request.mutable_event()->set_type("RequestCreated");
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    SetDeadline(context);
    const bool ok = herald.events().DispatchEvent(&context, request, &response).ok();
    if (ok) accepted_.Add(request.event().id());
    return ok;
  }

  bool SendBatch(HeraldProcess& herald) {
    v1::BatchDispatchEventsRequest request;
    for (int i = 0; i < kBatchEvents; ++i) {
      v1::Event& event = *request.add_events();
      event.set_id(absl::StrCat("batch", batched_++));
      event.set_type("RequestApproved");
    }
    v1::BatchDispatchEventsResponse response;
    grpc::ClientContext context;
    SetDeadline(context);
    if (!herald.events().BatchDispatchEvents(&context, request, &response).ok()) return false;
    for (int i = 0; i < response.results_size(); ++i) {
      if (response.results(i).error().code() == 0) accepted_.Add(request.events(i).id());
    }
    return true;
  }

  // Loads the server until it has accepted `count` events, and kills it there.
  void LoadAndKill(HeraldProcess& herald, size_t count) {
    std::vector<std::thread> senders;
    for (int key = 0; key < kKeys; ++key) {
      senders.emplace_back([&, key] {
        while (SendOne(herald, key)) continue;
      });
    }
    senders.emplace_back([&] {
      while (SendBatch(herald)) continue;
    });
    EXPECT_TRUE(accepted_.WaitForMore(count, absl::Seconds(60))) << ReadFile(herald.log_file());
    herald.Signal(SIGKILL);
    EXPECT_TRUE(herald.ExitsWith(-SIGKILL));
    for (std::thread& sender : senders) sender.join();
  }

  // The deliveries that a killed server left open. Of a copy: the next server finds the file as it was left.
  std::set<std::string> OpenDeliveries() const {
    const TempDir copies;
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(directory_.File("herald.db") + suffix, copies.File("herald.db") + suffix);
    }
    const auto store = SqliteStore::Open(copies.File("herald.db"));
    EXPECT_TRUE(store.ok()) << store.status();
    std::set<std::string> open;
    if (!store.ok()) return open;
    for (const v1::Delivery::State state : {v1::Delivery::PENDING, v1::Delivery::RETRYING}) {
      DeliveryQuery query;
      query.state = state;
      query.bounds = {1'000'000, int64_t{1} << 30};
      const auto page = (*store)->ListDeliveries(kDefaultTenant, query);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) continue;
      for (const v1::Delivery& delivery : page->rows) open.insert(delivery.name().substr(sizeof("deliveries/") - 1));
    }
    return open;
  }

  TempDir directory_;
  TestCa ca_;
  Accepted accepted_;
  KillLedger ledger_;
  std::atomic<int> answers_{0};
  std::array<int, kKeys> sent_ = {};  // each by its own sender
  int batched_ = 0;
  Receiver receiver_{LedgerReceiver(ca_)};
  const HeraldProcess::Options options_ = LedgerOptions(ca_, receiver_, &directory_, {"--log_level=warning"});
};

TEST_F(KillTest, LosesNothingThatWasAnsweredOkAndRepeatsOnlyWhatWasInFlight) {
  std::mt19937 random(Seed());
  for (int kill = 0; kill < kKills; ++kill) {
    HeraldProcess herald(options_);
    ASSERT_NE(herald.address(), "") << ReadFile(herald.log_file());
    if (kill == 0) CreateWebhooks(herald);
    // The point is drawn in events accepted, so that it does not depend on the machine's speed.
    LoadAndKill(herald, random() % 60);
    ledger_.LifeEnded(receiver_.connection_count(), OpenDeliveries());
  }
  HeraldProcess herald(options_);
  ASSERT_NE(herald.address(), "") << ReadFile(herald.log_file());
  const std::set<std::string> accepted = accepted_.ids();
  EXPECT_TRUE(ledger_.WaitForAll(Webhooks(), accepted, absl::Seconds(100))) << "events that were answered OK are lost";
  herald.Signal(SIGTERM);
  EXPECT_TRUE(herald.ExitsWith(0));

  const std::vector<int> in_flight = ledger_.InFlightAtKills();
  std::cout << kKills << " kills, " << accepted.size() << " events answered OK, " << answers_ << " requests, "
            << ledger_.Duplicates()
            << " duplicates; taken and not recorded at the kills: " << absl::StrJoin(in_flight, " ") << "\n";
  EXPECT_THAT(ledger_.UnexplainedDuplicates(), IsEmpty());
  EXPECT_LE(ledger_.Duplicates(), std::accumulate(in_flight.begin(), in_flight.end(), 0));
  EXPECT_THAT(ledger_.OutOfOrder(), IsEmpty());
}

TEST(Kill, RefusesASecondServerOnTheSameFile) {
  TempDir directory;
  const HeraldProcess::Options options{.store = "sqlite:" + directory.File("herald.db")};
  HeraldProcess first(options);
  ASSERT_NE(first.address(), "");
  HeraldProcess second(options);
  EXPECT_EQ(second.address(), "");
  EXPECT_TRUE(second.ExitsWith(1));
  const std::string said = ReadFile(second.log_file());
  EXPECT_NE(said.find("herald.db"), std::string::npos) << said;
}

}  // namespace
}  // namespace herald
