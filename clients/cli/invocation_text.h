// Invocation data for people: the request as it was sent, the answer, what the validators saw, how long it took.

#ifndef HERALD_CLIENTS_CLI_INVOCATION_TEXT_H_
#define HERALD_CLIENTS_CLI_INVOCATION_TEXT_H_

#include <string>

#include "clients/cli/output.h"
#include "herald/v1/delivery.pb.h"

namespace herald::cli {

void PrintInvocation(const v1::InvocationResult& invocation, Output& output);

// "Request" and what stands in it; a JSON body is indented.
void PrintRequest(const v1::InvocationResult::Request& request, Output& output);

// "200", or empty when no answer came.
std::string StatusCodeText(const v1::InvocationResult& invocation);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_INVOCATION_TEXT_H_
