#include "tests/sim/sim_network.h"

#include <algorithm>
#include <utility>

#include "src/core/names.h"
#include "src/core/url_policy.h"
#include "tests/support/check.h"

namespace herald {
namespace {

Sequence DeliveryOf(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (name != "webhook-id") continue;
    const std::optional<Sequence> delivery = DeliveryInName(kDefaultTenant, absl::StrCat("deliveries/", value));
    TestCheck(delivery.has_value(), "a request's webhook-id is a delivery's id");
    return *delivery;
  }
  TestCheck(false, "every request bears a webhook-id");
  return 0;
}

HttpExchange Failure(HttpExchange::End end, const std::string& host, absl::string_view what) {
  HttpExchange exchange;
  exchange.end = end;
  exchange.message = absl::StrCat(host, ": ", what);
  return exchange;
}

std::string EndText(const HttpExchange& exchange) {
  return exchange.end == HttpExchange::End::kAnswered ? absl::StrCat("answers ", exchange.response->status_code)
                                                      : exchange.message;
}

}  // namespace

void SimNetwork::Send(HttpRequest request, Done done) {
  Exchange exchange;
  exchange.delivery = DeliveryOf(request);
  exchange.host = std::string(HostOfUrl(request.url));
  exchange.done = std::move(done);
  const bool already = std::any_of(exchanges_.begin(), exchanges_.end(),
                                   [&](const Exchange& other) { return other.delivery == exchange.delivery; });
  int& sent = sent_[exchange.delivery];
  exchange.sent_before = sent++;
  arrivals_.push_back({exchange.delivery, already, exchange.sent_before});
  Decide(exchange, request.timeout);
  trace_.Add("network   ", exchange.host, " gets ", DeliveryName(exchange.delivery), ", time ", sent, "; will end in ",
             absl::FormatDuration(exchange.ends_at - clock_.Monotonic()), ": ", EndText(exchange.outcome));
  exchanges_.push_back(std::move(exchange));
}

void SimNetwork::Decide(Exchange& exchange, absl::Duration timeout) {
  Weather weather = WeatherOf(exchange.host);
  if (weather == Weather::kMixed) weather = static_cast<Weather>(dice_.Below(kWeathers - 1));
  absl::Duration lasts = dice_.Between(absl::Milliseconds(1), absl::Milliseconds(400));
  asked_to_wait_.erase(exchange.delivery);
  switch (weather) {
    case Weather::kErrors:
      exchange.outcome = Answer(dice_.Pick<int>({500, 502, 503, 503, 504, 400, 404, 501}), exchange.delivery);
      break;
    case Weather::kThrottling:
      exchange.outcome = Answer(429, exchange.delivery);
      break;
    case Weather::kHanging:
      exchange.outcome = Failure(HttpExchange::End::kTimedOut, exchange.host, "no answer in time");
      lasts = timeout;
      break;
    case Weather::kResetting:
      exchange.outcome = Failure(HttpExchange::End::kConnectionFailed, exchange.host, "connection reset");
      break;
    case Weather::kSlow:
      exchange.outcome = Answer(200, exchange.delivery);
      lasts = timeout * 0.9;
      break;
    case Weather::kFine:
    case Weather::kMixed:
      exchange.outcome = Answer(dice_.Pick<int>({200, 200, 200, 202, 204}), exchange.delivery);
      break;
  }
  exchange.ends_at = clock_.Monotonic() + lasts;
}

HttpExchange SimNetwork::Answer(int status, Sequence delivery) {
  HttpExchange exchange;
  exchange.end = HttpExchange::End::kAnswered;
  exchange.response = HttpResponse{status, {}, "ok", true};
  exchange.http_version = "1.1";
  if (status != 429 && status != 503) return exchange;
  const int seconds = dice_.Pick<int>({1, 30, 30, 300, 3600});
  if (dice_.Chance(60)) {
    exchange.response->headers.emplace_back("retry-after", absl::StrCat(seconds));
    asked_to_wait_[delivery] = absl::Seconds(seconds);
  } else if (dice_.Chance(50)) {
    exchange.response->headers.emplace_back(
        "retry-after",
        absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", clock_.Now() + absl::Seconds(seconds), absl::UTCTimeZone()));
  } else {
    exchange.response->headers.emplace_back("retry-after", "soon");
  }
  return exchange;
}

SimNetwork::Weather SimNetwork::WeatherOf(const std::string& host) {
  const auto found = weather_.find(host);
  return found == weather_.end() ? of_others_ : found->second;
}

void SimNetwork::SetWeather(const std::string& host, Weather weather) {
  static constexpr const char* kNames[] = {"fine", "errors", "throttling", "hanging", "resetting", "slow", "mixed"};
  weather_[host] = weather;
  trace_.Add("weather   ", host, ": ", kNames[static_cast<int>(weather)]);
}

void SimNetwork::SetWeatherOfAll(Weather weather) {
  weather_.clear();
  of_others_ = weather;
}

void SimNetwork::EndAt(size_t index) {
  Exchange exchange = std::move(exchanges_[index]);
  exchanges_.erase(exchanges_.begin() + static_cast<std::ptrdiff_t>(index));
  trace_.Add("network   ", exchange.host, " ends ", DeliveryName(exchange.delivery), ": ", EndText(exchange.outcome));
  const bool answered = exchange.outcome.response.has_value();
  ends_.push_back({exchange.delivery, exchange.sent_before, exchange.outcome.end,
                   answered ? exchange.outcome.response->status_code : 0});
  exchange.outcome.timing.total = absl::Milliseconds(1);
  exchange.done(std::move(exchange.outcome));
}

bool SimNetwork::EndOne() {
  std::vector<size_t> due;
  for (size_t i = 0; i < exchanges_.size(); ++i) {
    if (exchanges_[i].ends_at <= clock_.Monotonic()) due.push_back(i);
  }
  if (due.empty()) return false;
  EndAt(dice_.Pick(due));
  return true;
}

absl::Duration SimNetwork::NextEnd() const {
  absl::Duration next = absl::InfiniteDuration();
  for (const Exchange& exchange : exchanges_) next = std::min(next, exchange.ends_at);
  return next;
}

void SimNetwork::CancelAll() {
  while (!exchanges_.empty()) {
    exchanges_.back().outcome = Failure(HttpExchange::End::kCancelled, exchanges_.back().host, "cancelled");
    EndAt(exchanges_.size() - 1);
  }
}

void SimNetwork::Crash() {
  exchanges_.clear();
  ends_.clear();
}

std::map<Sequence, int> SimNetwork::InFlight() const {
  std::map<Sequence, int> in_flight;
  for (const Exchange& exchange : exchanges_) ++in_flight[exchange.delivery];
  return in_flight;
}

absl::Duration SimNetwork::AskedToWait(Sequence delivery) const {
  const auto found = asked_to_wait_.find(delivery);
  return found == asked_to_wait_.end() ? absl::ZeroDuration() : found->second;
}

}  // namespace herald
