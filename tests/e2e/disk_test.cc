// What the real server says and does when its disk is full or may not be written.

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/e2e/ledger_webhook.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

namespace fs = std::filesystem;

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// ---- Full

// "UNAVAILABLE" and the reason in a status; empty for OK.
std::string ReasonIn(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (status.ok() || !details.ParseFromString(status.error_details())) return "";
  for (const auto& detail : details.details()) detail.UnpackTo(&info);
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ? absl::StrCat("UNAVAILABLE ", info.reason()) : "other";
}

// A server whose files may be kept from growing, as on a disk that is full.
class DiskFullTest : public ::testing::Test {
 protected:
  DiskFullTest() {
    receiver_.Handle([this](const ReceivedRequest& request) {
      if (request.body == "\"held\"") answer_.WaitForNotification();
      return ScriptedAnswer{.status = 200};
    });
  }
  void SetUp() override {
    ASSERT_NE(herald_.address(), "") << ReadFile(herald_.log_file());
    CreateLedgerWebhook(herald_, R"("body_template": "{{event_id}}", "timeout": "60s")");
  }
  void TearDown() override {
    if (!answer_.HasBeenNotified()) answer_.Notify();
  }

  // Files of the server may grow to `bytes` from now on.
  void LimitFiles(rlim_t bytes) const {
    rlimit limit = {};
    ASSERT_EQ(prlimit(herald_.pid(), RLIMIT_FSIZE, nullptr, &limit), 0);
    limit.rlim_cur = std::min(bytes, limit.rlim_max);
    ASSERT_EQ(prlimit(herald_.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  void FillDisk() const { LimitFiles(fs::file_size(directory_.File("herald.db-wal"))); }
  void MakeRoom() const { LimitFiles(RLIM_INFINITY); }

  grpc::Status Dispatch(const std::string& id, bool wait, v1::DispatchEventResponse& response) {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_id(id);
    request.mutable_event()->set_type("RequestCreated");
    request.set_wait(wait);
    grpc::ClientContext context;
    return herald_.events().DispatchEvent(&context, request, &response);
  }
  grpc::StatusCode GetEvent(const std::string& id) {
    v1::GetEventRequest request;
    request.set_name(absl::StrCat("events/", id));
    v1::Event event;
    grpc::ClientContext context;
    return herald_.events().GetEvent(&context, request, &event).error_code();
  }
  v1::Delivery GetDelivery(const std::string& name) {
    v1::GetDeliveryRequest request;
    request.set_name(name);
    v1::Delivery delivery;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_.deliveries().GetDelivery(&context, request, &delivery).ok());
    return delivery;
  }

  TempDir directory_;
  TestCa ca_;
  absl::Notification answer_;  // to the event "held"
  Receiver receiver_{LedgerReceiver(ca_)};
  HeraldProcess herald_{LedgerOptions(ca_, receiver_, &directory_, {"--log_level=warning"})};
};

TEST_F(DiskFullTest, RefusesWritesAnswersReadsAndGoesOnWhenThereIsRoom) {
  v1::DispatchEventResponse before;
  v1::DispatchEventResponse held;
  v1::DispatchEventResponse lost;
  ASSERT_TRUE(Dispatch("before", true, before).ok());
  ASSERT_TRUE(Dispatch("held", false, held).ok());
  ASSERT_TRUE(receiver_.WaitForRequests(2));
  grpc::ClientContext watching;
  v1::WatchDeliveriesRequest watch;
  watch.add_states(v1::Delivery::SUCCEEDED);
  const auto stream = herald_.deliveries().WatchDeliveries(&watching, watch);
  stream->WaitForInitialMetadata();

  FillDisk();
  EXPECT_EQ(ReasonIn(Dispatch("lost", true, lost)), "UNAVAILABLE STORE_UNAVAILABLE");
  EXPECT_EQ(GetEvent("lost"), grpc::StatusCode::NOT_FOUND) << "nothing was done";
  EXPECT_EQ(GetEvent("before"), grpc::StatusCode::OK) << "reads go on";
  answer_.Notify();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ReasonIn(Dispatch("lost", true, lost)), "UNAVAILABLE STORE_UNAVAILABLE");
  EXPECT_EQ(GetDelivery(held.deliveries(0).name()).state(), v1::Delivery::PENDING);

  MakeRoom();
  v1::Delivery told;
  ASSERT_TRUE(stream->Read(&told));
  EXPECT_EQ(told.name(), held.deliveries(0).name()) << "an outcome that could not be written is kept until it can";
  EXPECT_EQ(told.attempt_count(), 1);
  ASSERT_TRUE(Dispatch("lost", true, lost).ok());
  EXPECT_FALSE(lost.duplicate());
  EXPECT_EQ(lost.deliveries(0).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(receiver_.request_count(), 3) << "nothing was sent twice";
  watching.TryCancel();
  herald_.Signal(SIGTERM);
  EXPECT_TRUE(herald_.ExitsWith(0)) << "the same process";
}

// ---- Not to be written

// What a server that cannot start on `path` says.
std::string StartError(const std::string& path, const std::string& launcher = "") {
  HeraldProcess herald({.store = absl::StrCat("sqlite:", path), .launcher = launcher});
  EXPECT_EQ(herald.address(), "");
  EXPECT_TRUE(herald.ExitsWith(1));
  return ReadFile(herald.log_file());
}

// Takes from a server of root's what makes root write where nobody may.
std::string AsAnyone() { return geteuid() == 0 ? "setpriv --bounding-set=-dac_override --inh-caps=-dac_override" : ""; }

TEST(DiskStart, AFileThatMayNotBeWrittenStopsTheStart) {
  const TempDir directory;
  const std::string path = directory.File("herald.db");
  {
    HeraldProcess herald({.store = absl::StrCat("sqlite:", path)});
    herald.Signal(SIGTERM);
    ASSERT_TRUE(herald.ExitsWith(0));
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_THAT(StartError(path, AsAnyone()),
              EndsWith("herald.db cannot be written; make it and its directory writable\n"));
}

TEST(DiskStart, ADirectoryThatMayNotBeWrittenStopsTheStart) {
  const TempDir directory;
  ASSERT_EQ(chmod(directory.path().c_str(), 0500), 0);
  EXPECT_THAT(StartError(directory.File("herald.db"), AsAnyone()),
              EndsWith("herald.db.lock cannot be made: Permission denied; the directory must exist and be writable\n"));
  ASSERT_EQ(chmod(directory.path().c_str(), 0700), 0);
}

TEST(DiskStart, WhatIsNoFileOfHeraldsStopsTheStart) {
  const TempDir directory;
  EXPECT_THAT(StartError(directory.File("none/herald.db")),
              EndsWith("No such file or directory; the directory must exist and be writable\n"));
  fs::create_directory(directory.File("folder"));
  const std::string sentence = StartError(directory.File("folder"));
  EXPECT_THAT(sentence, StartsWith("heraldd: "));
  EXPECT_THAT(sentence, HasSubstr("folder is a directory; name a file in it"));
}

}  // namespace
}  // namespace herald
