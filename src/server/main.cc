// heraldd: flags -> config -> server -> wait for a signal -> drain.

#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/base/log.h"
#include "src/server/flags.h"
#include "src/server/server.h"

namespace {

int Fail(const absl::Status& status) {
  std::cerr << "heraldd: " << status.message() << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  // Blocked before any thread starts, so that every thread leaves them to sigwait.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is as a full disk: an error, and no reason to die

  const absl::StatusOr<herald::Config> config = herald::ParseFlags(argc, argv);
  if (!config.ok()) return Fail(config.status());
  herald::log::SetLevel(config->log_level);
  const absl::StatusOr<std::unique_ptr<herald::Server>> server = herald::Server::Start(*config);
  if (!server.ok()) return Fail(server.status());
  std::cout << "listening grpc " << (*server)->address() << std::endl;
  const std::string http_address = (*server)->http_address();
  if (!http_address.empty()) std::cout << "listening http " << http_address << std::endl;
  herald::log::Info("serving", {{"grpc", (*server)->address()}, {"http", http_address}});

  int signal = 0;
  sigwait(&stop_signals, &signal);
  herald::log::Info("draining", {{"signal", signal}});
  (*server)->Stop();
  herald::log::Info("stopped");
  return 0;
}
