#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "google/rpc/status.pb.h"
#include "src/core/limits.h"
#include "src/core/validate.h"
#include "tests/core/sentences.h"
#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> Violations(const v1::Webhook& webhook) {
  FieldViolations violations;
  ValidateWebhook(webhook, DefaultLimits(), "webhook", violations);
  return Sentences(violations);
}

struct Case {
  std::function<void(v1::Webhook&)> spoil;
  const char* sentence;  // the beginning of field and sentence
};

// Each case makes the one violation that it names.
template <size_t kSize>
void ExpectEach(const Case (&cases)[kSize]) {
  for (const Case& c : cases) {
    v1::Webhook webhook = SlackWebhook();
    c.spoil(webhook);
    EXPECT_THAT(Violations(webhook), ElementsAre(StartsWith(c.sentence)));
  }
}

TEST(ValidateWebhook, BoundsAWebhookInAll) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { w.add_filters()->add_values(std::string(2 << 20, 'x')); }, "webhook: has 2097"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 16; ++i) w.add_response_validators()->add_expected_values(std::string(70'000, 'x'));
       },
       "webhook: has 112"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, TakesWhatIsRight) {
  EXPECT_THAT(Violations(SlackWebhook()), IsEmpty());
  EXPECT_THAT(Violations(WithDefaults(SlackWebhook())), IsEmpty());
}

TEST(ValidateWebhook, TakesWhatIsJustAllowed) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_display_name("A" + std::string(62, '_'));
  webhook.set_description(std::string(1024, 'x'));
  for (int i = 1; i < 32; ++i) webhook.add_triggers("t" + std::to_string(i) + ".*");
  for (int i = 0; i < 64; ++i) (*webhook.mutable_headers())["x-" + std::to_string(i)] = "";
  (*webhook.mutable_headers())["x-0"] = std::string(4096 - 3, 'x');
  for (int i = 0; i < 16; ++i) (*webhook.mutable_secrets())["_" + std::to_string(i)] = std::string(4096, 'x');
  for (int i = 0; i < 32; ++i) (*webhook.mutable_labels())["0./_-" + std::to_string(i)] = std::string(256, 'x');
  *webhook.mutable_timeout() = Seconds(60);
  webhook.add_success_statuses(100);
  webhook.add_success_statuses(599);
  v1::RetryPolicy& policy = *webhook.mutable_retry_policy();
  policy.set_max_attempts(30);
  for (int i = 0; i < 30; ++i) *policy.add_schedule() = Seconds(86'400);
  policy.set_jitter(0.5);
  *policy.mutable_max_age() = Seconds(30 * 86'400);
  policy.add_retryable_statuses(404);
  policy.add_final_statuses(503);
  EXPECT_THAT(Violations(webhook), IsEmpty());
}

TEST(ValidateWebhook, NamesAndTexts) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { w.clear_display_name(); }, "webhook.display_name: required: 1 to 63 letters, digits"},
      {[](v1::Webhook& w) { w.set_display_name("Slack!"); },
       "webhook.display_name: \"Slack!\" is no display name: 1 to 63 letters, digits, spaces, \"_\" and \"-\", the "
       "first "
       "a letter or digit"},
      {[](v1::Webhook& w) { w.set_display_name(" Slack"); }, "webhook.display_name: \" Slack\" is no display name"},
      {[](v1::Webhook& w) { w.set_display_name("Släck"); }, "webhook.display_name: \"Släck\" is no display name"},
      {[](v1::Webhook& w) { w.set_display_name(std::string(64, 'x')); }, "webhook.display_name: \"xxx"},
      {[](v1::Webhook& w) { w.set_description(std::string(1025, 'x')); },
       "webhook.description: has 1025 bytes; at most 1024 are allowed"},
      {[](v1::Webhook& w) { w.set_state(static_cast<v1::Webhook::State>(7)); },
       "webhook.state: 7 is no state; use ACTIVE or INACTIVE"},
      {[](v1::Webhook& w) { w.set_method(static_cast<v1::Webhook::Method>(-1)); },
       "webhook.method: -1 is no method; use POST, PUT, PATCH, GET or DELETE"},
      {[](v1::Webhook& w) { w.mutable_signing()->set_scheme(static_cast<v1::Signing::Scheme>(9)); },
       "webhook.signing.scheme: 9 is no scheme; use HMAC_SHA256, ED25519 or NONE"},
      {[](v1::Webhook& w) { (*w.mutable_labels())["Team"] = "x"; }, "webhook.labels[\"Team\"]: a key has 1 to 63"},
      {[](v1::Webhook& w) { (*w.mutable_labels())["team"] = std::string(257, 'x'); },
       "webhook.labels[\"team\"]: has 257 bytes; at most 256 are allowed"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 33; ++i) (*w.mutable_labels())[std::to_string(i)] = "x";
       },
       "webhook.labels: 33 labels; at most 32 are allowed"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, TriggersAndCounts) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { w.clear_triggers(); }, "webhook.triggers: required: at least one event type"},
      {[](v1::Webhook& w) { w.add_triggers("Request Created"); }, "webhook.triggers[1]: U+0020 at position 8"},
      {[](v1::Webhook& w) { w.set_triggers(0, "Request*"); }, "webhook.triggers[0]: \"*\" stands alone or at the end"},
      {[](v1::Webhook& w) { w.set_triggers(0, ""); }, "webhook.triggers[0]: a trigger is an event type"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 32; ++i) w.add_triggers("x");
       },
       "webhook.triggers: 33 triggers; at most 32 are allowed"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 33; ++i) w.add_filters();
       },
       "webhook.filters: 33 filters; at most 32 are allowed"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 17; ++i) w.add_response_validators();
       },
       "webhook.response_validators: 17 response validators; at most 16 are allowed"},
  };
  ExpectEach(kCases);
}

