#include "src/core/field_mask.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace herald {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What a message has that masks are held against.
struct Maskable {
  std::vector<absl::string_view> output_only;
  absl::string_view wanted;  // the end of a sentence that refuses a path
};

const Maskable& Webhooks() {
  static const auto* const webhooks = new Maskable{
      {"name", "uid", "etag", "create_time", "update_time", "warnings", "health", "disabled_reason", "disable_time",
       "signing.secrets"},
      R"(names no field of a webhook; want paths such as "url", "retry_policy.jitter" or "headers", or "*" alone)"};
  return *webhooks;
}

const Maskable& EventTypes() {
  static const auto* const event_types = new Maskable{
      {"name", "built_in"}, R"(names no field of an event type; want paths such as "sample_json", or "*" alone)"};
  return *event_types;
}

// Whether `path` is `prefix` or below it.
bool IsWithin(absl::string_view path, absl::string_view prefix) {
  return absl::ConsumePrefix(&path, prefix) && (path.empty() || path[0] == '.');
}

bool IsOutputOnly(const std::vector<absl::string_view>& fields, absl::string_view path) {
  return std::any_of(fields.begin(), fields.end(), [path](absl::string_view field) { return IsWithin(path, field); });
}

// `to` gets what `from` has in the field, also when that is nothing.
void CopyField(const Message& from, const FieldDescriptor& field, Message& to) {
  to.GetReflection()->ClearField(&to, &field);
  const bool is_set = field.is_repeated() ? from.GetReflection()->FieldSize(from, &field) > 0
                                          : from.GetReflection()->HasField(from, &field);
  if (!is_set) return;
  // A message of this one field, merged: the one way of reflection that takes every type of field.
  const std::unique_ptr<Message> carrier(from.New());
  carrier->CopyFrom(from);
  std::vector<const FieldDescriptor*> set_fields;
  carrier->GetReflection()->ListFields(*carrier, &set_fields);
  for (const FieldDescriptor* other : set_fields) {
    if (other != &field) carrier->GetReflection()->ClearField(carrier.get(), other);
  }
  to.MergeFrom(*carrier);
}

// False: the path names no field.
bool CopyPath(const Message& from, const std::vector<std::string>& path, Message& to) {
  const Message* source = &from;
  Message* target = &to;
  for (size_t i = 0;; ++i) {
    const FieldDescriptor* field = source->GetDescriptor()->FindFieldByName(path[i]);
    if (field == nullptr) return false;
    if (i + 1 == path.size()) {
      CopyField(*source, *field, *target);
      return true;
    }
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
    source = &source->GetReflection()->GetMessage(*source, field);
    target = target->GetReflection()->MutableMessage(target, field);
  }
}

std::vector<std::string> PathsOf(const Maskable& maskable, const Message& edited,
                                 const google::protobuf::FieldMask& mask) {
  std::vector<std::string> paths;
  if (mask.paths_size() == 1 && mask.paths(0) == "*") {
    for (int i = 0; i < edited.GetDescriptor()->field_count(); ++i) {
      paths.push_back(edited.GetDescriptor()->field(i)->name());
    }
  } else if (mask.paths().empty()) {
    std::vector<const FieldDescriptor*> set_fields;
    edited.GetReflection()->ListFields(edited, &set_fields);
    for (const FieldDescriptor* field : set_fields) paths.push_back(field->name());
  } else {
    return {mask.paths().begin(), mask.paths().end()};
  }
  paths.erase(std::remove_if(paths.begin(), paths.end(),
                             [&](const std::string& path) { return IsOutputOnly(maskable.output_only, path); }),
              paths.end());
  return paths;
}

// `merged` gets the fields of `edited` that `paths` name.
void CopyPaths(const Maskable& maskable, const Message& edited, const std::vector<std::string>& paths,
               absl::string_view field, Message& merged, FieldViolations& violations) {
  for (const std::string& path : paths) {
    const std::vector<std::string> names = absl::StrSplit(path, '.');
    if (IsOutputOnly(maskable.output_only, path)) {
      violations.Add(field, absl::StrCat("\"", path, "\" is output only; leave it out"));
    } else if (!CopyPath(edited, names, merged)) {
      violations.Add(field, absl::StrCat("\"", path, "\" ", maskable.wanted));
    }
  }
}

bool Names(const std::vector<std::string>& paths, absl::string_view prefix) {
  return std::any_of(paths.begin(), paths.end(), [&](absl::string_view path) { return IsWithin(path, prefix); });
}

// Schedule and backoff exclude each other, and the stored policy always has one of them: naming one drops the other,
// and with it the number of attempts that the other one implied.
void DropOtherSchedule(const std::vector<std::string>& paths, v1::RetryPolicy& policy) {
  const bool schedule = Names(paths, "retry_policy.schedule");
  const bool backoff = Names(paths, "retry_policy.backoff");
  if (schedule == backoff) return;
  if (schedule && policy.schedule_size() > 0) policy.clear_backoff();
  if (backoff && policy.has_backoff()) policy.clear_schedule();
  if (!Names(paths, "retry_policy.max_attempts")) policy.clear_max_attempts();
}

}  // namespace

const std::vector<absl::string_view>& OutputOnlyFields(const google::protobuf::Descriptor& type) {
  static const auto* const none = new std::vector<absl::string_view>();
  if (&type == v1::Webhook::descriptor()) return Webhooks().output_only;
  if (&type == v1::EventType::descriptor()) return EventTypes().output_only;
  return *none;
}

v1::Webhook ApplyMask(const v1::Webhook& stored, const v1::Webhook& edited, const google::protobuf::FieldMask& mask,
                      absl::string_view field, FieldViolations& violations) {
  v1::Webhook merged = stored;
  const std::vector<std::string> paths = PathsOf(Webhooks(), edited, mask);
  CopyPaths(Webhooks(), edited, paths, field, merged, violations);
  DropOtherSchedule(paths, *merged.mutable_retry_policy());
  *merged.mutable_signing()->mutable_secrets() = stored.signing().secrets();
  return merged;
}

v1::EventType ApplyMask(const v1::EventType& stored, const v1::EventType& edited,
                        const google::protobuf::FieldMask& mask, absl::string_view field, FieldViolations& violations) {
  v1::EventType merged = stored;
  CopyPaths(EventTypes(), edited, PathsOf(EventTypes(), edited, mask), field, merged, violations);
  return merged;
}

}  // namespace herald
