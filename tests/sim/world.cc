#include "tests/sim/world.h"

namespace herald {

World::World(uint64_t seed, PlantedBug bug, bool traced)
    : dice(seed),
      trace(traced, clock),
      engine_random(seed + 1),
      faulty_disk(PlantInStore(bug, disk)),
      sender(PlantInSender(bug, network)) {
  // Small, so that bounds are met all the time.
  options.in_flight_max = dice.Between(2, 8);
  options.doors.lane_held_max = dice.Between(1, 6);
  options.doors.held_max = dice.Between(4, 20);
  options.claim_bytes_max = dice.Pick<int64_t>({20, 4 << 20});
  options.owner = "simulated";
  committer_options.waiting_writes_max = dice.Between(3, 20);
  committer_options.batch_writes_max = static_cast<size_t>(dice.Between(1, 20));
  replayer_options.rows_a_step = dice.Between(1, 5);
  replayer_options.events_a_step = dice.Between(1, 5);
  Start();
}

void World::Start() {
  gates.Start();
  engine = std::make_unique<Engine>(store, clock, engine_random, *sender, limits, options, committer_options,
                                    replayer_options);
}

bool World::IsActive(const std::string& uid) const {
  const auto webhook = ledger.webhooks().find(uid);
  return webhook != ledger.webhooks().end() && webhook->second.state() == v1::Webhook::ACTIVE;
}

void World::Crash() {
  trace.Add("process   is gone");
  network.Crash();
  engine.reset();
  callers.Crash();
  operators.Crash();
  ledger.ForgetCancels();
  for (const auto& [delivery, sent] : network.sent()) {
    lost_attempts[delivery] = sent - ledger.deliveries().at(delivery).attempts;
  }
  // A store that several processes share knows nothing of the end of one: the next waits until the leases end.
  if (dice.Chance(70)) return ledger.VoidClaims();
  trace.Add("store     keeps the claims of the process that is gone");
}

}  // namespace herald
