#include "src/server/server.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include "herald/v1/delivery_service.grpc.pb.h"
#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/metrics.h"
#include "src/base/protobuf_time.h"
#include "src/base/random.h"
#include "src/base/status_macros.h"
#include "src/base/version.h"
#include "src/engine/authorizing_sender.h"
#include "src/engine/committer.h"
#include "src/engine/delivery_control.h"
#include "src/engine/dispatcher.h"
#include "src/engine/event_type_registry.h"
#include "src/engine/explainer.h"
#include "src/engine/first_attempts.h"
#include "src/engine/history.h"
#include "src/engine/janitor.h"
#include "src/engine/loop.h"
#include "src/engine/publisher.h"
#include "src/engine/replayer.h"
#include "src/engine/replays.h"
#include "src/engine/tester.h"
#include "src/engine/watched_store.h"
#include "src/engine/watchers.h"
#include "src/engine/webhook_registry.h"
#include "src/gateway/http_gateway.h"
#include "src/gateway/metrics_page.h"
#include "src/http/curl_sender.h"
#include "src/http/measured_sender.h"
#include "src/rpc/call_metrics.h"
#include "src/rpc/delivery_service.h"
#include "src/rpc/event_service.h"
#include "src/rpc/reflection_service.h"
#include "src/rpc/server_service.h"
#include "src/rpc/webhook_service.h"
#include "src/store/measured_store.h"
#include "src/store/memory_store.h"
#include "src/store/sqlite_store.h"

namespace herald {
namespace {

// How long refusals and news of health that are on their way when a stop is otherwise done may take.
constexpr std::chrono::milliseconds kLastAnswers(100);

const std::vector<std::string>& ServiceNames() {
  static const auto* const names =
      new std::vector<std::string>{v1::WebhookService::service_full_name(), v1::EventService::service_full_name(),
                                   v1::DeliveryService::service_full_name(), v1::ServerService::service_full_name()};
  return *names;
}

std::vector<std::string> ReflectedNames() {
  std::vector<std::string> names = ServiceNames();
  // Named through its descriptor, so that the linker keeps it.
  names.emplace_back(grpc::health::v1::HealthCheckRequest::GetDescriptor()->file()->service(0)->full_name());
  names.emplace_back(grpc::reflection::v1::ServerReflection::service_full_name());
  names.emplace_back("grpc.reflection.v1alpha.ServerReflection");
  return names;
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const Config& config, Metrics& metrics) {
  if (config.sqlite_path.empty()) return std::make_unique<MemoryStore>();
  SqliteOptions options;
  options.statements = &metrics.sql_statements;
  HERALD_ASSIGN_OR_RETURN(std::unique_ptr<SqliteStore> store, SqliteStore::Open(config.sqlite_path, options));
  return store;
}

absl::StatusOr<std::unique_ptr<CurlSender>> MakeSender(const Config& config) {
  CurlSenderOptions options;
  options.policy = UrlPolicy(config.allowances);
  options.ca_file = config.ca_file;
  options.connect_to = config.connect_to;
  options.response_bytes_max = config.limits.response_bytes_max();
  return CurlSender::Create(std::move(options));
}

v1::ServerInfo InfoOf(const Config& config, absl::Time start) {
  v1::ServerInfo info;
  info.set_version(kVersion);
  *info.mutable_limits() = config.limits;
  info.set_allow_http(config.allowances.http);
  for (const int port : config.allowances.ports) info.add_allowed_ports(port);
  for (const Cidr& cidr : config.allowances.cidrs) info.add_allowed_cidrs(cidr.ToString());
  *info.mutable_start_time() = ToProto(start);
  return info;
}

// gRPC tells of its own workings, also where we say in one sentence what they mean to people.
void LogOfGrpc(gpr_log_func_args* args) {
  log::Debug(args->message, {{"grpc", absl::StrCat(args->file, ":", args->line)}});
}

class RunningServer final : public Server {
 public:
  RunningServer(const Config& config, std::unique_ptr<Metrics> metrics, std::unique_ptr<Store> store,
                std::unique_ptr<CurlSender> sender)
      : config_(config),
        metrics_(std::move(metrics)),
        opened_store_(std::move(store)),
        store_(*opened_store_, *metrics_, clock_),
        sender_(std::move(sender)),
        loop_(clock_),
        authorizing_sender_(*sender_, loop_, clock_),
        measured_sender_(authorizing_sender_, *metrics_),
        background_loop_(clock_),
        watchers_(store_, background_loop_),
        watched_store_(store_, watchers_),
        committer_(watched_store_, Committer::Options()),
        event_types_(committer_, config.limits),
        registry_(committer_, event_types_, health_, clock_, random_, config.limits, UrlPolicy(config.allowances)),
        dispatcher_(loop_, committer_, registry_, measured_sender_, first_attempts_, health_, clock_, random_,
                    config.limits, LaneOptions(config)),
        publisher_(store_, committer_, registry_, dispatcher_, first_attempts_, loop_, clock_, config.limits),
        tester_(registry_, event_types_, authorizing_sender_, clock_, random_, config.limits),
        explainer_(store_, registry_, clock_, config.limits),
        history_(store_, config.limits),
        control_(history_, committer_, registry_, dispatcher_, watchers_, clock_),
        replayer_(background_loop_, store_, committer_, registry_, dispatcher_, watchers_, clock_, Replayer::Options()),
        replays_(store_, committer_, registry_, replayer_, clock_, config.limits),
        janitor_(loop_, committer_, clock_, config.retention),
        webhook_service_(registry_, tester_, draining_),
        event_service_(publisher_, explainer_, history_, event_types_, clock_, draining_),
        delivery_service_(history_, control_, replays_, watchers_, draining_),
        server_service_(InfoOf(config, clock_.Now()), draining_),
        reflection_service_(ReflectedNames()) {}
  ~RunningServer() override { Stop(); }

