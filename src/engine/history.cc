#include "src/engine/history.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/sequence.h"
#include "src/engine/page_token.h"
#include "src/engine/time_range.h"

namespace herald {
namespace {

absl::Status BadName(absl::string_view field, absl::string_view value, absl::string_view want) {
  FieldViolations violations;
  violations.Add(field, absl::StrCat("is \"", value, "\"; want \"", want, "\""));
  return violations.ToStatus();
}

// Why a name gives no delivery: it is none at all, or has an id that Herald never gave.
absl::Status NoDelivery(const std::string& tenant, absl::string_view field, const std::string& name) {
  if (!IdInName(tenant, "deliveries", name).has_value()) return BadName(field, name, "deliveries/{id}");
  return MakeError(absl::StatusCode::kNotFound, v1::DELIVERY_NOT_FOUND, absl::StrCat("there is no ", name));
}

void CheckView(int view, FieldViolations& violations) {
  if (v1::View::Level_IsValid(view)) return;
  violations.Add("view", absl::StrCat(view, " is no view; use BASIC or FULL"));
}

// The id of an optional name field; empty when the field is.
std::string IdOrViolation(const std::string& tenant, absl::string_view collection, const std::string& name,
                          absl::string_view field, FieldViolations& violations) {
  if (name.empty()) return "";
  const auto id = IdInName(tenant, collection, name);
  if (!id.has_value()) violations.Add(field, absl::StrCat("is \"", name, "\"; want \"", collection, "/{id}\""));
  return std::string(id.value_or(""));
}

// Newest first: a cursor is the last sequence shown, and the next page holds smaller ones.
template <typename Request>
SequenceRange RangeOf(const Request& request, FieldViolations& violations) {
  SequenceRange range = SequencesIn(request.range(), violations);
  const std::optional<std::string> cursor = ParsePageToken(request, violations);
  Sequence before = 0;
  if (cursor.has_value() && absl::SimpleAtoi(*cursor, &before)) range.end = std::min(range.end, before);
  return range;
}

}  // namespace

absl::StatusOr<v1::Event> History::GetEvent(const std::string& tenant, const v1::GetEventRequest& request) const {
  const auto id = IdInName(tenant, "events", request.name());
  if (!id.has_value()) return BadName("name", request.name(), "events/{id}");
  HERALD_ASSIGN_OR_RETURN(StoredEvent stored, store_.FindEvent(tenant, std::string(*id)));
  return std::move(stored.event);
}

absl::StatusOr<v1::ListEventsResponse> History::ListEvents(const std::string& tenant,
                                                           const v1::ListEventsRequest& request) const {
  FieldViolations violations;
  EventQuery query;
  query.type = request.type();
  query.bounds = {PageSize(request.page_size(), limits_.page_size_max(), violations), kPageBytesMax};
  query.range = RangeOf(request, violations);
  query.with_payload = request.view() == v1::View::FULL;
  CheckView(request.view(), violations);
  if (!violations.empty()) return violations.ToStatus();
  HERALD_ASSIGN_OR_RETURN(Page<StoredEvent> page, store_.ListEvents(tenant, query));
  v1::ListEventsResponse response;
  for (StoredEvent& row : page.rows) *response.add_events() = std::move(row.event);
  if (page.more) response.set_next_page_token(MakePageToken(request, absl::StrCat(page.rows.back().sequence)));
  return response;
}

absl::StatusOr<v1::Delivery> History::GetDelivery(const std::string& tenant,
                                                  const v1::GetDeliveryRequest& request) const {
  const std::optional<Sequence> delivery = DeliveryInName(tenant, request.name());
  if (!delivery.has_value()) return NoDelivery(tenant, "name", request.name());
  return store_.FindDelivery(tenant, *delivery);
}

absl::StatusOr<v1::ListDeliveriesResponse> History::ListDeliveries(const std::string& tenant,
                                                                   const v1::ListDeliveriesRequest& request) const {
  FieldViolations violations;
  DeliveryQuery query;
  query.bounds = {PageSize(request.page_size(), limits_.page_size_max(), violations), kPageBytesMax};
  query.webhook_id = IdOrViolation(tenant, "webhooks", request.webhook(), "webhook", violations);
  query.event_id = IdOrViolation(tenant, "events", request.event(), "event", violations);
  query.event_type = request.event_type();
  query.state = request.state();
  query.range = RangeOf(request, violations);
  query.with_bodies = request.view() == v1::View::FULL;
  CheckView(request.view(), violations);
  if (!v1::Delivery::State_IsValid(query.state)) {
    violations.Add("state", absl::StrCat(static_cast<int>(query.state),
                                         " is no state; use PENDING, RETRYING, SUCCEEDED, FAILED or CANCELLED"));
  }
  if (!violations.empty()) return violations.ToStatus();
  HERALD_ASSIGN_OR_RETURN(Page<v1::Delivery> page, store_.ListDeliveries(tenant, query));
  v1::ListDeliveriesResponse response;
  for (v1::Delivery& row : page.rows) *response.add_deliveries() = std::move(row);
  if (page.more) {
    const Sequence last = *DeliveryInName(tenant, response.deliveries().rbegin()->name());
    response.set_next_page_token(MakePageToken(request, absl::StrCat(last)));
  }
  return response;
}

absl::StatusOr<v1::ListInvocationsResponse> History::ListInvocations(const std::string& tenant,
                                                                     const v1::ListInvocationsRequest& request) const {
  const std::optional<Sequence> delivery = DeliveryInName(tenant, request.delivery());
  if (!delivery.has_value()) return NoDelivery(tenant, "delivery", request.delivery());
  FieldViolations violations;
  const PageBounds bounds{PageSize(request.page_size(), limits_.page_size_max(), violations), kPageBytesMax};
  const std::optional<std::string> cursor = ParsePageToken(request, violations);
  CheckView(request.view(), violations);
  if (!violations.empty()) return violations.ToStatus();
  int after = 0;
  if (!cursor->empty() && !absl::SimpleAtoi(*cursor, &after)) return BadName("page_token", request.page_token(), "");
  HERALD_RETURN_IF_ERROR(store_.FindDelivery(tenant, *delivery).status());
  HERALD_ASSIGN_OR_RETURN(Page<v1::InvocationResult> page, store_.ListInvocations(tenant, *delivery, after, bounds));
  v1::ListInvocationsResponse response;
  for (v1::InvocationResult& row : page.rows) {
    if (request.view() == v1::View::BASIC) {
      row.clear_request();
      row.clear_response();
      row.clear_validations();
    }
    *response.add_invocations() = std::move(row);
  }
  if (page.more) {
    response.set_next_page_token(MakePageToken(request, absl::StrCat(response.invocations().rbegin()->attempt())));
  }
  return response;
}

}  // namespace herald