void SetHeader(v1::Webhook& webhook, const std::string& name, const std::string& value) {
  (*webhook.mutable_headers())[name] = value;
}

TEST(ValidateWebhook, Headers) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { SetHeader(w, "Content-Type", "x"); },
       "webhook.headers[\"Content-Type\"]: content-type is refused: use content_type"},
      {[](v1::Webhook& w) { SetHeader(w, "content-length", "1"); },
       "webhook.headers[\"content-length\"]: content-length is refused: it belongs to the connection; leave it out"},
      {[](v1::Webhook& w) { SetHeader(w, "HOST", "x"); }, "webhook.headers[\"HOST\"]: host is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "Transfer-Encoding", "x"); },
       "webhook.headers[\"Transfer-Encoding\"]: transfer-encoding is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "connection", "x"); },
       "webhook.headers[\"connection\"]: connection is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "te", "x"); }, "webhook.headers[\"te\"]: te is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "upgrade", "x"); }, "webhook.headers[\"upgrade\"]: upgrade is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "User-Agent", "x"); },
       "webhook.headers[\"User-Agent\"]: user-agent is refused: Herald sets it itself; leave it out"},
      {[](v1::Webhook& w) { SetHeader(w, "webhook-id", "x"); },
       "webhook.headers[\"webhook-id\"]: webhook-id is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "Webhook-Anything", "x"); },
       "webhook.headers[\"Webhook-Anything\"]: webhook-anything is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "proxy-authorization", "x"); },
       "webhook.headers[\"proxy-authorization\"]: proxy-authorization is refused"},
      {[](v1::Webhook& w) { SetHeader(w, "x key", "x"); }, "webhook.headers[\"x key\"]: a header's name has letters"},
      {[](v1::Webhook& w) { SetHeader(w, "x:y", "x"); }, "webhook.headers[\"x:y\"]: a header's name has letters"},
      {[](v1::Webhook& w) { SetHeader(w, "x\r\ny", "x"); },
       "webhook.headers[\"x\\r\\ny\"]: a header's name has letters"},
      {[](v1::Webhook& w) { SetHeader(w, "", "x"); }, "webhook.headers[\"\"]: a header's name has letters"},
      {[](v1::Webhook& w) { SetHeader(w, "x", "a\r\nevil: 1"); },
       "webhook.headers[\"x\"]: a header's value holds no line break and no NUL"},
      {[](v1::Webhook& w) { SetHeader(w, "x", "a\nb"); },
       "webhook.headers[\"x\"]: a header's value holds no line break"},
      {[](v1::Webhook& w) { SetHeader(w, "x", std::string("a\0b", 3)); },
       "webhook.headers[\"x\"]: a header's value holds no line break and no NUL"},
      {[](v1::Webhook& w) { SetHeader(w, "x", std::string(4096, 'x')); },
       "webhook.headers[\"x\"]: name and value have 4097 bytes together; at most 4096 are allowed"},
      {[](v1::Webhook& w) {
         SetHeader(w, "X-Key", "a");
         SetHeader(w, "x-key", "b");
       },
       "webhook.headers[\"x-key\"]: is the same header as \"X-Key\""},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 65; ++i) SetHeader(w, "x-" + std::to_string(i), "x");
       },
       "webhook.headers: 65 headers; at most 64 are allowed"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, Secrets) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { (*w.mutable_secrets())["1st"] = "x"; },
       "webhook.secrets[\"1st\"]: a secret's name has 1 to 64 letters, digits and \"_\", the first no digit"},
      {[](v1::Webhook& w) { (*w.mutable_secrets())["api-key"] = "x"; },
       "webhook.secrets[\"api-key\"]: a secret's name"},
      {[](v1::Webhook& w) { (*w.mutable_secrets())[std::string(65, 'x')] = "x"; }, "webhook.secrets[\"xxx"},
      {[](v1::Webhook& w) { (*w.mutable_secrets())["key"] = std::string(4097, 'x'); },
       "webhook.secrets[\"key\"]: has 4097 bytes; at most 4096 are allowed"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 17; ++i) (*w.mutable_secrets())["s" + std::to_string(i)] = "x";
       },
       "webhook.secrets: 17 secrets; at most 16 are allowed"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, ContentTypeAndTimeout) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { w.set_content_type("image/png"); },
       "webhook.content_type: \"image/png\" is not known; use"},
      {[](v1::Webhook& w) { w.set_content_type("application/json; charset=latin1"); },
       "webhook.content_type: \"application/json; charset=latin1\" is not known"},
      {[](v1::Webhook& w) { w.set_content_type("text/plain"); },
       "webhook.content_type: \"text/plain\" needs a body_template: without one the event is sent as JSON, for JSON "
       "content types only"},
      {[](v1::Webhook& w) { *w.mutable_timeout() = Seconds(90); }, "webhook.timeout: 1m30s; from 1s to 1m is allowed"},
      {[](v1::Webhook& w) { w.mutable_timeout()->set_nanos(999'999'999); },
       "webhook.timeout: 999.999999ms; from 1s to 1m is allowed"},
      {[](v1::Webhook& w) { w.mutable_timeout(); }, "webhook.timeout: 0; from 1s to 1m is allowed"},
      {[](v1::Webhook& w) { *w.mutable_timeout() = Seconds(-5); }, "webhook.timeout: -5s; from 1s to 1m is allowed"},
      {[](v1::Webhook& w) {
         *w.mutable_timeout() = Seconds(5);
         w.mutable_timeout()->set_nanos(-5);
       },
       "webhook.timeout: seconds and nanos that make no duration; from 1s to 1m is allowed"},
      {[](v1::Webhook& w) { *w.mutable_timeout() = Seconds(INT64_MAX); },
       "webhook.timeout: seconds and nanos that make no duration"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, AnyTypeGoesWithATemplateOrWithoutABody) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_content_type("text/plain");
  webhook.set_body_template("{{data.id}}");
  EXPECT_THAT(Violations(webhook), IsEmpty());
  webhook.clear_body_template();
  webhook.set_method(v1::Webhook::GET);
  EXPECT_THAT(Violations(webhook), IsEmpty());
}

