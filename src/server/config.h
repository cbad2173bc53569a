// What a server is started with.

#ifndef HERALD_SERVER_CONFIG_H_
#define HERALD_SERVER_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "herald/v1/limits.pb.h"
#include "src/base/log.h"
#include "src/core/url_policy.h"

namespace herald {

struct Config {
  std::string listen;       // HOST:PORT; port 0: the kernel chooses
  std::string http_listen;  // the same, for HTTP; empty: none
  std::string sqlite_path;  // empty: the memory store
  std::string ca_file;      // empty: the system's
  UrlAllowances allowances;
  std::vector<std::string> connect_to;
  v1::Limits limits;
  absl::Duration drain_timeout;
  bool disable_on_gone = true;
  absl::Duration disable_after;  // zero: never
  absl::Duration retention;      // zero: for ever
  log::Level log_level = log::Level::kInfo;
};

}  // namespace herald

#endif  // HERALD_SERVER_CONFIG_H_
