#include "tests/sim/simulation.h"

#include <algorithm>

#include "src/base/log.h"

namespace herald {
namespace {

constexpr int kRounds = 3;
constexpr int kStepsOfARound = 150;
// Longer than any delivery lives.
constexpr absl::Duration kRestMax = absl::Hours(24 * 10);
constexpr int kTurnsAtOneTimeMax = 2000;

}  // namespace

Simulation::Simulation(uint64_t seed, PlantedBug bug, bool traced) : world_(seed, bug, traced) {
  log::SetLevel(log::Level::kNothing);
  ChooseActions();
}

// Each seed has its own mixture: what never happens in one happens all the time in another, and so combinations come up
// that one mixture for all would hardly ever give.
void Simulation::ChooseActions() {
  const auto rare = [this](int weight) { return weight * world_.dice.Pick<int>({0, 1, 1, 4}); };
  actions_ = {
      {100, &Simulation::RunCommitter},           {100, &Simulation::RunLoop},
      {80, &Simulation::EndAnExchange},           {40, &Simulation::PassTime},
      {40, &Simulation::SkipToWhatIsNext},        {60, &Simulation::SendEvent},
      {rare(10), &Simulation::SendBatch},         {rare(4), &Simulation::SetWallClock},
      {12, &Simulation::CreateWebhook},           {rare(8), &Simulation::UpdateWebhook},
      {rare(3), &Simulation::DeleteWebhook},      {rare(12), &Simulation::ChangeNetworkWeather},
      {rare(8), &Simulation::ChangeStoreWeather}, {rare(5), &Simulation::Crash},
      {rare(3), &Simulation::CrashInACommit},     {rare(2), &Simulation::RestartInPeace},
      {rare(8), &Simulation::CancelDelivery},     {rare(8), &Simulation::RetryDelivery},
      {rare(4), &Simulation::ReplayDeliveries},
  };
}

std::optional<Violation> Simulation::Run() {
  std::vector<int> weights;
  for (const Action& action : actions_) weights.push_back(action.weight);
  for (int i = 0; i < 3; ++i) {
    if (!Step(&Simulation::CreateWebhook) || !Step(&Simulation::RunCommitter)) return violation_;
  }
  for (int round = 0; round < kRounds; ++round) {
    for (int step = 0; step < kStepsOfARound; ++step) {
      if (!Step(actions_[world_.dice.Weighted(weights)].act)) return violation_;
    }
    if (!Rest()) return violation_;
  }
  return std::nullopt;
}

bool Simulation::Step(void (Simulation::*act)()) {
  world_.ledger.ForgetChanges();
  world_.network.ForgetArrivals();
  (this->*act)();
  if (!violation_.has_value()) violation_ = CheckStep(world_);
  return !violation_.has_value();
}

// ---- Rest

bool Simulation::Rest() {
  world_.trace.Add("weather   everything is well");
  world_.network.SetWeatherOfAll(world_.dice.Chance(70) ? SimNetwork::Weather::kFine : SimNetwork::Weather::kErrors);
  world_.store.SetWeather({});
  if (!RunUntilNothingMoves()) return false;
  world_.callers.ActivateAll(*world_.engine);
  return RunUntilNothingMoves();
}

bool Simulation::RunUntilNothingMoves() {
  const absl::Duration end = world_.clock.Monotonic() + kRestMax;
  while (world_.clock.Monotonic() < end) {
    if (!RunWhatCanRun()) return false;
    if (!CheckRest(world_).has_value()) return true;
    const absl::Duration next = std::min(next_timer_, world_.network.NextEnd());
    if (next == absl::InfiniteDuration()) break;
    world_.clock.Advance(std::max(next - world_.clock.Monotonic(), absl::ZeroDuration()));
  }
  violation_ = CheckRest(world_);
  return !violation_.has_value();
}

bool Simulation::RunWhatCanRun() {
  int turns = 0;
  for (int idle = 0; idle < 2; ++idle) {
    const size_t commits_before = commits_;
    const bool ends = world_.network.NextEnd() <= world_.clock.Monotonic();
    if (!Step(&Simulation::RunCommitter) || !Step(&Simulation::RunLoop) || !Step(&Simulation::EndAnExchange)) {
      return false;
    }
    if (commits_ != commits_before || ends || next_timer_ <= world_.clock.Monotonic()) idle = -1;
    if (++turns > kTurnsAtOneTimeMax) {
      violation_ = Violation{"time goes on", "the engine is always busy and waits for nothing"};
      return false;
    }
  }
  return true;
}

// ---- Steps

void Simulation::RunCommitter() {
  if (world_.engine->committer.RunOnce()) ++commits_;
}

void Simulation::RunLoop() {
  world_.unseen_changes = world_.ledger.TakeChangedWebhooks();
  world_.unseen_cancels = world_.ledger.TakeCancelled();
  const std::vector<SimNetwork::End> ends = world_.network.TakeEnds();
  next_timer_ = world_.engine->loop.RunOnce();
  world_.gates.Turn(ends, world_.unseen_changes, world_.network.arrivals());
}

void Simulation::EndAnExchange() { world_.network.EndOne(); }

void Simulation::PassTime() {
  const absl::Duration max = world_.dice.Pick<absl::Duration>(
      {absl::Milliseconds(10), absl::Seconds(1), absl::Seconds(1), absl::Seconds(30), absl::Minutes(5)});
  world_.clock.Advance(world_.dice.Between(absl::Microseconds(1), max));
}

void Simulation::SkipToWhatIsNext() {
  const absl::Duration next = std::min(next_timer_, world_.network.NextEnd());
  if (next == absl::InfiniteDuration() || next <= world_.clock.Monotonic()) return;
  world_.clock.Advance(next - world_.clock.Monotonic());
}

void Simulation::SetWallClock() {
  const absl::Duration max = world_.dice.Pick<absl::Duration>({absl::Seconds(1), absl::Minutes(2), absl::Hours(2)});
  const absl::Duration by = world_.dice.Between(-max, max);
  world_.trace.Add("clock     is set by ", absl::FormatDuration(by));
  world_.clock.Step(by);
}

void Simulation::SendEvent() { world_.callers.Dispatch(*world_.engine); }
void Simulation::SendBatch() { world_.callers.DispatchBatch(*world_.engine); }
void Simulation::CreateWebhook() { world_.callers.Create(*world_.engine); }
void Simulation::UpdateWebhook() { world_.callers.Update(*world_.engine); }
void Simulation::DeleteWebhook() { world_.callers.Delete(*world_.engine); }

void Simulation::CancelDelivery() { world_.operators.CancelOne(*world_.engine); }
void Simulation::RetryDelivery() { world_.operators.RetryOne(*world_.engine); }
void Simulation::ReplayDeliveries() { world_.operators.ReplaySome(*world_.engine); }

void Simulation::ChangeNetworkWeather() {
  const std::string host = absl::StrCat("w", world_.dice.Between(1, 5), ".example.com");
  world_.network.SetWeather(host, static_cast<SimNetwork::Weather>(world_.dice.Below(SimNetwork::kWeathers)));
}

void Simulation::ChangeStoreWeather() {
  const auto chance = [this] { return world_.dice.Pick<int>({0, 0, 5, 50}); };
  SimStore::Weather weather;
  if (world_.dice.Chance(60)) weather = {chance(), chance(), chance()};
  if (world_.dice.Chance(5)) weather.refused = 100;
  world_.trace.Add("weather   store: ", weather.refused, " % refused, ", weather.unknown, " % unknown, ", weather.slow,
                   " % slow");
  world_.store.SetWeather(weather);
}

void Simulation::Crash() {
  world_.Crash();
  world_.Start();
  next_timer_ = absl::ZeroDuration();
}

// What the callers would have heard does not reach them.
void Simulation::CrashInACommit() {
  world_.store.SetWeather({.refused = 0, .unknown = 100, .slow = 0});
  RunCommitter();
  world_.store.SetWeather({});
  Crash();
}

void Simulation::RestartInPeace() {
  world_.trace.Add("process   drains");
  world_.engine->dispatcher.Drain([] {});
  if (!Step(&Simulation::RunLoop)) return;
  world_.network.CancelAll();
  if (!Step(&Simulation::RunCommitter) || !Step(&Simulation::RunLoop)) return;
  Crash();
}

}  // namespace herald
