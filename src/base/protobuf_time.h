// Between absl's times and protobuf's.

#ifndef HERALD_BASE_PROTOBUF_TIME_H_
#define HERALD_BASE_PROTOBUF_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace herald {

google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Duration ToProto(absl::Duration duration);
absl::Time FromProto(const google::protobuf::Timestamp& timestamp);
absl::Duration FromProto(const google::protobuf::Duration& duration);

}  // namespace herald

#endif  // HERALD_BASE_PROTOBUF_TIME_H_
