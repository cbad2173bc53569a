#include "src/core/event_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "src/core/event_document.h"
#include "src/core/json_path.h"
#include "src/core/limits.h"
#include "src/core/names.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The words of JSON Schema that our schema uses; each says where `value` is not as `schema` says.
class SchemaChecker {
 public:
  explicit SchemaChecker(const JsonValue& root) : root_(root) {}

  void Check(const JsonValue& schema, const JsonValue& value, const std::string& path) {
    if (const JsonValue* reference = schema.Find("$ref")) {
      Check(*root_.Find("$defs")->Find(absl::StripPrefix(reference->string(), "#/$defs/")), value, path);
    }
    if (const JsonValue* type = schema.Find("type")) {
      EXPECT_EQ(type->string(), TypeOf(value)) << path;
    }
    if (const JsonValue* constant = schema.Find("const")) {
      EXPECT_EQ(ToJson(*constant), ToJson(value)) << path;
    }
    if (const JsonValue* choices = schema.Find("enum")) {
      EXPECT_THAT(ToJson(*choices), HasSubstr(ToJson(value))) << path;
    }
    CheckMembers(schema, value, path);
    if (const JsonValue* items = schema.Find("items")) {
      for (const JsonValue& item : value.items()) Check(*items, item, path + "[]");
    }
  }

 private:
  void CheckMembers(const JsonValue& schema, const JsonValue& value, const std::string& path) {
    if (const JsonValue* required = schema.Find("required")) {
      for (const JsonValue& name : required->items()) {
        EXPECT_NE(value.Find(name.string()), nullptr) << path << " " << name.string();
      }
    }
    const JsonValue* properties = schema.Find("properties");
    if (properties == nullptr) return;
    for (const JsonMember& member : value.members()) {
      const JsonValue* described = properties->Find(member.name);
      const std::string member_path = absl::StrCat(path, ".", member.name);
      ASSERT_NE(described, nullptr) << member_path << " is not in the schema";
      Check(*described, member.value, member_path);
    }
  }

  static std::string TypeOf(const JsonValue& value) {
    constexpr const char* kNames[] = {"null", "boolean", "number", "string", "array", "object"};
    return kNames[static_cast<int>(value.kind())];
  }

  const JsonValue& root_;
};

TEST(EventTypes, AreTheSixAndHeraldsOwnByName) {
  std::vector<std::string> names;
  for (const v1::EventType& type : BuiltInEventTypes()) {
    names.push_back(type.name());
    EXPECT_TRUE(type.built_in());
    EXPECT_FALSE(type.display_name().empty());
    EXPECT_FALSE(type.description().empty());
  }
  EXPECT_THAT(names, ElementsAre("eventTypes/RequestApproved", "eventTypes/RequestCreated", "eventTypes/RequestExpired",
                                 "eventTypes/RequestFailed", "eventTypes/RequestGranted", "eventTypes/RequestRejected",
                                 "eventTypes/herald.delivery.failed", "eventTypes/herald.webhook.disabled"));
}

TEST(EventTypes, SamplesAreAsTheirSchemasSay) {
  for (const v1::EventType& type : BuiltInEventTypes()) {
    const JsonDocument schema = JsonDocument::Parse(type.schema_json()).value();
    const JsonDocument sample = JsonDocument::Parse(type.sample_json(), {.refuse_duplicate_names = true}).value();
    EXPECT_EQ(schema.root().Find("$schema")->string(), "https://json-schema.org/draft/2020-12/schema");
    SchemaChecker(schema.root()).Check(schema.root(), sample.root(), type.name());
    EXPECT_EQ(EventTypeName(sample.root().Find("event_type")->string()), type.name());
    EXPECT_EQ(sample.root().Find("event_type")->string(), schema.root().Find("title")->string());
  }
}

TEST(EventTypes, TheSampleHasEveryFieldOfAnAccessRequest) {
  const JsonDocument sample = JsonDocument::Parse(FindBuiltInEventType("RequestCreated")->sample_json()).value();
  const struct {
    const char* path;
    const char* json;
  } kCases[] = {
      {"$.event_type", "\"RequestCreated\""},
      {"$.event_time", "1696263265.851898000"},
      {"$.data.id", "\"123\""},
      {"$.data.friendly_id", "\"AR-123\""},
      {"$.data.requester['id','name','email']", nullptr},
      {"$.data.grantee['id','source_id','name','type']", nullptr},
      {"$.data.justification", nullptr},
      {"$.data.creation_date", "1696263265.851898000"},
      {"$.data.revocation_date", nullptr},
      {"$.data.access_duration_in_seconds", "3600"},
      {"$.data.access_flow['id','name']", nullptr},
      {"$.data.access_bundle['id','name']", nullptr},
      {"$.data.access_groups[*].integration.id", "\"integration-1\""},
      {"$.data.access_groups[*].integration.type", "\"Postgresql\""},
      {"$.data.access_groups[*].integration.name", "\"prod db\""},
      {"$.data.access_groups[*].resource_types[*].id", "\"postgresql-database\""},
      {"$.data.access_groups[*].resource_types[*].name", "\"Database\""},
      {"$.data.access_groups[*].resource_types[*].display_path", "\"Postgresql/Database\""},
      {"$.data.access_groups[*].access_units[*].resource['id','name','path']", nullptr},
      {"$.data.access_groups[*].access_units[*].resource.type['id','name','display_path']", nullptr},
      {"$.data.access_groups[*].access_units[*].permission.id", "\"READ_ONLY\""},
      {"$.data.access_groups[*].access_units[*].permission.name", nullptr},
      {"$.data.approvals_logical_relation", "\"ANY\""},
      {"$.data.approvals[*]['name','type','status']", nullptr},
      {"$.data.approvals[*].approver['id','name','email']", nullptr},
      {"$.data.custom_fields", nullptr},
  };
  for (const auto& c : kCases) {
    const auto nodes = JsonPath::Compile(c.path)->Select(sample.root()).value();
    ASSERT_FALSE(nodes.empty()) << c.path;
    if (c.json != nullptr) {
      EXPECT_EQ(ToJson(nodes.front()), c.json) << c.path;
    }
  }
}

TEST(EventTypes, ASampleEventHasTheDocumentOfTheSample) {
  for (const v1::EventType& type : BuiltInEventTypes()) {
    const v1::Event event = SampleEvent(absl::StripPrefix(type.name(), "eventTypes/"));
    const JsonDocument document = JsonDocument::Parse(EventDocumentText(event)).value();
    const JsonDocument sample = JsonDocument::Parse(type.sample_json()).value();
    std::string expected, actual;
    AppendCanonicalJson(sample.root(), &expected);
    AppendCanonicalJson(document.root(), &actual);
    EXPECT_EQ(actual, expected);
    EXPECT_TRUE(ParsePayload(event, DefaultLimits()).ok());
  }
}

TEST(EventTypes, AnUnknownTypeHasAnEmptySample) {
  EXPECT_EQ(FindBuiltInEventType("invoice.paid"), nullptr);
  EXPECT_EQ(SampleEvent("invoice.paid").type(), "invoice.paid");
  EXPECT_EQ(SampleEvent("invoice.paid").data_json(), "{}");
}

}  // namespace
}  // namespace herald
