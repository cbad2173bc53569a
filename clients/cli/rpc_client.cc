#include "clients/cli/rpc_client.h"

#include <chrono>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace herald::cli {
namespace {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);  // a web proxy does not speak plain-text gRPC
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

RpcClient::RpcClient(std::string server, absl::Duration timeout)
    : server_(std::move(server)), timeout_(timeout), channel_(MakeChannel(server_)) {}

void RpcClient::SetDeadline(grpc::ClientContext& context) const {
  if (timeout_ == absl::InfiniteDuration()) return;
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(timeout_));
}

absl::Status RpcClient::ErrorOf(const grpc::Status& status) const {
  google::rpc::Status details;
  const bool by_server = details.ParseFromString(status.error_details()) && details.details_size() > 0;
  details.set_code(status.error_code());
  details.set_message(status.error_message());
  if (!by_server && status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    details.set_message(absl::StrCat("no Herald answers at ", server_, " (", status.error_message(),
                                     "); start heraldd, or give --server HOST:PORT or HERALD_SERVER"));
  } else if (!by_server && status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    details.set_message(absl::StrCat("no answer from ", server_, " within ", absl::FormatDuration(timeout_),
                                     "; the server may have done it or not; --timeout waits longer"));
  }
  return StatusOf(details);
}

absl::Status StatusOf(const google::rpc::Status& status) {
  absl::Status out(static_cast<absl::StatusCode>(status.code()), status.message());
  for (const google::protobuf::Any& detail : status.details()) {
    out.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return out;
}

}  // namespace herald::cli
