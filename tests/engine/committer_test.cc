#include "src/engine/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <latch>
#include <string>
#include <vector>

#include "src/core/errors.h"
#include "src/store/memory_store.h"

namespace herald {
namespace {

CreateWebhook NewWebhook(const std::string& id) {
  CreateWebhook write;
  write.tenant = "default";
  write.webhook.set_name("webhooks/" + id);
  write.webhook.set_uid("uid-" + id);
  write.webhook.set_display_name(id);
  write.webhooks_max = 10;
  return write;
}

TEST(Committer, TellsEachWriteItsOwnEnd) {
  MemoryStore store;
  Committer committer(store, Committer::Options());
  std::vector<absl::Status> ends;
  const auto note = [&](const absl::Status& status, Write&) { ends.push_back(status); };
  ASSERT_TRUE(committer.Submit(NewWebhook("a"), 1, note).ok());
  ASSERT_TRUE(committer.Submit(NewWebhook("a"), 1, note).ok());
  ASSERT_TRUE(committer.Submit(NewWebhook("b"), 1, note).ok());
  EXPECT_TRUE(committer.RunOnce());
  ASSERT_EQ(ends.size(), 3U);
  EXPECT_TRUE(ends[0].ok());
  EXPECT_EQ(ReasonOf(ends[1]), v1::WEBHOOK_ID_TAKEN);
  EXPECT_TRUE(ends[2].ok());
  EXPECT_FALSE(committer.RunOnce());
}

TEST(Committer, RefusesWhatPassesItsBounds) {
  MemoryStore store;
  Committer::Options options;
  options.waiting_writes_max = 1;
  Committer committer(store, options);
  const auto ignore = [](const absl::Status&, Write&) {};
  ASSERT_TRUE(committer.Submit(NewWebhook("a"), 1, ignore).ok());
  EXPECT_EQ(ReasonOf(committer.Submit(NewWebhook("b"), 1, ignore)), v1::QUEUE_FULL);
  EXPECT_TRUE(committer.SubmitOwn(NewWebhook("c"), ignore).ok()) << "Herald's own writes are bounded elsewhere";
  EXPECT_TRUE(committer.RunOnce());
  EXPECT_TRUE(committer.Submit(NewWebhook("b"), 1, ignore).ok());
}

TEST(Committer, BoundsTheBytesThatWait) {
  MemoryStore store;
  Committer::Options options;
  options.waiting_bytes_max = 100;
  Committer committer(store, options);
  const auto ignore = [](const absl::Status&, Write&) {};
  EXPECT_EQ(ReasonOf(committer.Submit(NewWebhook("a"), 101, ignore)), v1::QUEUE_FULL);
  EXPECT_TRUE(committer.Submit(NewWebhook("a"), 100, ignore).ok());
}

class SizeNote final : public Committer::Observer {
 public:
  void BeforeApply(WriteBatch& batch) override { sizes.push_back(batch.size()); }
  void AfterBatch() override {}

  std::vector<size_t> sizes;
};

class PatientCommitterTest : public ::testing::Test {
 protected:
  PatientCommitterTest() {
    committer_.Observe(note_);
    committer_.Start();
  }

  absl::Status SubmitPatiently(const std::string& id) {
    return committer_.SubmitPatiently(NewWebhook(id), [this](const absl::Status&, Write&) { done_.count_down(); });
  }

  std::latch done_{3};
  SizeNote note_;
  MemoryStore store_;
  Committer committer_{store_, {.patient_writes_max = 3, .patience = std::chrono::hours(1)}};
};

TEST_F(PatientCommitterTest, WritesWhatNobodyWaitsForWithTheNextThatSomebodyDoes) {
  ASSERT_TRUE(SubmitPatiently("a").ok());
  ASSERT_TRUE(SubmitPatiently("b").ok());
  ASSERT_TRUE(committer_.SubmitOwn(NewWebhook("c"), [this](const absl::Status&, Write&) { done_.count_down(); }).ok());
  done_.wait();
  committer_.Stop();
  EXPECT_THAT(note_.sizes, ::testing::ElementsAre(3));
}

TEST_F(PatientCommitterTest, WritesWhatNobodyWaitsForWhenThereIsEnoughOfIt) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(SubmitPatiently(id).ok());
  done_.wait();
  committer_.Stop();
  EXPECT_THAT(note_.sizes, ::testing::ElementsAre(3));
}

TEST(Committer, WritesWhatNobodyWaitsForAfterAWhile) {
  MemoryStore store;
  Committer committer(store, {.patience = std::chrono::milliseconds(1)});
  committer.Start();
  std::latch done{1};
  ASSERT_TRUE(
      committer.SubmitPatiently(NewWebhook("a"), [&done](const absl::Status&, Write&) { done.count_down(); }).ok());
  done.wait();
}

TEST(Committer, AppliesWhatWaitsBeforeItStops) {
  MemoryStore store;
  Committer committer(store, Committer::Options());
  committer.Start();
  const auto ignore = [](const absl::Status&, Write&) {};
  ASSERT_TRUE(committer.Submit(NewWebhook("a"), 1, ignore).ok());
  ASSERT_TRUE(committer.SubmitPatiently(NewWebhook("c"), ignore).ok());
  committer.Stop();
  EXPECT_EQ(store.LoadWebhooks()->size(), 2U);
  EXPECT_EQ(ReasonOf(committer.SubmitOwn(NewWebhook("b"), [](const absl::Status&, Write&) {})), v1::DRAINING);
}

}  // namespace
}  // namespace herald