  absl::Status Run() {
    registry_.OnEvent([this](const absl::Status& status, std::optional<EnqueueEvent>& event) {
      dispatcher_.EnqueuedWith(status, event);
    });
    HERALD_RETURN_IF_ERROR(event_types_.Load(store_));
    HERALD_RETURN_IF_ERROR(registry_.Load(store_));
    registry_.OnChange(
        [this](const std::string& tenant, const std::string& uid) { dispatcher_.WebhookChanged(tenant, uid); });
    HERALD_RETURN_IF_ERROR(dispatcher_.Resume(store_));
    HERALD_RETURN_IF_ERROR(ListenHttp());  // before gRPC, whose end has to be waited for
    HERALD_RETURN_IF_ERROR(Listen());
    committer_.Start();
    janitor_.Start();
    replayer_.Resume();
    loop_.Start("dispatcher");
    background_loop_.Start("background");
    SetServing(true);
    ready_ = true;
    return absl::OkStatus();
  }

  std::string address() const override {
    return absl::StrCat(config_.listen.substr(0, config_.listen.rfind(':')), ":", port_);
  }

  std::string http_address() const override { return gateway_ == nullptr ? "" : gateway_->address(); }

  void Stop() override {
    if (grpc_ == nullptr) return;
    ready_ = false;
    const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(config_.drain_timeout);
    draining_.Begin();
    watchers_.EndAll();
    auto drained = std::make_shared<std::promise<void>>();
    dispatcher_.Drain([drained, done = false]() mutable {
      if (!std::exchange(done, true)) drained->set_value();
    });
    SetServing(false);  // whoever reads this knows that no attempt starts any more
    drained->get_future().wait_until(deadline);
    first_attempts_.Close();
    draining_.WaitForCalls(deadline);
    sender_->Stop();  // whoever still waits for an exchange is answered
    // Until here new calls were answered, with UNAVAILABLE. Streams (of health, of reflection) never end by themselves.
    grpc_->Shutdown(std::chrono::system_clock::now() + kLastAnswers);
    committer_.Stop();
    loop_.Stop();
    background_loop_.Stop();
    gateway_.reset();
    grpc_.reset();
  }

