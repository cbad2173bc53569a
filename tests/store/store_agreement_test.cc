// Stores differ in nothing that the contract names: the same random writes give the same results and the same reads.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "src/base/random.h"
#include "src/store/memory_store.h"
#include "src/store/sqlite_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

// ---- What a write or a read came to, as text.

std::string Describe(const Claim& claim) { return absl::StrCat(claim.delivery, "#", claim.token); }

std::string Describe(const Write& write) {
  std::string text = absl::StrCat(write.index(), ": ");
  std::visit([&](const auto& each) { absl::StrAppend(&text, each.status.ToString()); }, write);
  if (const auto* enqueue = std::get_if<EnqueueEvent>(&write); enqueue != nullptr && enqueue->status.ok()) {
    absl::StrAppend(&text, " ", enqueue->sequence, " ", enqueue->event.ShortDebugString());
    for (const auto& target : enqueue->targets) absl::StrAppend(&text, " ", target.delivery, "#", target.token);
  }
  if (const auto* claim = std::get_if<ClaimDeliveries>(&write)) {
    absl::StrAppend(&text, " next ", absl::FormatTime(claim->next_due));
    for (const ClaimedDelivery& each : claim->claimed) {
      absl::StrAppend(&text, "\n  ", Describe(each.claim), " after ", each.attempt_count, " of ", each.attempts_former,
                      " since ", absl::FormatTime(each.open_time), " ", each.event.ShortDebugString());
    }
  }
  if (const auto* cancel = std::get_if<CancelDeliveries>(&write)) {
    for (const Claim& claim : cancel->cancelled) absl::StrAppend(&text, " ", Describe(claim));
  }
  if (const auto* created = std::get_if<CreateReplay>(&write); created != nullptr && created->status.ok()) {
    absl::StrAppend(&text, " ", created->sequence, " ", created->replay.ShortDebugString());
  }
  if (const auto* step = std::get_if<ContinueReplay>(&write); step != nullptr && step->status.ok()) {
    absl::StrAppend(&text, " next ", step->after.rest.first, " ", step->after.replay.ShortDebugString());
    for (const auto& opened : step->opened)
      absl::StrAppend(&text, " ", opened.delivery, opened.made ? "+" : "=", opened.state);
  }
  if (const auto* expire = std::get_if<DeleteExpired>(&write)) {
    absl::StrAppend(&text, " next ", expire->next, " kept ", expire->first_kept, " removed ", expire->events, " ",
                    expire->deliveries, " ", expire->invocations);
  }
  return text + "\n";
}

template <typename Row, typename DescribeRow>
std::string Describe(const absl::StatusOr<Page<Row>>& page, DescribeRow describe) {
  if (!page.ok()) return page.status().ToString();
  std::string text = page->more ? "more\n" : "all\n";
  for (const Row& row : page->rows) absl::StrAppend(&text, "  ", describe(row), "\n");
  return text;
}

std::string DescribeWebhooks(Store& store) {
  std::string text;
  const auto webhooks = store.LoadWebhooks();
  for (const StoredWebhook& each : *webhooks) {
    absl::StrAppend(&text, each.tenant, " ", each.webhook.ShortDebugString(), "\n");
  }
  const auto lanes = store.LoadOpenLanes();
  for (const OpenLane& each : *lanes) {
    absl::StrAppend(&text, each.tenant, " ", each.webhook_uid, " ", absl::FormatTime(each.next_due), "\n");
  }
  const auto queue = store.ReadQueue();
  absl::StrAppend(&text, queue->open, " open, since ", absl::FormatTime(queue->oldest.value_or(absl::InfinitePast())));
  return text;
}

std::string DescribeEventTypes(Store& store) {
  std::string text;
  const auto event_types = store.LoadEventTypes();
  for (const StoredEventType& each : *event_types) {
    absl::StrAppend(&text, each.tenant, " ", each.event_type.ShortDebugString(), "\n");
  }
  return text;
}

