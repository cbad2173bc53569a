// How much work one evaluation may still do: what keeps a query that somebody wrote from taking the server's time.
//
// Confined to the evaluation that it was made for.

#ifndef HERALD_CORE_WORK_BUDGET_H_
#define HERALD_CORE_WORK_BUDGET_H_

#include <cstddef>
#include <cstdint>

namespace herald {

class WorkBudget {
 public:
  explicit WorkBudget(int64_t units) : left_(units) {}

  // False when there was less than that left, and for ever after.
  bool Spend(size_t units) {
    if (left_ >= 0) left_ -= static_cast<int64_t>(units);
    return left_ >= 0;
  }
  bool exhausted() const { return left_ < 0; }

 private:
  int64_t left_;
};

// A unit is one visited node. What else an evaluation does is charged so that the default limit of 100,000 units is
// some milliseconds of ordinary work and at most about half a second of the worst regular expression.
inline constexpr size_t kTextBytesPerUnit = 64;     // compared or searched
inline constexpr size_t kMembersPerUnit = 64;       // of an object in which a name is looked up
inline constexpr size_t kRegexBytesPerUnit = 32;    // matched by a small regular expression
inline constexpr size_t kRegexStepsPerFactor = 16;  // so many steps more in its program cost as much again
inline constexpr size_t kRegexCompileUnits = 500;   // compiled while evaluating

}  // namespace herald

#endif  // HERALD_CORE_WORK_BUDGET_H_
