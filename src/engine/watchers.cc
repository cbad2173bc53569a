#include "src/engine/watchers.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/core/errors.h"
#include "src/core/names.h"
#include "src/store/invocation_parts.h"

namespace herald {
namespace {

absl::Status TooSlowError() {
  return MakeError(absl::StatusCode::kResourceExhausted, v1::QUEUE_FULL,
                   absl::StrCat("more than ", Watchers::kUnreadMax,
                                " deliveries changed that were not read yet; read faster, or watch fewer"));
}

absl::Status DrainingError() {
  return MakeError(absl::StatusCode::kUnavailable, v1::DRAINING, "the server is stopping; call again");
}

void CheckStates(const v1::WatchDeliveriesRequest& request, FieldViolations& violations) {
  for (int i = 0; i < request.states_size(); ++i) {
    const int state = request.states(i);
    if (state != v1::Delivery::STATE_UNSPECIFIED && v1::Delivery::State_IsValid(state)) continue;
    violations.Add(FieldOfIndex("states", i), absl::StrCat(state, " is no state of a delivery"));
  }
}

}  // namespace

bool Watchers::Watcher::Wants(const std::string& delivery_webhook, v1::Delivery::State state) const {
  return (webhook.empty() || webhook == delivery_webhook) && (states.empty() || absl::c_linear_search(states, state));
}

absl::StatusOr<Watchers::Ticket> Watchers::Watch(const std::string& tenant, const v1::WatchDeliveriesRequest& request,
                                                 std::shared_ptr<Reader> reader) {
  FieldViolations violations;
  Watcher watcher;
  watcher.tenant = tenant;
  watcher.reader = std::move(reader);
  if (!request.webhook().empty()) {
    const auto id = IdInName(tenant, "webhooks", request.webhook());
    if (id.has_value()) {
      watcher.webhook = WebhookName(*id);
    } else {
      violations.Add("webhook", absl::StrCat("is \"", request.webhook(), "\"; want \"webhooks/{id}\""));
    }
  }
  CheckStates(request, violations);
  for (const int state : request.states()) watcher.states.push_back(static_cast<v1::Delivery::State>(state));
  if (!violations.empty()) return violations.ToStatus();
  MutexLock lock(mutex_);
  if (ended_) watcher.end = DrainingError();
  watchers_.emplace(++last_, std::move(watcher));
  ++count_;
  return last_;
}

void Watchers::Read(Ticket ticket) {
  MutexLock lock(mutex_);
  const auto found = watchers_.find(ticket);
  if (found == watchers_.end()) return;
  found->second.is_reading = true;
  Wake(ticket, found->second);
}

void Watchers::Forget(Ticket ticket) {
  MutexLock lock(mutex_);
  count_ -= static_cast<int>(watchers_.erase(ticket));
}

void Watchers::EndAll() {
  MutexLock lock(mutex_);
  ended_ = true;
  for (auto& [ticket, watcher] : watchers_) {
    watcher.end.Update(DrainingError());
    Wake(ticket, watcher);
  }
}

void Watchers::Changed(const std::string& tenant, const std::vector<Change>& changes) {
  MutexLock lock(mutex_);
  for (auto& [ticket, watcher] : watchers_) {
    if (watcher.tenant != tenant || !watcher.end.ok()) continue;
    for (const Change& change : changes) {
      if (!watcher.Wants(change.webhook, change.state) || !watcher.is_unread.insert(change.delivery).second) continue;
      watcher.unread.push_back(change.delivery);
    }
    if (watcher.unread.size() > kUnreadMax) {
      watcher.end = TooSlowError();
      watcher.unread.clear();
      watcher.is_unread.clear();
    }
    Wake(ticket, watcher);
  }
}

void Watchers::Wake(Ticket ticket, Watcher& watcher) {
  if (!watcher.is_reading || !watcher.HasNews()) return;
  watcher.is_reading = false;
  loop_.Post([this, ticket] { Serve(ticket); });
}

Watchers::News Watchers::NextOf(Ticket ticket) {
  MutexLock lock(mutex_);
  const auto found = watchers_.find(ticket);
  if (found == watchers_.end()) return {};
  Watcher& watcher = found->second;
  News news{watcher.reader, watcher.tenant, 0, watcher.end};
  if (!watcher.end.ok()) {
    watchers_.erase(found);
    --count_;
  } else if (!watcher.unread.empty()) {
    news.delivery = watcher.unread.front();
    watcher.unread.pop_front();
    watcher.is_unread.erase(news.delivery);
  } else {
    watcher.is_reading = true;
    news.reader = nullptr;
  }
  return news;
}

bool Watchers::Wants(Ticket ticket, const v1::Delivery& delivery) {
  MutexLock lock(mutex_);
  const auto found = watchers_.find(ticket);
  return found != watchers_.end() && found->second.Wants(delivery.webhook(), delivery.state());
}

void Watchers::Serve(Ticket ticket) {
  while (true) {
    const News news = NextOf(ticket);
    if (news.reader == nullptr) return;
    if (!news.end.ok()) return news.reader->End(news.end);
    absl::StatusOr<v1::Delivery> delivery = store_.FindDelivery(news.tenant, news.delivery);
    // What went on to a state that is not wanted is left out, and so is what cannot be read: the next change tells.
    if (!delivery.ok() || !Wants(ticket, *delivery)) continue;
    if (delivery->has_last_result()) RemoveBodies(*delivery->mutable_last_result());
    return news.reader->Write(*std::move(delivery));
  }
}

}  // namespace herald
