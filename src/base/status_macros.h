// Passing errors on.

#ifndef HERALD_BASE_STATUS_MACROS_H_
#define HERALD_BASE_STATUS_MACROS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define HERALD_CONCAT_INNER(a, b) a##b
#define HERALD_CONCAT(a, b) HERALD_CONCAT_INNER(a, b)

// Returns from the caller when `expression`, an absl::Status, is not OK.
#define HERALD_RETURN_IF_ERROR(expression)                                                    \
  do {                                                                                        \
    if (absl::Status herald_status = (expression); !herald_status.ok()) return herald_status; \
  } while (false)

// Declares or assigns `target` from `expression`, an absl::StatusOr; returns from the caller when it is not OK.
#define HERALD_ASSIGN_OR_RETURN(target, expression) \
  HERALD_ASSIGN_OR_RETURN_INNER(HERALD_CONCAT(herald_status_or_, __LINE__), target, expression)
#define HERALD_ASSIGN_OR_RETURN_INNER(variable, target, expression) \
  auto variable = (expression);                                     \
  if (!variable.ok()) return std::move(variable).status();          \
  target = *std::move(variable)

#endif  // HERALD_BASE_STATUS_MACROS_H_
