// Where the tags of a template stand.

#ifndef HERALD_CLIENTS_CLI_POSITIONS_TEXT_H_
#define HERALD_CLIENTS_CLI_POSITIONS_TEXT_H_

#include "clients/cli/output.h"
#include "google/protobuf/repeated_field.h"
#include "herald/v1/webhook_service.pb.h"

namespace herald::cli {

// A table, or one JSON document a line.
void PrintPositions(const google::protobuf::RepeatedPtrField<v1::PreviewWebhookResponse::Position>& positions,
                    Output& output);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_POSITIONS_TEXT_H_
