// One life of the process without its threads: the real parts, wired as the server wires them. The owner runs committer
// and loop by RunOnce. Confined to one thread.

#ifndef HERALD_TESTS_ENGINE_WHOLE_ENGINE_H_
#define HERALD_TESTS_ENGINE_WHOLE_ENGINE_H_

#include <gtest/gtest.h>

#include <string>

#include "src/base/fake_clock.h"
#include "src/base/random.h"
#include "src/engine/authorizing_sender.h"
#include "src/engine/committer.h"
#include "src/engine/delivery_control.h"
#include "src/engine/dispatcher.h"
#include "src/engine/event_type_registry.h"
#include "src/engine/explainer.h"
#include "src/engine/first_attempts.h"
#include "src/engine/history.h"
#include "src/engine/loop.h"
#include "src/engine/publisher.h"
#include "src/engine/replayer.h"
#include "src/engine/replays.h"
#include "src/engine/tester.h"
#include "src/engine/watched_store.h"
#include "src/engine/watchers.h"
#include "src/engine/webhook_registry.h"
#include "src/http/sender.h"
#include "src/store/store.h"

namespace herald {

struct Engine {
  Engine(Store& store, FakeClock& clock, Random& random, HttpSender& sender, const v1::Limits& limits,
         const Dispatcher::Options& options, const Committer::Options& committer_options = Committer::Options(),
         const Replayer::Options& replayer_options = Replayer::Options())
      : loop(clock),
        authorizing_sender(sender, loop, clock),
        watchers(store, loop),
        watched_store(store, watchers),
        committer(watched_store, committer_options),
        event_types(committer, limits),
        registry(committer, event_types, health, clock, random, limits, UrlPolicy(UrlAllowances{})),
        dispatcher(loop, committer, registry, authorizing_sender, first_attempts, health, clock, random, limits,
                   options),
        publisher(store, committer, registry, dispatcher, first_attempts, loop, clock, limits),
        tester(registry, event_types, authorizing_sender, clock, random, limits),
        explainer(store, registry, clock, limits),
        history(store, limits),
        control(history, committer, registry, dispatcher, watchers, clock),
        replayer(loop, store, committer, registry, dispatcher, watchers, clock, replayer_options),
        replays(store, committer, registry, replayer, clock, limits) {
    registry.OnEvent([this](const absl::Status& status, std::optional<EnqueueEvent>& event) {
      dispatcher.EnqueuedWith(status, event);
    });
    EXPECT_TRUE(event_types.Load(store).ok());
    EXPECT_TRUE(registry.Load(store).ok());
    registry.OnChange(
        [this](const std::string& tenant, const std::string& uid) { dispatcher.WebhookChanged(tenant, uid); });
    EXPECT_TRUE(dispatcher.Resume(store).ok());
    replayer.Resume();
  }

  Loop loop;
  AuthorizingSender authorizing_sender;
  Watchers watchers;
  WatchedStore watched_store;
  Committer committer;
  HealthBoard health;
  EventTypeRegistry event_types;
  WebhookRegistry registry;
  FirstAttempts first_attempts;
  Dispatcher dispatcher;
  Publisher publisher;
  Tester tester;
  Explainer explainer;
  History history;
  DeliveryControl control;
  Replayer replayer;
  Replays replays;
};

}  // namespace herald

#endif  // HERALD_TESTS_ENGINE_WHOLE_ENGINE_H_
