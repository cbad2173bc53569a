// What the rules of a webhook say of an event, for people.

#ifndef HERALD_CLIENTS_CLI_VERDICT_TEXT_H_
#define HERALD_CLIENTS_CLI_VERDICT_TEXT_H_

#include "clients/cli/output.h"
#include "google/protobuf/repeated_field.h"
#include "herald/v1/verdict.pb.h"

namespace herald::cli {

// "  ✗ filters[0]  $.data.x is "a", not one of "b"", a line for each; below those that said no, what they saw.
void PrintVerdicts(const google::protobuf::RepeatedPtrField<v1::Verdict>& verdicts, Output& output);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_VERDICT_TEXT_H_
