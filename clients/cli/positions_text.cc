#include "clients/cli/positions_text.h"

#include "absl/strings/str_cat.h"

namespace herald::cli {

void PrintPositions(const google::protobuf::RepeatedPtrField<v1::PreviewWebhookResponse::Position>& positions,
                    Output& output) {
  Table table({"LINE", "COLUMN", "TAG", "POSITION"});
  for (const auto& position : positions) {
    if (output.json()) output.PrintJsonLine(position);
    table.AddRow({absl::StrCat(position.line()), absl::StrCat(position.column()), position.tag(), position.position()});
  }
  if (!output.json()) output.Print(table);
}

}  // namespace herald::cli
