#include "src/core/names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/id.h"

namespace herald {
namespace {

constexpr char kDeliveryPrefix[] = "dlv_";
constexpr char kEventPrefix[] = "evt_";
constexpr char kReplayPrefix[] = "rpl_";

std::string DeliveryId(Sequence sequence) {
  return absl::StrCat(kDeliveryPrefix, EncodeId(static_cast<uint64_t>(sequence)));
}

std::optional<Sequence> SequenceInName(absl::string_view tenant, absl::string_view collection, absl::string_view prefix,
                                       absl::string_view name) {
  auto id = IdInName(tenant, collection, name);
  if (!id.has_value() || !absl::ConsumePrefix(&*id, prefix)) return std::nullopt;
  const std::optional<uint64_t> number = DecodeId(*id);
  if (!number.has_value() || *number > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<Sequence>(*number);
}

}  // namespace

std::string WebhookName(absl::string_view id) { return absl::StrCat("webhooks/", id); }
std::string EventName(absl::string_view id) { return absl::StrCat("events/", id); }
std::string EventTypeName(absl::string_view type) { return absl::StrCat("eventTypes/", type); }
std::string DeliveryName(Sequence sequence) { return absl::StrCat("deliveries/", DeliveryId(sequence)); }
std::string ReplayName(Sequence sequence) {
  return absl::StrCat("replays/", kReplayPrefix, EncodeId(static_cast<uint64_t>(sequence)));
}
std::string InvocationName(Sequence delivery, int attempt) {
  return absl::StrCat(DeliveryName(delivery), "/invocations/", attempt);
}
std::string GeneratedEventId(Sequence sequence) {
  return absl::StrCat(kEventPrefix, EncodeId(static_cast<uint64_t>(sequence)));
}

std::optional<absl::string_view> IdInName(absl::string_view tenant, absl::string_view collection,
                                          absl::string_view name) {
  if (absl::string_view rest = name; absl::ConsumePrefix(&rest, "tenants/")) {
    if (!absl::ConsumePrefix(&rest, tenant) || !absl::ConsumePrefix(&rest, "/")) return std::nullopt;
    name = rest;
  }
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return std::nullopt;
  if (name.empty() || name.find('/') != absl::string_view::npos) return std::nullopt;
  return name;
}

std::optional<Sequence> DeliveryInName(absl::string_view tenant, absl::string_view name) {
  return SequenceInName(tenant, "deliveries", kDeliveryPrefix, name);
}

std::optional<Sequence> ReplayInName(absl::string_view tenant, absl::string_view name) {
  return SequenceInName(tenant, "replays", kReplayPrefix, name);
}

}  // namespace herald
