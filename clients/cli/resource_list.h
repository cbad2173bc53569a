// Lists, page after page, up to --limit resources or all of them; and the names by which resources are asked for.

#ifndef HERALD_CLIENTS_CLI_RESOURCE_LIST_H_
#define HERALD_CLIENTS_CLI_RESOURCE_LIST_H_

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/command.h"
#include "herald/v1/listing.pb.h"
#include "src/base/status_macros.h"

namespace herald::cli {

inline constexpr int kListLimitDefault = 50;
inline constexpr int kPageSizeMax = 1000;  // what the server answers at most

// --limit and --all.
std::vector<Flag> ListFlags();
// --start and --end, and what they say.
std::vector<Flag> RangeFlags();
v1::TimeRange RangeOf(const Arguments& arguments);

// "slack" is "webhooks/slack"; a name with a "/" stays as it is.
std::string ResourceName(absl::string_view collection, absl::string_view text);

void NoteThatThereAreMore(CommandContext& context);

// Calls `visit(const Item&)` for each resource; `items` is the response's accessor of them.
template <typename Stub, typename Request, typename Response, typename Items, typename Visit>
absl::Status ForEachListed(CommandContext& context,
                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                           Request request, Items (Response::*items)() const, const Visit& visit) {
  RpcClient client = context.Connect();
  int left = context.arguments.Has("all") ? std::numeric_limits<int>::max()
                                          : context.arguments.Number("limit", kListLimitDefault);
  while (left > 0) {
    request.set_page_size(std::min(left, kPageSizeMax));
    HERALD_ASSIGN_OR_RETURN(const Response response, client.Call(method, request));
    for (const auto& item : (response.*items)()) visit(item);
    left -= (response.*items)().size();
    if (response.next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
  NoteThatThereAreMore(context);
  return absl::OkStatus();
}

// The same, printed: as a table with a row for each (`row(item)` gives its cells), or as one JSON document a line.
template <typename Stub, typename Request, typename Response, typename Items, typename Row>
absl::StatusOr<ExitCode> PrintList(CommandContext& context,
                                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                   const Request& request, Items (Response::*items)() const,
                                   const std::vector<std::string>& header, const Row& row) {
  Table table(header);
  HERALD_RETURN_IF_ERROR(ForEachListed(context, method, request, items, [&](const auto& item) {
    if (context.output.json()) {
      context.output.PrintJsonLine(item);
    } else {
      table.AddRow(row(item));
    }
  }));
  if (!context.output.json()) context.output.Print(table);
  return ExitCode::kOk;
}

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_RESOURCE_LIST_H_
