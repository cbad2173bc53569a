// Single values for people: times, durations, enums, maps.

#ifndef HERALD_CLIENTS_CLI_VALUES_TEXT_H_
#define HERALD_CLIENTS_CLI_VALUES_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/table.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/map.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/webhook.pb.h"

namespace herald::cli {

// "2023-10-02 16:14:25Z", empty for none.
std::string TimeText(const google::protobuf::Timestamp& time);
// "12.3ms", "1m30s"; to the microsecond.
std::string DurationText(const google::protobuf::Duration& duration);

// "name: value", sorted, one a line.
std::string LinesOf(const google::protobuf::Map<std::string, std::string>& map);
std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts, absl::string_view separator);

// "● ACTIVE" in green, "○ INACTIVE" in white.
Cell StateCell(v1::Webhook::State state);
Cell StateCell(v1::Delivery::State state);
Cell OutcomeCell(v1::InvocationResult::Outcome outcome);

// The number of a value by its name, case aside. `choices` are the names that `flag` takes, as EnumNames has them;
// empty: all. INVALID_ARGUMENT lists them.
absl::StatusOr<int> EnumNumber(const google::protobuf::EnumDescriptor& type, absl::string_view name,
                               absl::string_view flag, absl::string_view choices = "");
// "ACTIVE|INACTIVE", for help.
std::string EnumNames(const google::protobuf::EnumDescriptor& type);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_VALUES_TEXT_H_