 private:
  static Dispatcher::Options LaneOptions(const Config& config) {
    Dispatcher::Options options;
    options.disable_on_gone = config.disable_on_gone;
    options.disable_after = config.disable_after;
    options.owner = absl::StrCat("heraldd-", getpid());
    return options;
  }

  absl::Status ListenHttp() {
    if (config_.http_listen.empty()) return absl::OkStatus();
    HttpGateway::Pages pages;
    pages["/metrics"] = [this] { return MetricsPage(*metrics_, store_, health_, clock_.Now()); };
    pages["/healthz"] = [] { return HttpAnswer{.body = "ok\n"}; };
    pages["/readyz"] = [this] {
      return ready_ ? HttpAnswer{.body = "ready\n"} : HttpAnswer{.status = 503, .body = "not ready\n"};
    };
    HERALD_ASSIGN_OR_RETURN(gateway_, HttpGateway::Start(config_.http_listen, std::move(pages)));
    return absl::OkStatus();
  }

  absl::Status Listen() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    builder.AddListeningPort(config_.listen, grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(config_.limits.request_bytes_max());
    // Two servers must not share a port by chance.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.RegisterService(&webhook_service_);
    builder.RegisterService(&event_service_);
    builder.RegisterService(&delivery_service_);
    builder.RegisterService(&server_service_);
    builder.RegisterService(&reflection_service_);
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(std::make_unique<CallMetrics>(ServiceNames(), *metrics_, clock_));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    grpc_ = builder.BuildAndStart();
    if (grpc_ != nullptr && port_ != 0) return absl::OkStatus();
    grpc_.reset();
    return absl::UnavailableError(
        absl::StrCat("--listen ", config_.listen, " cannot be listened on; is another server there already?"));
  }

  void SetServing(bool serving) {
    grpc::HealthCheckServiceInterface* const health = grpc_->GetHealthCheckService();
    health->SetServingStatus(serving);
    for (const std::string& name : ServiceNames()) health->SetServingStatus(name, serving);
  }

  // In the order in which they lean on each other; destroyed in reverse.
  const Config config_;
  const SystemClock clock_;
  SystemRandom random_;
  const std::unique_ptr<Metrics> metrics_;
  const std::unique_ptr<Store> opened_store_;
  MeasuredStore store_;
  const std::unique_ptr<CurlSender> sender_;
  Loop loop_;
  AuthorizingSender authorizing_sender_;
  MeasuredSender measured_sender_;
  Loop background_loop_;
  Watchers watchers_;
  WatchedStore watched_store_;
  Committer committer_;
  HealthBoard health_;
  EventTypeRegistry event_types_;
  WebhookRegistry registry_;
  FirstAttempts first_attempts_;
  Dispatcher dispatcher_;
  Publisher publisher_;
  Tester tester_;
  Explainer explainer_;
  History history_;
  DeliveryControl control_;
  Replayer replayer_;
  Replays replays_;
  Janitor janitor_;
  Draining draining_;
  WebhookService webhook_service_;
  EventService event_service_;
  DeliveryService delivery_service_;
  ServerService server_service_;
  ReflectionService reflection_service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> grpc_;
  std::atomic<bool> ready_{false};
  std::unique_ptr<HttpGateway> gateway_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config) {
  gpr_set_log_function(&LogOfGrpc);
  auto metrics = std::make_unique<Metrics>();
  HERALD_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, OpenStore(config, *metrics));
  HERALD_ASSIGN_OR_RETURN(std::unique_ptr<CurlSender> sender, MakeSender(config));
  auto server = std::make_unique<RunningServer>(config, std::move(metrics), std::move(store), std::move(sender));
  HERALD_RETURN_IF_ERROR(server->Run());
  return server;
}

}  // namespace herald
