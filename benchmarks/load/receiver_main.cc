// bench_receiver: says "listening http PORT" on standard output and serves until it is killed (see FastReceiver).

#include <iostream>

#include "benchmarks/load/fast_receiver.h"

int main() {
  const auto receiver = herald::FastReceiver::Listen();
  if (!receiver.ok()) {
    std::cerr << "bench_receiver: " << receiver.status().message() << "\n";
    return 1;
  }
  std::cout << "listening http " << (*receiver)->port() << std::endl;
  (*receiver)->Run();
  return 0;
}
