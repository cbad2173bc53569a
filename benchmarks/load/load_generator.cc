#include "benchmarks/load/load_generator.h"

#include <cmath>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/pacer.h"
#include "benchmarks/load/steady_nanos.h"
#include "src/base/json.h"

namespace herald {

// A call that is under way; its address is its tag in the queue.
struct LoadGenerator::Call {
  virtual ~Call() = default;
  virtual void Count(LoadResult* result) const = 0;

  grpc::ClientContext context;
  grpc::Status status;
  int64_t begin_ns = 0;
};

struct LoadGenerator::UnaryCall final : Call {
  void Count(LoadResult* result) const override {
    ++result->accepted;
    result->deliveries += response.delivery_count();
  }

  v1::DispatchEventRequest request;
  v1::DispatchEventResponse response;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::DispatchEventResponse>> reader;
};

struct LoadGenerator::BatchCall final : Call {
  void Count(LoadResult* result) const override {
    for (const auto& one : response.results()) {
      if (one.has_error()) {
        ++result->refused;
        if (result->first_error.empty()) result->first_error = one.error().message();
        continue;
      }
      ++result->accepted;
      result->deliveries += one.delivery_count();
    }
  }

  v1::BatchDispatchEventsRequest request;
  v1::BatchDispatchEventsResponse response;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::BatchDispatchEventsResponse>> reader;
};

std::string LoadResult::ToJson() const {
  const double seconds = static_cast<double>(end_ns - start_ns) / 1e9;
  std::string error;
  AppendJsonString(first_error, &error);
  return absl::StrFormat(
      R"({"grpc":"%s","sent":%d,"accepted":%d,"deliveries":%d,"refused":%d,"first_error":%s,"start_ns":%d,"end_ns":%d,)"
      R"("accepted_per_second":%.1f,"call":%s,"late":%s})",
      grpc::Version(), sent, accepted, deliveries, refused, error, start_ns, end_ns,
      static_cast<double>(accepted) / seconds, call.ToJson(), late.ToJson());
}

LoadGenerator::LoadGenerator(LoadOptions options)
    : options_(std::move(options)), source_(options_.type, absl::StrCat("load-", SteadyNanos())) {
  for (int i = 0; i < options_.channels; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // each channel has a connection of its own
    arguments.SetMaxReceiveMessageSize(-1);
    stubs_.push_back(v1::EventService::NewStub(
        grpc::CreateCustomChannel(options_.server, grpc::InsecureChannelCredentials(), arguments)));
  }
}

LoadResult LoadGenerator::Run() {
  result_.start_ns = SteadyNanos();
  until_ns_ = result_.start_ns + std::llround(options_.seconds * 1e9);
  if (options_.rate > 0) {
    RunOpen();
  } else {
    RunClosed();
  }
  result_.end_ns = SteadyNanos();
  return std::move(result_);
}

bool LoadGenerator::MayBegin() const {
  return options_.events_max == 0 || result_.sent + EventsPerCall() <= options_.events_max;
}

void LoadGenerator::RunClosed() {
  int under_way = 0;
  for (; under_way < options_.in_flight && MayBegin(); ++under_way) Begin(SteadyNanos());
  while (under_way > 0) {
    TakeAnswer();
    const int64_t now = SteadyNanos();
    if (now < until_ns_ && MayBegin()) {
      Begin(now);
    } else {
      --under_way;
    }
  }
}

void LoadGenerator::RunOpen() {
  std::thread answers([this] {
    while (TakeAnswer()) {
    }
  });
  const int64_t interval_ns = std::llround(1e9 * static_cast<double>(EventsPerCall()) / options_.rate);
  Pacer pacer;
  Durations late;
  for (int64_t due = result_.start_ns; due < until_ns_ && MayBegin(); due += interval_ns) {
    pacer.WaitUntil(due);
    late.Add(SteadyNanos() - due);
    Begin(due);
  }
  queue_.Shutdown();  // after which what is under way still ends
  answers.join();
  result_.late = std::move(late);
}

void LoadGenerator::Begin(int64_t due_ns) {
  v1::EventService::Stub& stub = *stubs_[next_stub_++ % stubs_.size()];
  result_.sent += EventsPerCall();
  if (options_.batch == 0) {
    auto* const call = new UnaryCall;  // TakeAnswer frees it
    source_.Next(due_ns, call->request.mutable_event());
    call->begin_ns = SteadyNanos();
    call->reader = stub.AsyncDispatchEvent(&call->context, call->request, &queue_);
    call->reader->Finish(&call->response, &call->status, static_cast<Call*>(call));
    return;
  }
  auto* const call = new BatchCall;
  for (int i = 0; i < options_.batch; ++i) source_.Next(due_ns, call->request.add_events());
  call->begin_ns = SteadyNanos();
  call->reader = stub.AsyncBatchDispatchEvents(&call->context, call->request, &queue_);
  call->reader->Finish(&call->response, &call->status, static_cast<Call*>(call));
}

bool LoadGenerator::TakeAnswer() {
  void* tag = nullptr;
  bool ok = false;
  if (!queue_.Next(&tag, &ok)) return false;
  const std::unique_ptr<Call> call(static_cast<Call*>(tag));
  result_.call.Add(SteadyNanos() - call->begin_ns);
  if (call->status.ok()) {
    call->Count(&result_);
    return true;
  }
  result_.refused += EventsPerCall();
  if (result_.first_error.empty()) result_.first_error = call->status.error_message();
  return true;
}

}  // namespace herald
