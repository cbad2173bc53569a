// herald event-types create, update, delete.

#include "google/protobuf/empty.pb.h"
#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class EventTypesCommands : public RpcCommands {
 protected:
  EventTypesCommands() {
    const auto type = Text<v1::EventType>(R"(name: "eventTypes/invoice.paid" display_name: "Paid")");
    script().Answer("CreateEventType", type);
    script().Answer("UpdateEventType", type);
    script().Answer("DeleteEventType", google::protobuf::Empty());
  }
};

TEST_F(EventTypesCommands, CreateSendsTheFileAsChangedByFlags) {
  const RunResult result =
      Run({"event-types", "create", "-", "--type", "invoice.paid", "--display_name", "Paid", "--sample",
           "@" + WriteTestFile("sample", R"({"event_id": "e1", "data": 1.50})")},
          {.input = R"({"name": "eventTypes/other", "displayName": "File", "description": "d", "built_in": true})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "created eventTypes/invoice.paid\n");
  EXPECT_THAT(script().requests(),
              ElementsAre(AllOf(HasSubstr("event_type_id: \"invoice.paid\""), HasSubstr("display_name: \"Paid\""),
                                HasSubstr("description: \"d\""),
                                HasSubstr(R"(sample_json: "{\"event_id\": \"e1\", \"data\": 1.50}")"),
                                Not(HasSubstr("built_in")), Not(HasSubstr(" name: ")), Not(HasSubstr("validate")))));
}

TEST_F(EventTypesCommands, CreateTakesTheExampleWithItsNameAndItsJson) {
  EXPECT_EQ(Run({"event-types", "create", "examples/invoice.paid.json", "--validate_only"}).out,
            "valid: would be created eventTypes/invoice.paid\n");
  EXPECT_THAT(script().requests(),
              ElementsAre(AllOf(HasSubstr("event_type_id: \"invoice.paid\""), HasSubstr("validate_only: true"),
                                HasSubstr(R"(\"event_time\":1696263265.851898000)"), HasSubstr(R"(\"amount\":129.90)"),
                                HasSubstr(R"(schema_json: "{\"$schema\":)"))));
}

TEST_F(EventTypesCommands, CreateWithFlagsAloneLeavesTheRestToTheServer) {
  EXPECT_EQ(Run({"event-types", "create"}).exit_code, 0);
  EXPECT_THAT(script().requests(), ElementsAre("CreateEventType event_type { }"));
}

TEST_F(EventTypesCommands, UpdateNamesWhatItChanges) {
  const RunResult result = Run({"event-types", "update", "invoice.paid", "-", "--clear", "schema_json"},
                               {.input = R"({"name": "x", "builtIn": false, "sample_json": "{}"})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "updated eventTypes/invoice.paid\n");
  EXPECT_THAT(script().requests(),
              ElementsAre("UpdateEventType event_type { name: \"eventTypes/invoice.paid\" sample_json: \"{}\" } "
                          "update_mask { paths: \"sample_json\" paths: \"schema_json\" }"));
}

TEST_F(EventTypesCommands, UpdateReplacesEverythingWhenTold) {
  Run({"event-types", "update", "eventTypes/invoice.paid", "--description", "d", "--replace", "--validate_only"});
  EXPECT_THAT(script().requests(),
              ElementsAre("UpdateEventType event_type { name: \"eventTypes/invoice.paid\" description: \"d\" } "
                          "update_mask { paths: \"*\" } validate_only: true"));
}

TEST_F(EventTypesCommands, UpdateOfNothingIsRefused) {
  const RunResult result = Run({"event-types", "update", "invoice.paid"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("nothing is changed; give a FILE or flags such as --description TEXT"));
  EXPECT_THAT(script().requests(), IsEmpty());
}

TEST_F(EventTypesCommands, DeleteNamesTheType) {
  EXPECT_EQ(Run({"event-types", "delete", "invoice.paid"}).out, "deleted eventTypes/invoice.paid\n");
  EXPECT_EQ(Run({"event-types", "delete", "eventTypes/a", "--output", "json"}).out, "{}\n");
  EXPECT_THAT(script().requests(), ElementsAre("DeleteEventType name: \"eventTypes/invoice.paid\"",
                                               "DeleteEventType name: \"eventTypes/a\""));
}

TEST_F(EventTypesCommands, AnswersAreJsonWhenAskedFor) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"event-types", "create", "--type", "invoice.paid", "--output", "json"},
        std::vector<std::string>{"event-types", "update", "invoice.paid", "--description", "d", "--output", "json"}}) {
    EXPECT_THAT(Run(words).out, HasSubstr("\"name\": \"eventTypes/invoice.paid\""));
  }
}

TEST_F(EventTypesCommands, AFileWithAnotherFieldIsRefusedWithTheOneThatWasMeant) {
  const RunResult result = Run({"event-types", "create", "-"}, {.input = R"({"sampel_json": {}})"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("EventType has no field \"sampel_json\"; did you mean sample_json?"));
}

}  // namespace
}  // namespace herald::cli
