#include "src/engine/page_token.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/id.h"
#include "src/core/limits.h"

namespace herald {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* Field(const Message& request, const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

std::string Conditions(const Message& request) {
  const std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  copy->GetReflection()->ClearField(copy.get(), Field(request, "page_size"));
  copy->GetReflection()->ClearField(copy.get(), Field(request, "page_token"));
  std::string bytes = request.GetDescriptor()->full_name();
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  copy->SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string Seal(const Message& request, absl::string_view cursor) {
  const std::string sealed = absl::StrCat(Conditions(request), "\n", cursor);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(), digest);
  uint64_t first = 0;
  std::memcpy(&first, digest, sizeof(first));
  return EncodeId(first);
}

}  // namespace

std::string MakePageToken(const Message& request, absl::string_view cursor) {
  return absl::WebSafeBase64Escape(absl::StrCat(Seal(request, cursor), cursor));
}

std::optional<std::string> ParsePageToken(const Message& request, FieldViolations& violations) {
  const std::string token = request.GetReflection()->GetString(request, Field(request, "page_token"));
  if (token.empty()) return "";
  std::string text;
  const size_t seal_length = EncodeId(0).size();
  if (absl::WebSafeBase64Unescape(token, &text) && text.size() > seal_length) {
    const absl::string_view cursor = absl::string_view(text).substr(seal_length);
    if (MakePageToken(request, cursor) == token) return std::string(cursor);
  }
  violations.Add("page_token",
                 "not a token of this list; send next_page_token of the page before with the same conditions");
  return std::nullopt;
}

int PageSize(int asked, int page_size_max, FieldViolations& violations) {
  if (asked < 0)
    violations.Add("page_size", absl::StrCat("is ", asked, "; want 1 to ", page_size_max, ", or 0 for 50"));
  if (asked == 0) return std::min(kPageSizeDefault, page_size_max);
  return std::min(asked, page_size_max);
}

}  // namespace herald
