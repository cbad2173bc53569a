#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "clients/cli/program.h"
#include "clients/cli/root_command.h"

int main(int argc, char** argv) {
  using herald::cli::DetectTerminal;
  setenv("GRPC_VERBOSITY", "NONE", 0);  // errors come as statuses; gRPC's own log is for those who ask for it
  const char* server = std::getenv("HERALD_SERVER");
  const herald::cli::Environment environment{std::cin,
                                             std::cout,
                                             std::cerr,
                                             DetectTerminal(STDOUT_FILENO),
                                             DetectTerminal(STDERR_FILENO),
                                             server == nullptr || *server == '\0' ? "127.0.0.1:50051" : server};
  return static_cast<int>(RunProgram(herald::cli::RootCommand(), {argv + 1, argv + argc}, environment));
}
