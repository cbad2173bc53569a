#include "src/rpc/watch_reactor.h"

#include <utility>

#include "src/rpc/status.h"

namespace herald {

WatchReactor* WatchReactor::Start(Watchers& watchers, const absl::StatusOr<std::string>& tenant,
                                  const v1::WatchDeliveriesRequest& request) {
  const auto reactor = std::make_shared<WatchReactor>(watchers);
  {
    MutexLock lock(reactor->mutex_);
    reactor->self_ = reactor;
  }
  const absl::StatusOr<Watchers::Ticket> ticket =
      tenant.ok() ? watchers.Watch(*tenant, request, reactor) : tenant.status();
  if (ticket.ok()) {
    reactor->ticket_ = *ticket;
    reactor->StartSendInitialMetadata();  // tells the caller that from here on nothing is missed
    watchers.Read(*ticket);
  } else {
    reactor->FinishWith(ToGrpcStatus(ticket.status()));
  }
  return reactor.get();
}

void WatchReactor::Write(v1::Delivery delivery) {
  {
    MutexLock lock(mutex_);
    if (end_.has_value()) return;
    is_writing_ = true;
  }
  message_ = std::move(delivery);
  StartWrite(&message_);
}

void WatchReactor::End(const absl::Status& status) { FinishWith(ToGrpcStatus(status)); }

void WatchReactor::OnCancel() { FinishWith(grpc::Status::CANCELLED); }

void WatchReactor::FinishWith(const grpc::Status& status) {
  {
    MutexLock lock(mutex_);
    if (end_.has_value()) return;
    end_ = status;
    if (is_writing_) return;  // OnWriteDone finishes
  }
  Finish(status);
}

void WatchReactor::OnWriteDone(bool ok) {
  std::optional<grpc::Status> end;
  {
    MutexLock lock(mutex_);
    is_writing_ = false;
    if (!ok && !end_.has_value()) end_ = grpc::Status::CANCELLED;
    end = end_;
  }
  if (end.has_value()) return Finish(*end);
  watchers_.Read(ticket_);
}

void WatchReactor::OnDone() {
  watchers_.Forget(ticket_);
  std::shared_ptr<WatchReactor> last;
  {
    // What other threads wrote here comes before the end, which may be on the watchers' thread.
    MutexLock lock(mutex_);
    last = std::move(self_);
  }
}

}  // namespace herald
