#include "tests/e2e/kill_ledger.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace herald {

void KillLedger::Received(Receipt receipt) {
  MutexLock lock(mutex_);
  if (receipt.taken) arrived_.insert(absl::StrCat(receipt.webhook, " ", receipt.event));
  receipts_.push_back(std::move(receipt));
  changed_.NotifyAll();
}

bool KillLedger::WaitForAll(const std::set<std::string>& webhooks, const std::set<std::string>& events,
                            absl::Duration timeout) {
  std::set<std::string> wanted;
  for (const std::string& webhook : webhooks) {
    for (const std::string& event : events) wanted.insert(absl::StrCat(webhook, " ", event));
  }
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  MutexLock lock(mutex_);
  while (!std::includes(arrived_.begin(), arrived_.end(), wanted.begin(), wanted.end())) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    changed_.WaitUntil(mutex_, deadline);
  }
  return true;
}

void KillLedger::LifeEnded(int connections, std::set<std::string> open) {
  lives_.push_back({connections, std::move(open)});
}

size_t KillLedger::LifeOf(const Receipt& receipt) const {
  const auto life = std::find_if(lives_.begin(), lives_.end(),
                                 [&](const Life& one) { return receipt.connection <= one.connections; });
  return static_cast<size_t>(life - lives_.begin());
}

std::vector<std::pair<std::string, std::vector<size_t>>> KillLedger::Taken() const {
  std::map<std::string, std::vector<size_t>> taken;
  MutexLock lock(mutex_);
  for (const Receipt& receipt : receipts_) {
    if (receipt.taken) taken[receipt.delivery].push_back(LifeOf(receipt));
  }
  for (auto& [delivery, lives] : taken) std::sort(lives.begin(), lives.end());
  return {taken.begin(), taken.end()};
}

std::vector<int> KillLedger::InFlightAtKills() const {
  std::vector<int> counts(lives_.size());
  for (const auto& [delivery, lives] : Taken()) {
    for (const size_t life : lives) {
      if (life < lives_.size() && lives_[life].open.contains(delivery)) ++counts[life];
    }
  }
  return counts;
}

int KillLedger::Duplicates() const {
  size_t duplicates = 0;
  for (const auto& [delivery, lives] : Taken()) duplicates += lives.size() - 1;
  return static_cast<int>(duplicates);
}

std::vector<std::string> KillLedger::UnexplainedDuplicates() const {
  std::vector<std::string> unexplained;
  for (const auto& [delivery, lives] : Taken()) {
    for (size_t i = 1; i < lives.size(); ++i) {
      bool explained = lives[i] > lives[i - 1];
      for (size_t kill = lives[i - 1]; kill < lives[i]; ++kill) {
        explained = explained && lives_[kill].open.contains(delivery);
      }
      if (!explained) unexplained.push_back(absl::StrCat(delivery, " in lives ", lives[i - 1], " and ", lives[i]));
    }
  }
  return unexplained;
}

std::vector<std::string> KillLedger::OutOfOrder() const {
  MutexLock lock(mutex_);
  std::vector<Receipt> receipts = receipts_;
  // What a killed process had sent may be read after what the next one sends.
  std::stable_sort(receipts.begin(), receipts.end(),
                   [this](const Receipt& a, const Receipt& b) { return LifeOf(a) < LifeOf(b); });
  std::vector<std::string> late;
  std::map<std::string, int> latest;  // of each webhook and key
  for (const Receipt& receipt : receipts) {
    const std::vector<std::string> parts = absl::StrSplit(receipt.event, '-');
    int number = 0;
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &number)) continue;
    int& last = latest[absl::StrCat(receipt.webhook, " ", parts[0])];
    if (number < last) late.push_back(absl::StrCat(receipt.webhook, " got ", receipt.event, " after ", last));
    last = std::max(last, number);
  }
  return late;
}

}  // namespace herald
