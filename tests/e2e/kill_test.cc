// Nothing that was answered OK is lost: the real server is killed (kill -9) at random points under load, and a
// receiver's ledger is held against the answers.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/mutex.h"
#include "tests/e2e/herald_process.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr int kKills = 5;
constexpr int kSenders = 4;

// Event ids, from several threads.
class Ledger {
 public:
  void Add(const std::string& id) {
    MutexLock lock(mutex_);
    ids_.insert(id);
    changed_.NotifyAll();
  }
  size_t size() const {
    MutexLock lock(mutex_);
    return ids_.size();
  }
  std::set<std::string> ids() const {
    MutexLock lock(mutex_);
    return ids_;
  }
  // Waits until it holds `count`, or all of `wanted`.
  bool WaitForSize(size_t count, absl::Duration timeout) {
    return WaitUntil([&] { return ids_.size() >= count; }, timeout);
  }
  bool WaitForAll(const std::set<std::string>& wanted, absl::Duration timeout) {
    return WaitUntil([&] { return std::includes(ids_.begin(), ids_.end(), wanted.begin(), wanted.end()); }, timeout);
  }

 private:
  template <typename Condition>
  bool WaitUntil(const Condition& met, absl::Duration timeout) {
    const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
    MutexLock lock(mutex_);
    while (!met()) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      changed_.WaitUntil(mutex_, deadline);
    }
    return true;
  }

  mutable Mutex mutex_;
  CondVar changed_;
  std::set<std::string> ids_;
};

void CreateWebhook(HeraldProcess& herald) {
  v1::CreateWebhookRequest request = FromJson<v1::CreateWebhookRequest>(R"({
    "webhook_id": "ledger",
    "webhook": {"display_name": "Ledger", "triggers": ["*"], "url": "https://ledger.example.com/in",
                "body_template": "{{event_id}}", "retry_policy": {"schedule": ["0.1s"], "max_attempts": 30}}
  })");
  v1::Webhook created;
  grpc::ClientContext context;
  const grpc::Status status = herald.webhooks().CreateWebhook(&context, request, &created);
  ASSERT_TRUE(status.ok()) << status.error_message();
}

// Dispatches events one after another until `stop`, noting those that were answered OK.
void SendUntil(HeraldProcess& herald, const std::atomic<bool>& stop, const std::string& prefix, Ledger& accepted) {
  for (int i = 0; !stop; ++i) {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_id(absl::StrCat(prefix, "-", i));
    request.mutable_event()->set_type("RequestCreated");
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    if (herald.events().DispatchEvent(&context, request, &response).ok()) accepted.Add(request.event().id());
  }
}

TEST(Kill, LosesNothingThatWasAnsweredOk) {
  TempDir directory;
  TestCa ca;
  Receiver receiver({.ca = &ca, .hosts = {"ledger.example.com"}});
  Ledger delivered;
  std::atomic<int> answers{0};
  receiver.Handle([&](const ReceivedRequest& request) {
    if (++answers % 7 == 0) return ScriptedAnswer{.status = 503};
    delivered.Add(request.body.substr(1, request.body.size() - 2));
    return ScriptedAnswer{.status = 200};
  });
  const HeraldProcess::Options options{.store = "sqlite:" + directory.File("herald.db"),
                                       .ca = &ca,
                                       .receiver = &receiver,
                                       .hosts = {"ledger.example.com"},
                                       .log_file = directory.File("log")};
  Ledger accepted;
  std::mt19937 random(20261124);
  for (int kill = 0; kill < kKills; ++kill) {
    HeraldProcess herald(options);
    ASSERT_NE(herald.address(), "") << ReadFile(options.log_file);
    if (kill == 0) CreateWebhook(herald);
    std::atomic<bool> stop{false};
    std::vector<std::thread> senders;
    senders.reserve(kSenders);
    for (int i = 0; i < kSenders; ++i) {
      senders.emplace_back([&, i] { SendUntil(herald, stop, absl::StrCat("k", kill, "s", i), accepted); });
    }
    // The point is drawn in events accepted, so that it does not depend on the machine's speed.
    EXPECT_TRUE(accepted.WaitForSize(accepted.size() + 50 + random() % 150, absl::Seconds(60)));
    herald.Signal(SIGKILL);
    herald.Wait();
    stop = true;
    for (std::thread& sender : senders) sender.join();
  }
  HeraldProcess herald(options);
  ASSERT_NE(herald.address(), "") << ReadFile(options.log_file);
  EXPECT_TRUE(delivered.WaitForAll(accepted.ids(), absl::Seconds(100)))
      << accepted.size() << " events were answered OK, " << delivered.size() << " arrived";
  EXPECT_GE(accepted.size(), static_cast<size_t>(kKills) * 50);
  herald.Signal(SIGTERM);
  EXPECT_EQ(herald.Wait(), 0);
}

TEST(Kill, RefusesASecondServerOnTheSameFile) {
  TempDir directory;
  const HeraldProcess::Options options{.store = "sqlite:" + directory.File("herald.db"),
                                       .log_file = directory.File("log")};
  HeraldProcess first(options);
  ASSERT_NE(first.address(), "");
  HeraldProcess second(options);
  EXPECT_EQ(second.address(), "");
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_NE(ReadFile(options.log_file).find("herald.db"), std::string::npos) << ReadFile(options.log_file);
}

}  // namespace
}  // namespace herald
