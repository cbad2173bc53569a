// What signing adds to an attempt: one signature over the sample access request, by a key made ready before.

#include <benchmark/benchmark.h>

#include <string>

#include "benchmarks/sample_access_request.h"
#include "src/base/random.h"
#include "src/core/signature.h"

namespace herald {
namespace {

void BM_Sign(benchmark::State& state) {
  SeededRandom random(1);
  const auto scheme = static_cast<v1::Signing::Scheme>(state.range(0));
  const SigningKey key = SigningKey::Make(scheme, random.Bytes(SigningKey::kRandomBytes));
  const std::string body = SampleAccessRequest();
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(SignedContent("dlv_0000000000001", now, body)));
  state.SetLabel(v1::Signing::Scheme_Name(scheme));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}
BENCHMARK(BM_Sign)->Arg(v1::Signing::HMAC_SHA256)->Arg(v1::Signing::ED25519);

void BM_ParseSecret(benchmark::State& state) {
  SeededRandom random(1);
  const std::string secret =
      SigningKey::Make(static_cast<v1::Signing::Scheme>(state.range(0)), random.Bytes(SigningKey::kRandomBytes))
          .secret();
  for (auto _ : state) benchmark::DoNotOptimize(SigningKey::Parse(secret).ok());
}
BENCHMARK(BM_ParseSecret)->Arg(v1::Signing::HMAC_SHA256)->Arg(v1::Signing::ED25519);

}  // namespace
}  // namespace herald
