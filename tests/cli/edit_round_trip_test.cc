// What `get --output json` printed goes into `update` as it is: the fields that Herald alone sets stay out of the mask.

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/message_json.h"
#include "src/core/field_mask.h"
#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

class EditRoundTrip : public RpcCommands {};

// Gives the field some value; of a type that no output only field has yet, this fails.
void Fill(const FieldDescriptor& field, Message& message) {
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    field.is_repeated() ? reflection.AddString(&message, &field, "x") : reflection.SetString(&message, &field, "x");
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    field.is_repeated() ? reflection.AddMessage(&message, &field) : reflection.MutableMessage(&message, &field);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    reflection.SetEnumValue(&message, &field, 1);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection.SetBool(&message, &field, true);
  } else {
    ADD_FAILURE() << "no value for " << field.full_name();
  }
}

void FillPath(absl::string_view path, Message& message) {
  Message* at = &message;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    at = at->GetReflection()->MutableMessage(at, at->GetDescriptor()->FindFieldByName(names[i]));
  }
  Fill(*at->GetDescriptor()->FindFieldByName(names.back()), *at);
}

// As a server prints it: everything that Herald sets is set.
template <typename Resource>
Resource AsPrinted() {
  Resource resource;
  for (const absl::string_view path : OutputOnlyFields(*Resource::descriptor())) FillPath(path, resource);
  return resource;
}

TEST_F(EditRoundTrip, OfAWebhookNamesWhatPeopleSet) {
  v1::Webhook printed = AsPrinted<v1::Webhook>();
  EXPECT_TRUE(printed.has_health());
  printed.set_url("https://hooks.example.com/***");
  script().Answer("UpdateWebhook", printed);
  const RunResult result = Run({"webhooks", "update", "ops", "-"}, {.input = MessageJson(printed)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  ASSERT_EQ(script().requests().size(), 1U);
  const auto request =
      Text<v1::UpdateWebhookRequest>(std::string(absl::StripPrefix(script().requests().front(), "UpdateWebhook ")));
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("signing", "url"));  // of signing, the secrets are left alone
  FieldViolations violations;
  ApplyMask(printed, request.webhook(), request.update_mask(), "update_mask", violations);
  EXPECT_TRUE(violations.empty()) << violations.ToStatus();
}

TEST_F(EditRoundTrip, OfAnEventTypeNamesWhatPeopleSet) {
  v1::EventType printed = AsPrinted<v1::EventType>();
  EXPECT_TRUE(printed.built_in());
  printed.set_description("of a");
  script().Answer("UpdateEventType", printed);
  const RunResult result = Run({"event-types", "update", "a", "-"}, {.input = MessageJson(printed)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  ASSERT_EQ(script().requests().size(), 1U);
  const auto request =
      Text<v1::UpdateEventTypeRequest>(std::string(absl::StripPrefix(script().requests().front(), "UpdateEventType ")));
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("description"));
}

// The fields of `message Webhook` that its proto calls output only; the etag is one that callers send, beside the mask.
std::vector<std::string> OutputOnlyInProto() {
  std::ifstream file("protos/herald/v1/webhook.proto");
  std::vector<std::string> fields = {"name", "etag", "signing.secrets"};
  bool inside = false;
  bool output_only = false;
  for (std::string line; std::getline(file, line);) {
    if (absl::StartsWith(line, "message ")) inside = absl::StartsWith(line, "message Webhook {");
    if (!inside) continue;
    if (absl::StartsWith(line, "  // Output only")) output_only = true;
    if (absl::StartsWith(line, "  //") || !absl::StrContains(line, " = ")) continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (output_only) fields.push_back(words[words[0] == "repeated" ? 2 : 1]);
    output_only = false;
  }
  return fields;
}

TEST_F(EditRoundTrip, TheListOfOutputOnlyFieldsIsThatOfTheProto) {
  const auto& fields = OutputOnlyFields(*v1::Webhook::descriptor());
  EXPECT_THAT(std::vector<std::string>(fields.begin(), fields.end()), UnorderedElementsAreArray(OutputOnlyInProto()));
}

}  // namespace
}  // namespace herald::cli
