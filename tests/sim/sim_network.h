// The receivers and the network between: answers, hangs, resets and slow bodies, as the weather of each host has it and
// the dice choose. Knows what is in flight. Confined to one thread.

#ifndef HERALD_TESTS_SIM_SIM_NETWORK_H_
#define HERALD_TESTS_SIM_SIM_NETWORK_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/core/sequence.h"
#include "src/http/sender.h"
#include "tests/sim/dice.h"
#include "tests/sim/trace.h"

namespace herald {

class SimNetwork final : public HttpSender {
 public:
  enum class Weather { kFine, kErrors, kThrottling, kHanging, kResetting, kSlow, kMixed };
  static constexpr int kWeathers = 7;

  // A request that came in.
  struct Arrival {
    Sequence delivery = 0;
    bool in_flight_already = false;  // another of the same delivery had not ended
    int sent_before = 0;             // of the same delivery, in all lives
  };

  // An exchange that ended, as its sender was told.
  struct End {
    Sequence delivery = 0;
    int sent_before = 0;  // as its arrival had it
    HttpExchange::End end = HttpExchange::End::kCancelled;
    int status = 0;  // when it was answered
  };

  SimNetwork(const Clock& clock, Dice& dice, Trace& trace) : clock_(clock), dice_(dice), trace_(trace) {}

  void Send(HttpRequest request, Done done) override;

  void SetWeather(const std::string& host, Weather weather);
  void SetWeatherOfAll(Weather weather);
  // Ends one exchange whose time has come, whichever the dice choose; false: there is none.
  bool EndOne();
  // By Clock::Monotonic; infinite when nothing is in flight.
  absl::Duration NextEnd() const;
  // The sender stops: what is in flight ends as cancelled.
  void CancelAll();
  // The process ends: nobody hears of what is in flight.
  void Crash();

  // Those in flight, by delivery.
  std::map<Sequence, int> InFlight() const;
  // Since ForgetArrivals.
  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  void ForgetArrivals() { arrivals_.clear(); }
  // Those that ended since the last call, in order.
  std::vector<End> TakeEnds() { return std::exchange(ends_, {}); }
  // How often each delivery was sent, in all lives.
  const std::map<Sequence, int>& sent() const { return sent_; }
  // What the last answer of the delivery asked to wait, in seconds that do not depend on the wall clock; zero: nothing.
  absl::Duration AskedToWait(Sequence delivery) const;

 private:
  struct Exchange {
    Sequence delivery = 0;
    int sent_before = 0;
    std::string host;
    absl::Duration ends_at;
    HttpExchange outcome;
    Done done;
  };

  Weather WeatherOf(const std::string& host);
  // Fills in outcome and end.
  void Decide(Exchange& exchange, absl::Duration timeout);
  HttpExchange Answer(int status, Sequence delivery);
  void EndAt(size_t index);

  const Clock& clock_;
  Dice& dice_;
  Trace& trace_;
  std::map<std::string, Weather> weather_;
  Weather of_others_ = Weather::kFine;
  std::vector<Exchange> exchanges_;
  std::vector<Arrival> arrivals_;
  std::vector<End> ends_;
  std::map<Sequence, int> sent_;
  std::map<Sequence, absl::Duration> asked_to_wait_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_SIM_NETWORK_H_
