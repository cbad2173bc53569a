#include "src/engine/first_attempts.h"

#include <iterator>
#include <utility>

namespace herald {

FirstAttempts::Ticket FirstAttempts::Wait(const std::vector<Awaited>& deliveries, const Done& done) {
  const Ticket ticket = deliveries.empty() ? 0 : Add(deliveries, done);
  if (ticket == 0) done();
  return ticket;
}

FirstAttempts::Ticket FirstAttempts::Add(const std::vector<Awaited>& deliveries, const Done& done) {
  MutexLock lock(mutex_);
  if (closed_) return 0;
  const Ticket ticket = ++last_;
  Waiter& waiter = waiters_[ticket];
  waiter.left = deliveries.size();
  waiter.done = done;
  for (const Awaited& one : deliveries) {
    waiter.deliveries.push_back(one.delivery);
    waiting_for_.emplace(one.delivery, Waiting{ticket, one.webhook_uid});
  }
  return ticket;
}

FirstAttempts::Done FirstAttempts::Remove(Ticket ticket) {
  const auto waiter = waiters_.find(ticket);
  if (waiter == waiters_.end()) return [] {};
  for (const Sequence delivery : waiter->second.deliveries) {
    auto [begin, end] = waiting_for_.equal_range(delivery);
    for (auto it = begin; it != end;) it = it->second.ticket == ticket ? waiting_for_.erase(it) : std::next(it);
  }
  Done done = std::move(waiter->second.done);
  waiters_.erase(waiter);
  return done;
}

void FirstAttempts::Expire(Ticket ticket) {
  Done done;
  {
    MutexLock lock(mutex_);
    done = Remove(ticket);
  }
  done();
}

bool FirstAttempts::IsAwaited(Sequence delivery) const {
  MutexLock lock(mutex_);
  return waiting_for_.contains(delivery);
}

void FirstAttempts::Attempted(Sequence delivery) {
  std::vector<Done> ready;
  {
    MutexLock lock(mutex_);
    std::vector<Ticket> tickets;
    const auto [begin, end] = waiting_for_.equal_range(delivery);
    for (auto it = begin; it != end; ++it) tickets.push_back(it->second.ticket);
    waiting_for_.erase(delivery);
    for (const Ticket ticket : tickets) {
      if (--waiters_[ticket].left == 0) ready.push_back(Remove(ticket));
    }
  }
  for (const Done& done : ready) done();
}

void FirstAttempts::Gone(const std::string& webhook_uid) {
  std::vector<Sequence> deliveries;
  {
    MutexLock lock(mutex_);
    for (const auto& [delivery, waiting] : waiting_for_) {
      if (waiting.webhook_uid == webhook_uid) deliveries.push_back(delivery);
    }
  }
  for (const Sequence delivery : deliveries) Attempted(delivery);
}

void FirstAttempts::Close() {
  std::vector<Done> ready;
  {
    MutexLock lock(mutex_);
    closed_ = true;
    for (auto& [ticket, waiter] : waiters_) ready.push_back(std::move(waiter.done));
    waiters_.clear();
    waiting_for_.clear();
  }
  for (const Done& done : ready) done();
}

}  // namespace herald