std::string DescribeEvents(Store& store, const EventQuery& query) {
  return Describe(store.ListEvents(kTenant, query), [](const StoredEvent& row) {
    return absl::StrCat(row.sequence, " ", row.delivery_count, " ", row.content_hash, row.event.ShortDebugString());
  });
}

std::string DescribeDeliveries(Store& store, const DeliveryQuery& query) {
  return Describe(store.ListDeliveries(kTenant, query), [](const auto& row) { return row.ShortDebugString(); });
}

std::string DescribeReplays(Store& store) {
  std::string text = Describe(store.ListReplays(kTenant, {"", INT64_MAX, Rows(5)}),
                              [](const v1::Replay& row) { return row.ShortDebugString(); });
  const auto running = store.LoadRunningReplays();
  for (const StoredReplay& each : *running) {
    absl::StrAppend(&text, each.sequence, " from ", each.rest.first, " to ", each.rest.end, "\n");
  }
  return text;
}

std::string DescribeInvocations(Store& store, Sequence delivery, int after, const PageBounds& bounds) {
  return Describe(store.ListInvocations(kTenant, delivery, after, bounds),
                  [](const auto& row) { return row.ShortDebugString(); });
}

// ---- A world that writes at random, with few names so that they collide.

class RandomWriter {
 public:
  explicit RandomWriter(uint64_t seed) : random_(seed) {}

  WriteBatch Next() {
    now_ += absl::Milliseconds(Below(4000)) - absl::Milliseconds(500);  // at times it steps back
    WriteBatch batch;
    for (int i = Below(Chance(5) ? 60 : 6) + 1; i > 0; --i) batch.push_back(NextWrite());
    return batch;
  }
  // Goes on with these replays from now on.
  void Learn(std::vector<StoredReplay> running) { replays_ = std::move(running); }
  // Takes in what the writes came to, to write about it later.
  void Learn(const WriteBatch& batch) {
    for (const Write& write : batch) {
      if (const auto* claim = std::get_if<ClaimDeliveries>(&write)) {
        for (const ClaimedDelivery& each : claim->claimed) claims_.push_back(each.claim);
      }
      if (const auto* enqueue = std::get_if<EnqueueEvent>(&write); enqueue != nullptr && enqueue->status.ok()) {
        events_[enqueue->sequence] = enqueue->event.ordering_key();
        for (const EnqueueEvent::Target& target : enqueue->targets) {
          if (target.token != 0) claims_.push_back({target.delivery, target.token});
        }
      }
      if (const auto* create = std::get_if<CreateWebhook>(&write); create != nullptr && create->status.ok()) {
        uids_.push_back(create->webhook.uid());
      }
    }
  }

  DeliveryQuery NextDeliveryQuery() {
    DeliveryQuery query;
    if (Chance(3)) query.webhook_id = Id();
    if (Chance(3)) query.event_id = EventId();
    if (Chance(3)) query.event_type = Type();
    if (Chance(2)) query.state = static_cast<v1::Delivery::State>(1 + Below(5));
    query.range = NextRange();
    query.with_bodies = Chance(2);
    query.bounds = NextBounds();
    return query;
  }
  EventQuery NextEventQuery() {
    EventQuery query;
    if (Chance(2)) query.type = Type();
    query.range = NextRange();
    query.with_payload = Chance(2);
    query.oldest_first = Chance(2);
    query.bounds = NextBounds();
    return query;
  }
  PageBounds NextBounds() {
    return {static_cast<int>(1 + Below(8)), Chance(3) ? static_cast<int64_t>(Below(2000)) : int64_t{1} << 30};
  }
  Sequence NextClaimed() { return claims_.empty() ? 1 : AnyClaim().delivery; }
  int Below(int bound) { return static_cast<int>(random_.Next() % static_cast<uint64_t>(bound)); }

