#include "src/engine/authorizing_sender.h"

#include <utility>
#include <vector>

#include "src/core/authentication.h"
#include "src/core/redact.h"

namespace herald {
namespace {

constexpr int kUnauthorized = 401;
constexpr char kRefusedBefore[] = "; before that, the receiver refused another access token with 401";

bool IsRefused(const HttpExchange& exchange) {
  return exchange.end == HttpExchange::End::kAnswered && exchange.response.has_value() &&
         exchange.response->status_code == kUnauthorized;
}

}  // namespace

// One request on its way.
struct AuthorizingSender::Work {
  HttpRequest request;
  Done done;
  absl::Duration begin;              // on the monotonic clock
  bool refused = false;              // an access token, by the receiver
  std::vector<std::string> secrets;  // the access tokens that were sent, in all their forms
};

void AuthorizingSender::Send(HttpRequest request, Done done) {
  if (request.token_client == nullptr) return sender_.Send(std::move(request), std::move(done));
  Authorize(std::make_shared<Work>(Work{std::move(request), std::move(done), clock_.Monotonic(), false, {}}));
}

void AuthorizingSender::Authorize(const WorkPtr& work) {
  tokens_.Get(work->request.token_client, work->begin + work->request.timeout,
              [this, work](const AccessTokens::Answer& answer) {
                answer.token.empty() ? End(*work, answer.failure) : SendWith(work, answer.token);
              });
}

void AuthorizingSender::SendWith(const WorkPtr& work, const std::string& token) {
  HttpRequest request = work->request;
  request.token_client = nullptr;
  request.headers.emplace_back("authorization", BearerHeaderValue(token));
  request.timeout -= clock_.Monotonic() - work->begin;
  sender_.Send(std::move(request),
               [this, work, token](HttpExchange exchange) { Answered(work, token, std::move(exchange)); });
}

void AuthorizingSender::Answered(const WorkPtr& work, const std::string& token, HttpExchange exchange) {
  for (std::string& form : FormsOfSecret(token)) work->secrets.push_back(std::move(form));
  if (work->refused || !IsRefused(exchange)) return End(*work, std::move(exchange));
  work->refused = true;
  tokens_.Discard(work->request.token_client, token);
  Authorize(work);
}

void AuthorizingSender::End(Work& work, HttpExchange exchange) {
  exchange.timing.total = clock_.Monotonic() - work.begin;
  exchange.secrets = std::move(work.secrets);
  if (work.refused) exchange.note = kRefusedBefore;
  work.done(std::move(exchange));
}

}  // namespace herald
