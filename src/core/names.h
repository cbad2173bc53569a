// Resource names: "webhooks/{id}", "events/{id}", "deliveries/{id}", "deliveries/{id}/invocations/{attempt}",
// "eventTypes/{type}", "replays/{id}".
//
// Input may begin with "tenants/{tenant}/" when {tenant} is that of the call; output never does.

#ifndef HERALD_CORE_NAMES_H_
#define HERALD_CORE_NAMES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "src/core/sequence.h"

namespace herald {

inline constexpr char kDefaultTenant[] = "default";

std::string WebhookName(absl::string_view id);
std::string EventName(absl::string_view id);
std::string EventTypeName(absl::string_view type);
// "deliveries/dlv_…"
std::string DeliveryName(Sequence sequence);
// "replays/rpl_…"
std::string ReplayName(Sequence sequence);
std::string InvocationName(Sequence delivery, int attempt);
// The id of an event whose sender gave none: "evt_…".
std::string GeneratedEventId(Sequence sequence);

// The id in `name` when it is "{collection}/{id}" or "tenants/{tenant}/{collection}/{id}" with an id that is not empty
// and holds no
// "/". Nothing otherwise.
std::optional<absl::string_view> IdInName(absl::string_view tenant, absl::string_view collection,
                                          absl::string_view name);

// The sequence in a delivery's name, or nothing.
std::optional<Sequence> DeliveryInName(absl::string_view tenant, absl::string_view name);
// The sequence in a replay's name, or nothing.
std::optional<Sequence> ReplayInName(absl::string_view tenant, absl::string_view name);

}  // namespace herald

#endif  // HERALD_CORE_NAMES_H_