 private:
  bool Chance(int one_in) { return Below(one_in) == 0; }
  std::string Id() { return std::string(1, static_cast<char>('a' + Below(4))); }
  std::string EventId() { return absl::StrCat("event-", Below(60)); }
  std::string Type() { return Chance(2) ? "RequestCreated" : "invoice.paid"; }
  std::string Etag() { return absl::StrCat("etag-", Below(2)); }
  std::string Uid() {
    return uids_.empty() ? "none" : uids_[static_cast<size_t>(Below(static_cast<int>(uids_.size())))];
  }
  Claim AnyClaim() {
    // The latest ones, mostly.
    const int size = static_cast<int>(claims_.size());
    return claims_[static_cast<size_t>(size - 1 - Below(Chance(4) ? size : std::min(size, 6)))];
  }
  SequenceRange NextRange() {
    if (!Chance(4)) return {};
    return {FirstSequenceAt(now_ - absl::Seconds(Below(60))), FirstSequenceAt(now_ - absl::Seconds(Below(10)))};
  }

  v1::Webhook NextWebhook(const std::string& uid) {
    v1::Webhook webhook = MakeWebhook(Id());
    webhook.set_uid(uid);
    webhook.set_display_name(absl::StrCat(Chance(2) ? "Name " : "nAME ", Below(6)));
    webhook.set_etag(Etag());
    return webhook;
  }
  Write NextWrite() {
    switch (Below(26)) {
      case 0: {
        CreateWebhook create = Creating(NextWebhook(absl::StrCat("uid-", ++uids_made_)));
        create.webhooks_max = Below(5);
        return create;
      }
      case 1: {
        ReplaceWebhook replace;
        replace.tenant = kTenant;
        replace.webhook = NextWebhook(Uid());
        replace.expected_etag = Etag();
        return replace;
      }
      case 2:
        return DeleteWebhook{kTenant, Id(), Chance(2) ? Etag() : "", now_, {}};
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
        return NextEnqueue();
      case 8:
      case 9:
      case 10:
        return NextClaim();
      case 11:
        return CancelDeliveries{kTenant, Uid(), NextRange(), 1 + Below(3), now_, {}, {}};
      case 12:
        return RetryDelivery{kTenant, NextClaimed(), Chance(2), now_, {}};
      case 13:
      case 14:
        return NextReplay();
      case 15:
      case 16:
      case 17:
        return NextStep();
      case 18:
        return NextExpiry();
      case 19:
      case 20:
        return NextOfEventTypes();
      default:
        return NextEnd();
    }
  }
  v1::EventType NextEventType() {
    v1::EventType event_type;
    event_type.set_name(EventTypeName(Id()));
    if (Chance(2)) event_type.set_description("described");
    return event_type;
  }
  Write NextOfEventTypes() {
    if (Chance(3)) return DeleteEventType{kTenant, Id()};
    if (Chance(2)) return CreateEventType{kTenant, NextEventType(), Below(4)};
    const v1::EventType event_type = NextEventType();
    v1::EventType former = NextEventType();
    former.set_name(event_type.name());
    return ReplaceEventType{kTenant, event_type, former};
  }
  Write NextReplay() {
    CreateReplay create = Replaying(Id(), {}, now_, NextRange());
    create.replay.set_webhook_uid(Uid());
    for (const int state : {3, 4, 5}) {
      if (state == 4 || Chance(3)) create.replay.add_states(static_cast<v1::Delivery::State>(state));
    }
    create.running_max = 3;
    return create;
  }
  Write NextStep() {
    if (replays_.empty()) return NextReplay();
    StoredReplay& stored = replays_[static_cast<size_t>(Below(static_cast<int>(replays_.size())))];
    ContinueReplay step = GoingOn(stored, now_, 1 + Below(4));
    if (Chance(3)) step.range.end = std::min(step.range.end, step.range.first + (Sequence{Below(9'000)} << 20));
    for (const auto& [event, key] : events_) {
      if (event >= step.range.first && event < step.range.end && Chance(3)) step.missed.push_back({event, key});
    }
    return step;
  }
  Write NextEnqueue() {
    EnqueueEvent enqueue = Enqueueing(Chance(3) ? "" : EventId(), {}, now_);
    enqueue.event.set_type(Type());
    if (Chance(3)) enqueue.event.set_ordering_key(Chance(2) ? "k1" : "k2");
    enqueue.owner = "publisher";
    enqueue.lease_end = now_ + absl::Seconds(Below(30));
    std::set<std::string> uids;
    for (int i = Below(Chance(10) ? 40 : 4); i > 0; --i) uids.insert(Uid());
    for (const std::string& uid : uids) enqueue.targets.push_back({Id(), uid, Chance(3)});
    return enqueue;
  }
  Write NextClaim() {
    ClaimDeliveries claim = Claiming("", now_, Below(5));
    claim.webhook_uid = Uid();
    claim.lease_end = now_ + absl::Seconds(Below(30));
    claim.bytes_max = Below(30);
    return claim;
  }
  Write NextExpiry() {
    DeleteExpired expire;
    if (Chance(2)) expire.first = FirstSequenceAt(now_ - absl::Seconds(Below(200)));
    expire.before = FirstSequenceAt(now_ - absl::Seconds(60 + Below(100)));
    expire.rows_max = Below(40);
    return expire;
  }
  Write NextEnd() {
    const Claim claim = claims_.empty() ? Claim{} : AnyClaim();
    if (Chance(4)) return Releasing(claim);
    if (Chance(3)) return Retrying(claim, Below(9), now_, now_ + absl::Milliseconds(Below(20'000)));
    SettleDelivery settle = Settling(claim, Chance(2) ? v1::Delivery::FAILED : v1::Delivery::SUCCEEDED, now_);
    settle.ordered = true;  // whether it is or not
    return settle;
  }

  SeededRandom random_;
  absl::Time now_ = At(0);
  int uids_made_ = 0;
  std::vector<std::string> uids_;
  std::vector<Claim> claims_;
  std::map<Sequence, std::string> events_;  // with their ordering keys
  std::vector<StoredReplay> replays_;
};

std::string ApplyAndDescribe(Store& store, WriteBatch& batch) {
  std::string text = store.Apply(batch).ToString() + "\n";
  for (const Write& write : batch) text += Describe(write);
  return text;
}

TEST(StoreAgreement, StoresAnswerTheSameToTheSame) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const TempDir dir;
    MemoryStore memory;
    const std::unique_ptr<SqliteStore> sqlite = *SqliteStore::Open(dir.File("herald.db"));
    RandomWriter writer(seed);
    for (int step = 0; step < 120; ++step) {
      WriteBatch batch = writer.Next();
      WriteBatch same = batch;
      ASSERT_EQ(ApplyAndDescribe(memory, batch), ApplyAndDescribe(*sqlite, same)) << "step " << step;
      writer.Learn(batch);
      writer.Learn(*memory.LoadRunningReplays());
      ASSERT_EQ(DescribeReplays(memory), DescribeReplays(*sqlite));
      ASSERT_EQ(DescribeWebhooks(memory), DescribeWebhooks(*sqlite));
      ASSERT_EQ(DescribeEventTypes(memory), DescribeEventTypes(*sqlite));
      const EventQuery events = writer.NextEventQuery();
      ASSERT_EQ(DescribeEvents(memory, events), DescribeEvents(*sqlite, events));
      const DeliveryQuery deliveries = writer.NextDeliveryQuery();
      ASSERT_EQ(DescribeDeliveries(memory, deliveries), DescribeDeliveries(*sqlite, deliveries));
      const Sequence delivery = writer.NextClaimed();
      const PageBounds bounds = writer.NextBounds();
      const int after = writer.Below(3);
      ASSERT_EQ(DescribeInvocations(memory, delivery, after, bounds),
                DescribeInvocations(*sqlite, delivery, after, bounds));
    }
  }
}

}  // namespace
}  // namespace herald
