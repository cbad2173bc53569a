#include "src/core/signing_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/base/protobuf_time.h"
#include "src/base/random.h"
#include "src/core/errors.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

class SigningSecrets : public testing::Test {
 protected:
  absl::Status Rotate(absl::Duration overlap, absl::Time now = kNow) {
    return RotateSecret(SigningKey::Make(signing_.scheme(), random_.Bytes(SigningKey::kRandomBytes)), overlap, now,
                        signing_);
  }
  absl::Status Follow(v1::Signing::Scheme scheme, absl::Time now = kNow) {
    signing_.set_scheme(scheme);
    return FollowScheme(random_.Bytes(SigningKey::kRandomBytes), now, signing_);
  }
  // How long each secret signs after kNow.
  std::vector<absl::Duration> Lives() {
    std::vector<absl::Duration> lives;
    for (const v1::Signing::Secret& secret : signing_.secrets()) lives.push_back(ExpiryOf(secret) - kNow);
    return lives;
  }

  SeededRandom random_{1};
  v1::Signing signing_;
};

TEST_F(SigningSecrets, AreMadeForTheScheme) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  EXPECT_THAT(signing_.secrets(0).value(), StartsWith("whsec_"));
  EXPECT_EQ(signing_.secrets(0).public_key(), "");
  EXPECT_EQ(FromProto(signing_.secrets(0).create_time()), kNow);
  EXPECT_FALSE(signing_.secrets(0).has_expire_time());
}

TEST_F(SigningSecrets, StayWhileTheSchemeStays) {
  ASSERT_TRUE(Follow(v1::Signing::ED25519).ok());
  const std::string before = signing_.DebugString();
  ASSERT_TRUE(Follow(v1::Signing::ED25519, kNow + absl::Hours(1)).ok());
  EXPECT_EQ(signing_.DebugString(), before);
}

TEST_F(SigningSecrets, OfAnotherSchemeSignBesideTheNewForADay) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  ASSERT_TRUE(Follow(v1::Signing::ED25519).ok());
  EXPECT_THAT(Lives(), ElementsAre(absl::InfiniteDuration(), absl::Hours(24)));
  EXPECT_THAT(signing_.secrets(0).value(), StartsWith("whsk_"));
  EXPECT_THAT(signing_.secrets(0).public_key(), StartsWith("whpk_"));
  EXPECT_THAT(signing_.secrets(1).value(), StartsWith("whsec_"));
}

TEST_F(SigningSecrets, GoWithTheScheme) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  const std::string before = signing_.secrets(0).value();
  ASSERT_TRUE(Follow(v1::Signing::NONE).ok());
  EXPECT_THAT(Lives(), IsEmpty());
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  EXPECT_NE(signing_.secrets(0).value(), before);
}

TEST_F(SigningSecrets, SignOnForTheOverlapAfterARotation) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  const std::string first = signing_.secrets(0).value();
  ASSERT_TRUE(Rotate(absl::Hours(2)).ok());
  EXPECT_THAT(Lives(), ElementsAre(absl::InfiniteDuration(), absl::Hours(2)));
  EXPECT_EQ(signing_.secrets(1).value(), first);
}

TEST_F(SigningSecrets, NeverLiveLongerByARotation) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  ASSERT_TRUE(Rotate(absl::Hours(1)).ok());
  ASSERT_TRUE(Rotate(absl::Hours(3)).ok());
  EXPECT_THAT(Lives(), ElementsAre(absl::InfiniteDuration(), absl::Hours(3), absl::Hours(1)));
  ASSERT_TRUE(Rotate(absl::Hours(2)).ok());
  EXPECT_THAT(Lives(), ElementsAre(absl::InfiniteDuration(), absl::Hours(2), absl::Hours(2), absl::Hours(1)));
}

TEST_F(SigningSecrets, EndAtOnceWithoutAnOverlap) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  ASSERT_TRUE(Rotate(absl::Hours(1)).ok());
  ASSERT_TRUE(Rotate(absl::ZeroDuration()).ok());
  EXPECT_THAT(Lives(), ElementsAre(absl::InfiniteDuration()));
}

TEST_F(SigningSecrets, AreAtMostFourAndAShortOverlapHelps) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Rotate(absl::Hours(1)).ok());
  const std::string before = signing_.DebugString();
  EXPECT_EQ(ReasonOf(Rotate(absl::Hours(1))), v1::WRONG_STATE);
  EXPECT_EQ(signing_.DebugString(), before);
  EXPECT_EQ(ReasonOf(Follow(v1::Signing::ED25519)), v1::WRONG_STATE);
  signing_.set_scheme(v1::Signing::HMAC_SHA256);
  EXPECT_TRUE(Rotate(absl::Hours(1), kNow + absl::Hours(1)).ok()) << "the former ones have expired";
  EXPECT_EQ(signing_.secrets_size(), 2);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Rotate(absl::Hours(1), kNow + absl::Hours(1)).ok());
  EXPECT_TRUE(Rotate(absl::ZeroDuration(), kNow + absl::Hours(1)).ok());
  EXPECT_EQ(signing_.secrets_size(), 1);
}

TEST_F(SigningSecrets, AreDroppedAtTheVeryMomentOfTheirEnd) {
  ASSERT_TRUE(Follow(v1::Signing::HMAC_SHA256).ok());
  ASSERT_TRUE(Rotate(absl::Hours(1)).ok());
  DropExpiredSecrets(kNow + absl::Hours(1) - absl::Microseconds(1), signing_);
  EXPECT_EQ(signing_.secrets_size(), 2);
  DropExpiredSecrets(kNow + absl::Hours(1), signing_);
  EXPECT_EQ(signing_.secrets_size(), 1);
}

}  // namespace
}  // namespace herald
