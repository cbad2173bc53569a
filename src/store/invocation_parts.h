// An invocation in two parts: what lists show of it, and its bodies. The two merged are the whole.

#ifndef HERALD_STORE_INVOCATION_PARTS_H_
#define HERALD_STORE_INVOCATION_PARTS_H_

#include "herald/v1/delivery.pb.h"

namespace herald {

// Leaves out request, response and validations.
void RemoveBodies(v1::InvocationResult& result);

// Moves request, response and validations out of `result`.
v1::InvocationResult TakeBodies(v1::InvocationResult& result);

}  // namespace herald

#endif  // HERALD_STORE_INVOCATION_PARTS_H_
