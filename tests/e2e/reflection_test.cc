// What grpcurl and its like learn of the server.

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "tests/e2e/herald_process.h"

namespace herald {
namespace {

using google::protobuf::FileDescriptorProto;

TEST(Reflection, TellsTheCommentsToo) {
  HeraldProcess herald{HeraldProcess::Options{}};
  const auto stub = grpc::reflection::v1::ServerReflection::NewStub(
      grpc::CreateChannel(herald.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto conversation = stub->ServerReflectionInfo(&context);
  grpc::reflection::v1::ServerReflectionRequest question;
  question.set_file_containing_symbol("herald.v1.WebhookService");
  grpc::reflection::v1::ServerReflectionResponse answer;
  ASSERT_TRUE(conversation->Write(question));
  ASSERT_TRUE(conversation->Read(&answer));
  ASSERT_GT(answer.file_descriptor_response().file_descriptor_proto_size(), 1) << answer.ShortDebugString();
  for (const std::string& encoded : answer.file_descriptor_response().file_descriptor_proto()) {
    FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(encoded));
    const auto& places = file.source_code_info().location();
    EXPECT_TRUE(std::any_of(places.begin(), places.end(), [](const auto& place) {
      return place.has_leading_comments();
    })) << file.name();
  }
  EXPECT_TRUE(conversation->WritesDone());
  EXPECT_TRUE(conversation->Finish().ok());
}

}  // namespace
}  // namespace herald
