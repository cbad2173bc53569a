// The engine without threads: the real parts on the memory store, a clock that the test moves, and a sender whose
// answers the test gives when it wants to.
//
// Confined to one thread.

#ifndef HERALD_TESTS_ENGINE_ENGINE_FIXTURE_H_
#define HERALD_TESTS_ENGINE_ENGINE_FIXTURE_H_

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/fake_clock.h"
#include "src/core/limits.h"
#include "src/store/forwarding_store.h"
#include "src/store/memory_store.h"
#include "tests/engine/whole_engine.h"

namespace herald {

// Answers at once by `answer`, or keeps requests until the test ends them.
class ScriptedSender final : public HttpSender {
 public:
  // What to answer; nothing: the request is kept in `hanging`.
  using Answer = std::function<std::optional<HttpExchange>(const HttpRequest&)>;

  void Send(HttpRequest request, Done done) override {
    sent.push_back(request);
    std::optional<HttpExchange> exchange = answer(request);
    exchange.has_value() ? done(*std::move(exchange)) : hanging.push_back(std::move(done));
  }

  static HttpExchange Status(int code, std::vector<std::pair<std::string, std::string>> headers = {}) {
    HttpExchange exchange;
    exchange.end = HttpExchange::End::kAnswered;
    exchange.response = HttpResponse{code, std::move(headers), "ok", true};
    return exchange;
  }

  Answer answer = [](const HttpRequest&) { return Status(200); };
  std::vector<HttpRequest> sent;
  std::vector<Done> hanging;
};

// A store that refuses batches while it is told to.
class RefusingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::Status Apply(WriteBatch& batch) override {
    if (refuses) return MakeError(absl::StatusCode::kUnavailable, v1::STORE_UNAVAILABLE, "the disk is full");
    for (const Write& write : batch) claims += std::holds_alternative<ClaimDeliveries>(write) ? 1 : 0;
    absl::Status status = inner().Apply(batch);
    if (loses_answer) return MakeError(absl::StatusCode::kUnavailable, v1::OUTCOME_UNKNOWN, "the power went");
    return status;
  }

  bool refuses = false;
  bool loses_answer = false;  // writes, and then cannot tell
  int claims = 0;             // applied so far
};

class EngineTest : public ::testing::Test {
 protected:
  static constexpr char kTenant[] = "default";

  EngineTest() { Restart(); }

  // The process ends, wherever it is, and starts anew on what the store holds.
  void Restart() {
    engine_.reset();
    sender_.hanging.clear();
    memory_.VoidClaims();
    engine_ = std::make_unique<Engine>(store_, clock_, random_, sender_, limits_, options_);
    Run();
  }

  // Runs what can run now.
  void Run() {
    for (int idle = 0; idle < 2;) {
      const bool committed = engine_->committer.RunOnce();
      const bool more = engine_->loop.RunOnce() <= clock_.Monotonic();
      idle = committed || more ? 0 : idle + 1;
    }
  }
  void Advance(absl::Duration by) {
    clock_.Advance(by);
    Run();
  }

  template <typename Message>
  static Message FromJson(const std::string& json) {
    Message message;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &message).ok()) << json;
    return message;
  }

  absl::StatusOr<v1::Webhook> Create(const std::string& id, const std::string& more = "") {
    v1::CreateWebhookRequest request;
    request.set_webhook_id(id);
    *request.mutable_webhook() = FromJson<v1::Webhook>(
        R"({"display_name": ")" + id + R"(", "triggers": ["*"], "url": "https://)" + id +
        R"(.example.com/in", "retry_policy": {"jitter": 0, "schedule": ["5s", "60s"]})" + more + "}");
    absl::StatusOr<v1::Webhook> created = absl::UnknownError("no answer");
    engine_->registry.Create(kTenant, request,
                             [&](absl::StatusOr<v1::Webhook> answer) { created = std::move(answer); });
    Run();
    return created;
  }

  absl::StatusOr<v1::Webhook> Update(const v1::Webhook& webhook, const std::vector<std::string>& mask) {
    v1::UpdateWebhookRequest request;
    *request.mutable_webhook() = webhook;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    absl::StatusOr<v1::Webhook> updated = absl::UnknownError("no answer");
    engine_->registry.Update(kTenant, request,
                             [&](absl::StatusOr<v1::Webhook> answer) { updated = std::move(answer); });
    Run();
    return updated;
  }

  void SetState(const std::string& id, v1::Webhook::State state) {
    v1::Webhook webhook;
    webhook.set_name("webhooks/" + id);
    webhook.set_state(state);
    ASSERT_TRUE(Update(webhook, {"state"}).ok());
  }

  absl::Status Delete(const std::string& id) {
    v1::DeleteWebhookRequest request;
    request.set_name("webhooks/" + id);
    absl::Status deleted = absl::UnknownError("no answer");
    engine_->registry.Delete(kTenant, request, [&](const absl::Status& status) { deleted = status; });
    Run();
    return deleted;
  }

  using DispatchAnswer = std::optional<absl::StatusOr<v1::DispatchEventResponse>>;

  // `answer` is filled in when the call is answered.
  void DispatchInto(DispatchAnswer& answer, const std::string& event, bool wait = false, bool validate_only = false) {
    v1::DispatchEventRequest request;
    *request.mutable_event() = FromJson<v1::Event>(event);
    request.set_wait(wait);
    request.set_validate_only(validate_only);
    engine_->publisher.Dispatch(
        kTenant, request, clock_.Monotonic() + absl::Seconds(30),
        [&answer](absl::StatusOr<v1::DispatchEventResponse> given) { answer = std::move(given); });
  }
  absl::StatusOr<v1::DispatchEventResponse> Dispatch(const std::string& event = R"({"type": "A"})") {
    DispatchAnswer answer;
    DispatchInto(answer, event);
    Run();
    return answer.value_or(absl::UnknownError("no answer"));
  }

  std::vector<v1::Delivery> Deliveries(v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED) {
    v1::ListDeliveriesRequest request;
    request.set_state(state);
    const auto listed = engine_->history.ListDeliveries(kTenant, request);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return {listed->deliveries().begin(), listed->deliveries().end()};
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  SeededRandom random_{1};
  MemoryStore memory_;
  RefusingStore store_{memory_};
  ScriptedSender sender_;
  v1::Limits limits_ = DefaultLimits();
  Dispatcher::Options options_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace herald

#endif  // HERALD_TESTS_ENGINE_ENGINE_FIXTURE_H_
