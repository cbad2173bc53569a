#include "src/store/invocation_parts.h"

namespace herald {

void RemoveBodies(v1::InvocationResult& result) {
  result.clear_request();
  result.clear_response();
  result.clear_validations();
}

v1::InvocationResult TakeBodies(v1::InvocationResult& result) {
  v1::InvocationResult bodies;
  if (result.has_request()) bodies.mutable_request()->Swap(result.mutable_request());
  if (result.has_response()) bodies.mutable_response()->Swap(result.mutable_response());
  bodies.mutable_validations()->Swap(result.mutable_validations());
  RemoveBodies(result);
  return bodies;
}

}  // namespace herald
