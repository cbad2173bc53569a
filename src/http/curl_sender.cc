#include "src/http/curl_sender.h"

#include <openssl/x509.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/http/connect_to.h"
#include "src/http/curl_loop.h"

namespace herald {
namespace {

constexpr int kThreadsMax = 64;
constexpr rlim_t kIdleConnectionsMax = 1024;

absl::Status CheckCaFile(const std::string& path) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
  if (store != nullptr && X509_STORE_load_file(store.get(), path.c_str()) == 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("ca_file \"", path, "\" is not a readable PEM file of certificates"));
}

absl::Status CheckOptions(const CurlSenderOptions& options) {
  if (options.threads < 1 || options.threads > kThreadsMax) {
    return absl::InvalidArgumentError(absl::StrCat("threads is ", options.threads, "; it may be 1 to ", kThreadsMax));
  }
  if (options.response_bytes_max < 0) return absl::InvalidArgumentError("response_bytes_max is negative");
  for (const std::string& entry : options.connect_to) HERALD_RETURN_IF_ERROR(CheckConnectTo(entry));
  return options.ca_file.empty() ? absl::OkStatus() : CheckCaFile(options.ca_file);
}

// A quarter of the files that the process may open, over all threads.
long IdleConnectionsMax(int threads) {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) files.rlim_cur = 1024;
  const rlim_t all = std::min<rlim_t>(kIdleConnectionsMax, files.rlim_cur / 4);
  return std::max(1L, static_cast<long>(all) / threads);
}

absl::Status InitLibcurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK ? absl::OkStatus() : absl::InternalError("libcurl does not start");
}

}  // namespace

CurlSender::CurlSender(CurlSenderOptions options) : options_(std::move(options)) {}

CurlSender::~CurlSender() { Stop(); }

absl::StatusOr<std::unique_ptr<CurlSender>> CurlSender::Create(CurlSenderOptions options) {
  HERALD_RETURN_IF_ERROR(CheckOptions(options));
  HERALD_RETURN_IF_ERROR(InitLibcurl());
  std::unique_ptr<CurlSender> sender(new CurlSender(std::move(options)));
  const int threads = sender->options_.threads;
  for (int i = 0; i < threads; ++i) {
    HERALD_ASSIGN_OR_RETURN(auto loop, CurlLoop::Start(sender->options_, i, IdleConnectionsMax(threads)));
    sender->loops_.push_back(std::move(loop));
  }
  return sender;
}

void CurlSender::Send(HttpRequest request, Done done) {
  const size_t index = loops_.size() == 1 ? 0 : absl::HashOf(HostOfUrl(request.url)) % loops_.size();
  loops_[index]->Send(std::move(request), std::move(done));
}

bool CurlSender::Drain(absl::Duration timeout) {
  const auto deadline =
      std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(std::min(timeout, absl::Hours(1)));
  for (const auto& loop : loops_) loop->Refuse();
  bool idle = true;
  for (const auto& loop : loops_) idle = loop->WaitUntilIdle(deadline) && idle;
  return idle;
}

void CurlSender::Stop() {
  for (const auto& loop : loops_) loop->Refuse();
  for (const auto& loop : loops_) loop->Stop();
}

}  // namespace herald
