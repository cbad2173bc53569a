// Update masks (AIP-134): which fields of a message replace those of another.

#ifndef HERALD_CORE_FIELD_MASK_H_
#define HERALD_CORE_FIELD_MASK_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "herald/v1/event_type.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/errors.h"

namespace herald {

// What masks may not name, as paths: those of a Webhook or an EventType; of any other message none. Lives for ever. Any
// thread.
const std::vector<absl::string_view>& OutputOnlyFields(const google::protobuf::Descriptor& type);

// `stored` with the fields of `edited` that `mask` names; a named field that `edited` does not set becomes unset. An
// empty mask names the fields that are set, "*" all of them; output only fields always stay as stored. A path that
// names no field, or an output only one, is a violation at `field`
// ("update_mask").
v1::Webhook ApplyMask(const v1::Webhook& stored, const v1::Webhook& edited, const google::protobuf::FieldMask& mask,
                      absl::string_view field, FieldViolations& violations);

// The same of an event type.
v1::EventType ApplyMask(const v1::EventType& stored, const v1::EventType& edited,
                        const google::protobuf::FieldMask& mask, absl::string_view field, FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_CORE_FIELD_MASK_H_
