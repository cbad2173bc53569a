// A token bucket: in any t seconds at most burst + t * rate are taken. Counted in whole nanoseconds, so that it holds
// exactly (the generic cell rate algorithm of ITU-T I.371).
//
// Time is an argument, on a clock that never steps back. Not thread-safe.

#ifndef HERALD_CORE_TOKEN_BUCKET_H_
#define HERALD_CORE_TOKEN_BUCKET_H_

#include "absl/time/time.h"
#include "herald/v1/webhook.pb.h"

namespace herald {

class TokenBucket {
 public:
  // `limit` has its defaults. Begins with one second's worth at most: a process that starts again and again gives no
  // more than that beside what the rate allows.
  TokenBucket(const v1::RateLimit& limit, absl::Duration now);

  // Another rate or burst from now on; what was taken stays taken.
  void Change(const v1::RateLimit& limit, absl::Duration now);

  // When the next token is there: `now` or earlier, there is one.
  absl::Duration NextToken() const { return full_at_ - (burst_ - 1) * interval_; }
  bool HasToken(absl::Duration now) const { return NextToken() <= now; }
  // Takes a token, of which there is one.
  void Take(absl::Duration now);

 private:
  int burst_;
  absl::Duration interval_;  // between tokens
  absl::Duration full_at_;   // when the bucket will be full
};

}  // namespace herald

#endif  // HERALD_CORE_TOKEN_BUCKET_H_