TEST(ValidateWebhook, Statuses) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { w.add_success_statuses(99); },
       "webhook.success_statuses[0]: 99 is no HTTP status; 100 to 599 is allowed"},
      {[](v1::Webhook& w) {
         w.add_success_statuses(404);
         w.add_success_statuses(404);
       },
       "webhook.success_statuses[1]: 404 stands twice; leave one out"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->add_retryable_statuses(600); },
       "webhook.retry_policy.retryable_statuses[0]: 600 is no HTTP status"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->add_final_statuses(0); },
       "webhook.retry_policy.final_statuses[0]: 0 is no HTTP status"},
      {[](v1::Webhook& w) {
         w.mutable_retry_policy()->add_retryable_statuses(404);
         w.mutable_retry_policy()->add_final_statuses(503);
         w.mutable_retry_policy()->add_final_statuses(404);
       },
       "webhook.retry_policy.final_statuses[1]: 404 is also in retryable_statuses; keep it in one of the two"},
      {[](v1::Webhook& w) {
         w.add_success_statuses(404);
         w.mutable_retry_policy()->add_retryable_statuses(503);
         w.mutable_retry_policy()->add_retryable_statuses(404);
       },
       "webhook.retry_policy.retryable_statuses[1]: 404 is also in success_statuses, and what succeeded is not sent"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, RetryPolicy) {
  const Case kCases[] = {
      {[](v1::Webhook& w) { w.mutable_retry_policy()->set_max_attempts(31); },
       "webhook.retry_policy.max_attempts: 31; from 1 to 30 is allowed, and 0 for as many as the schedule has"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->set_max_attempts(-1); },
       "webhook.retry_policy.max_attempts: -1; from 1 to 30"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->add_schedule(); },
       "webhook.retry_policy.schedule[0]: 0; more than 0, at most 24h is allowed"},
      {[](v1::Webhook& w) { *w.mutable_retry_policy()->add_schedule() = Seconds(86'401); },
       "webhook.retry_policy.schedule[0]: 24h1s; more than 0, at most 24h is allowed"},
      {[](v1::Webhook& w) {
         for (int i = 0; i < 31; ++i) *w.mutable_retry_policy()->add_schedule() = Seconds(1);
       },
       "webhook.retry_policy.schedule: 31 waits; at most 30 are allowed"},
      {[](v1::Webhook& w) {
         BackoffOf(w);
         *w.mutable_retry_policy()->add_schedule() = Seconds(1);
       },
       "webhook.retry_policy.backoff: schedule is set, too; keep one of the two"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->mutable_backoff(); },
       "webhook.retry_policy.backoff.initial: required: the first wait"},
      {[](v1::Webhook& w) { BackoffOf(w).mutable_initial()->set_seconds(0); },
       "webhook.retry_policy.backoff.initial: 0; more than 0"},
      {[](v1::Webhook& w) { *BackoffOf(w).mutable_max() = Seconds(86'401); },
       "webhook.retry_policy.backoff.max: 24h1s; more than 0, at most 24h is allowed"},
      {[](v1::Webhook& w) { BackoffOf(w).mutable_max()->set_nanos(1); },
       "webhook.retry_policy.backoff.initial: is longer than max"},
      {[](v1::Webhook& w) { BackoffOf(w).set_multiplier(0.5); },
       "webhook.retry_policy.backoff.multiplier: 0.5; from 1 to 10 is allowed, and 0 means 2"},
      {[](v1::Webhook& w) { BackoffOf(w).set_multiplier(std::nan("")); },
       "webhook.retry_policy.backoff.multiplier: nan; from 1 to 10"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->set_jitter(0.51); },
       "webhook.retry_policy.jitter: 0.51; from 0 to 0.5 is allowed"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->set_jitter(std::nan("")); }, "webhook.retry_policy.jitter: nan"},
      {[](v1::Webhook& w) { w.mutable_retry_policy()->mutable_max_age(); },
       "webhook.retry_policy.max_age: 0; more than 0, at most 720h is allowed"},
      {[](v1::Webhook& w) { *w.mutable_retry_policy()->mutable_max_age() = Seconds(30 * 86'400 + 1); },
       "webhook.retry_policy.max_age: 720h1s; more than 0, at most 720h is allowed"},
  };
  ExpectEach(kCases);
}

TEST(ValidateWebhook, SentencesHoldNoSecret) {
  v1::Webhook webhook = SlackWebhook();
  SetHeader(webhook, "Host", "planted-header-secret\n");
  (*webhook.mutable_secrets())["1"] = "planted-secret" + std::string(5000, 'x');
  for (const std::string& sentence : Violations(webhook)) EXPECT_THAT(sentence, Not(HasSubstr("planted")));
}

TEST(ValidateWebhook, AWebhookInWhichEverythingIsWrongStaysUnder4KiB) {
  v1::Webhook webhook;
  webhook.set_display_name(std::string(100'000, '\n'));
  webhook.set_description(std::string(100'000, 'x'));
  webhook.set_content_type(std::string(100'000, 'x'));
  for (int i = 0; i < 1000; ++i) {
    webhook.add_triggers(std::string(1000, ' '));
    SetHeader(webhook, "a b\n" + std::to_string(i) + std::string(1000, '"'), std::string(10'000, '\n'));
    (*webhook.mutable_secrets())[std::to_string(i)] = std::string(10'000, 'x');
    webhook.add_success_statuses(i);
    *webhook.mutable_retry_policy()->add_schedule() = Seconds(-1);
  }
  FieldViolations violations;
  ValidateWebhook(webhook, DefaultLimits(), "webhook", violations);
  const absl::Status status = violations.ToStatus();
  size_t bytes = status.message().size();
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& value) { bytes += url.size() + value.size() + 20; });
  EXPECT_LE(bytes, static_cast<size_t>(kStatusBytesMax));
  EXPECT_THAT(Sentences(violations).back(), HasSubstr("more fields are wrong"));
}

TEST(ValidateWebhookId, TakesWhatDnsLabelsAllow) {
  const auto violations_of = [](absl::string_view id) {
    FieldViolations violations;
    ValidateWebhookId(id, "webhook_id", violations);
    return Sentences(violations);
  };
  for (const std::string& id : {std::string("a"), std::string("slack-1"), "a" + std::string(62, '9')}) {
    EXPECT_THAT(violations_of(id), IsEmpty()) << id;
  }
  for (const std::string& id :
       {std::string(), std::string("A"), std::string("1a"), std::string("-a"), std::string("a-"), std::string("a_b"),
        std::string("a/b"), "a" + std::string(63, '9')}) {
    EXPECT_THAT(violations_of(id),
                ElementsAre(AllOf(StartsWith("webhook_id: "), HasSubstr("is no webhook id: 1 to 63"))))
        << id;
  }
}

}  // namespace
}  // namespace herald
