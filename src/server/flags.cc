#include "src/server/flags.h"

#include <re2/re2.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/edit_distance.h"
#include "src/base/status_macros.h"
#include "src/base/version.h"
#include "src/server/limit_flags.h"

ABSL_FLAG(
    std::string, listen, "127.0.0.1:50051",
    "HOST:PORT to serve gRPC on, without TLS. Port 0: the kernel chooses; the first line on standard output is always "
    "\"listening grpc HOST:PORT\". An address that is not loopback needs --insecure_listen.");
ABSL_FLAG(
    std::string, http_listen, "127.0.0.1:8080",
    "HOST:PORT to serve HTTP on, without TLS: /metrics, /healthz, /readyz. Port 0: the kernel chooses; the second "
    "line on standard output is \"listening http HOST:PORT\". Empty: no HTTP. As --listen, it needs "
    "--insecure_listen where it is not loopback.");
ABSL_FLAG(bool, insecure_listen, false,
          "Allow --listen and --http_listen on addresses that are not loopback, though calls are neither encrypted nor "
          "authenticated.");
ABSL_FLAG(std::string, store, "sqlite:herald.db",
          "Where webhooks, events and deliveries are kept: \"sqlite:PATH\", a file that one server at a time may use, "
          "or \"memory\", which "
          "forgets everything when the server ends.");
ABSL_FLAG(std::string, ca_file, "",
          "PEM file of the certificate authorities to trust for webhooks' receivers, instead of the system's.");
ABSL_FLAG(bool, allow_http, false, "Allow webhooks with http URLs. For development.");
ABSL_FLAG(std::vector<std::string>, allow_ports, {},
          "Ports that webhooks' URLs may name beside the scheme's own, by comma: 8443,9000.");
ABSL_FLAG(std::vector<std::string>, allow_cidrs, {},
          "Networks that webhooks may be sent to beside the public ones, by comma: 127.0.0.0/8,fd00::/8.");
ABSL_FLAG(std::vector<std::string>, connect_to, {},
          "Dial ADDR:PORT instead of HOST:PORT, as HOST:PORT:ADDR:PORT, by comma. The receiver must still show a "
          "certificate for HOST, and "
          "ADDR must be allowed. For tests and development.");
ABSL_FLAG(
    absl::Duration, drain_timeout, absl::Seconds(30),
    "How long a server that was told to stop (SIGTERM, SIGINT) waits for calls and deliveries under way; 0 to 10m.");
ABSL_FLAG(bool, disable_on_gone, true, "Whether a webhook whose receiver answers 410 becomes DISABLED at once.");
ABSL_FLAG(absl::Duration, disable_after, absl::Hours(5 * 24),
          "A webhook all of whose attempts failed for so long becomes DISABLED; 0: never; at most 8760h.");
ABSL_FLAG(absl::Duration, retention, absl::Hours(30 * 24),
          "How long events, deliveries and invocations are kept, deliveries that are open for as long as they are; 0: "
          "for ever; else 1h to 87600h.");
ABSL_FLAG(std::string, log_level, "info",
          "The least level of log lines on standard error: debug, info, warning or error.");

namespace herald {
namespace {

constexpr char kUsage[] =
    "Herald: an outbound webhook service over gRPC.\n\n"
    "  heraldd --store sqlite:/var/lib/herald/herald.db\n\n"
    "Every flag can also be given in a file (--flagfile=FILE, one --flag=value a line) or in the environment\n"
    "(HERALD_STORE for --store). The command line wins over the environment. docs/operations.md says how to run it.";

// Ours are defined in this folder.
bool IsOwnFlag(absl::string_view file) { return absl::StrContains(file, "src/server/"); }

std::map<absl::string_view, absl::CommandLineFlag*> OwnFlags() {
  std::map<absl::string_view, absl::CommandLineFlag*> flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (IsOwnFlag(flag->Filename())) flags[name] = flag;
  }
  return flags;
}

std::string EnvironmentName(absl::string_view flag) { return absl::StrCat("HERALD_", absl::AsciiStrToUpper(flag)); }

// The variables of the environment that are named as only ours should be: HERALD_…, but what the client `herald` reads,
// and what Kubernetes sets for a service named herald (HERALD_SERVICE_HOST, HERALD_PORT_50051_TCP, …).
std::vector<std::string> OwnVariables() {
  static const RE2* const kOthers =
      new RE2("HERALD_SERVER|HERALD_(.*_)?(SERVICE_(HOST|PORT(_.*)?)|PORT_[0-9]+_(TCP|UDP|SCTP).*)");
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::pair<absl::string_view, absl::string_view> variable = absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    const std::string name(variable.first);
    if (!absl::StartsWith(name, "HERALD_") || RE2::FullMatch(name, *kOthers)) continue;
    if (absl::StrContains(variable.second, "://") && absl::EndsWith(name, "_PORT")) continue;  // Kubernetes, too
    names.push_back(name);
  }
  return names;
}

// A name that is mistyped would leave the default in force without a word.
absl::Status CheckVariable(const std::string& name, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return absl::OkStatus();
  if (name == EnvironmentName("flagfile")) {
    return absl::InvalidArgumentError("HERALD_FLAGFILE is not read; give --flagfile=FILE on the command line");
  }
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return EditDistance(name, a) < EditDistance(name, b);
  });
  return absl::InvalidArgumentError(absl::StrCat(name, " names no flag; did you mean ", *nearest, "?"));
}

absl::Status ReadEnvironment() {
  std::vector<std::string> known;
  for (const auto& [name, flag] : OwnFlags()) known.push_back(EnvironmentName(name));
  for (const std::string& name : OwnVariables()) HERALD_RETURN_IF_ERROR(CheckVariable(name, known));
  for (const auto& [name, flag] : OwnFlags()) {
    const std::string variable = EnvironmentName(name);
    const char* value = std::getenv(variable.c_str());
    std::string error;
    if (value != nullptr && !flag->ParseFrom(value, &error)) {
      return absl::InvalidArgumentError(absl::StrCat(variable, " is no value for --", name, ": ", error));
    }
  }
  return absl::OkStatus();
}

// Abseil's own --help ends with status 1, as if something were wrong.
bool AsksForHelp(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](absl::string_view argument) {
    return argument == "--help" || argument == "-help" || argument == "-h";
  });
}

std::string Help() {
  std::string text = absl::StrCat(kUsage, "\n");
  for (const auto& [name, flag] : OwnFlags()) {
    absl::StrAppend(&text, "\n  --", name, " (default: ", flag->DefaultValue(), ")\n      ", flag->Help(), "\n");
  }
  return text;
}

absl::StatusOr<int> ParsePort(absl::string_view text, absl::string_view flag) {
  int port = 0;
  if (absl::SimpleAtoi(text, &port) && port >= 1 && port <= 65535) return port;
  return absl::InvalidArgumentError(absl::StrCat(flag, " holds \"", text, "\"; want ports from 1 to 65535"));
}

bool IsLoopback(absl::string_view host) {
  absl::ConsumePrefix(&host, "[");
  absl::ConsumeSuffix(&host, "]");
  if (host == "localhost" || host == "::1") return true;
  const std::optional<IpAddress> address = IpAddress::Parse(host);
  return address.has_value() && Cidr::Parse("127.0.0.0/8")->Contains(*address);
}

absl::Status CheckListen(absl::string_view flag, absl::string_view listen, bool insecure) {
  const size_t colon = listen.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || colon == 0 || !absl::SimpleAtoi(listen.substr(colon + 1), &port) ||
      port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(flag, " is \"", listen, "\"; want HOST:PORT, as in 127.0.0.1:8080"));
  }
  if (insecure || IsLoopback(listen.substr(0, colon))) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      flag, " ", listen, " is not a loopback address: calls would be neither encrypted nor authenticated; ",
      "put a proxy in front, or add --insecure_listen"));
}

absl::StatusOr<std::string> SqlitePath(absl::string_view store) {
  if (store == "memory") return std::string();
  if (absl::ConsumePrefix(&store, "sqlite:") && !store.empty()) return std::string(store);
  return absl::InvalidArgumentError("--store is neither \"memory\" nor \"sqlite:PATH\"");
}

absl::StatusOr<UrlAllowances> Allowances() {
  UrlAllowances allowances;
  allowances.http = absl::GetFlag(FLAGS_allow_http);
  for (const std::string& text : absl::GetFlag(FLAGS_allow_ports)) {
    HERALD_ASSIGN_OR_RETURN(const int port, ParsePort(text, "--allow_ports"));
    allowances.ports.push_back(port);
  }
  for (const std::string& text : absl::GetFlag(FLAGS_allow_cidrs)) {
    const absl::StatusOr<Cidr> cidr = Cidr::Parse(text);
    if (!cidr.ok()) return absl::InvalidArgumentError(absl::StrCat("--allow_cidrs: ", cidr.status().message()));
    allowances.cidrs.push_back(*cidr);
  }
  return allowances;
}

// HOST:PORT:ADDR:PORT, where ADDR may be [v6].
absl::Status CheckConnectTo(absl::string_view entry) {
  const auto fail = [&] {
    return absl::InvalidArgumentError(absl::StrCat(
        "--connect_to holds \"", entry, "\"; want HOST:PORT:ADDR:PORT, as in example.com:443:127.0.0.1:8443"));
  };
  const size_t last = entry.rfind(':');
  if (last == absl::string_view::npos || !ParsePort(entry.substr(last + 1), "").ok()) return fail();
  const std::vector<absl::string_view> parts = absl::StrSplit(entry.substr(0, last), absl::MaxSplits(':', 2));
  if (parts.size() != 3 || parts[0].empty() || parts[2].empty() || !ParsePort(parts[1], "").ok()) return fail();
  return absl::OkStatus();
}

absl::StatusOr<log::Level> LogLevel(absl::string_view text) {
  if (text == "debug") return log::Level::kDebug;
  if (text == "info") return log::Level::kInfo;
  if (text == "warning") return log::Level::kWarning;
  if (text == "error") return log::Level::kError;
  return absl::InvalidArgumentError(absl::StrCat("--log_level is \"", text, "\"; want debug, info, warning or error"));
}

absl::StatusOr<Config> ConfigFromFlags() {
  Config config;
  config.listen = absl::GetFlag(FLAGS_listen);
  config.http_listen = absl::GetFlag(FLAGS_http_listen);
  const bool insecure = absl::GetFlag(FLAGS_insecure_listen);
  HERALD_RETURN_IF_ERROR(CheckListen("--listen", config.listen, insecure));
  if (!config.http_listen.empty()) HERALD_RETURN_IF_ERROR(CheckListen("--http_listen", config.http_listen, insecure));
  HERALD_ASSIGN_OR_RETURN(config.sqlite_path, SqlitePath(absl::GetFlag(FLAGS_store)));
  config.ca_file = absl::GetFlag(FLAGS_ca_file);
  HERALD_ASSIGN_OR_RETURN(config.allowances, Allowances());
  config.connect_to = absl::GetFlag(FLAGS_connect_to);
  for (const std::string& entry : config.connect_to) HERALD_RETURN_IF_ERROR(CheckConnectTo(entry));
  HERALD_ASSIGN_OR_RETURN(config.limits, LimitsFromFlags());
  config.disable_on_gone = absl::GetFlag(FLAGS_disable_on_gone);
  config.disable_after = absl::GetFlag(FLAGS_disable_after);
  if (config.disable_after < absl::ZeroDuration() || config.disable_after > absl::Hours(24 * 365)) {
    return absl::InvalidArgumentError(absl::StrCat("--disable_after is ", absl::FormatDuration(config.disable_after),
                                                   "; want 0 (never) to 8760h (a year)"));
  }
  config.retention = absl::GetFlag(FLAGS_retention);
  if (config.retention != absl::ZeroDuration() &&
      (config.retention < absl::Hours(1) || config.retention > absl::Hours(24 * 3650))) {
    return absl::InvalidArgumentError(absl::StrCat("--retention is ", absl::FormatDuration(config.retention),
                                                   "; want 0 (for ever), or 1h to 87600h (ten years)"));
  }
  config.drain_timeout = absl::GetFlag(FLAGS_drain_timeout);
  if (config.drain_timeout < absl::ZeroDuration() || config.drain_timeout > absl::Minutes(10)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--drain_timeout is ", absl::FormatDuration(config.drain_timeout), "; want 0 to 10m"));
  }
  HERALD_ASSIGN_OR_RETURN(config.log_level, LogLevel(absl::GetFlag(FLAGS_log_level)));
  return config;
}

}  // namespace

absl::StatusOr<Config> ParseFlags(int argc, char** argv) {
  absl::FlagsUsageConfig usage;
  usage.contains_help_flags = IsOwnFlag;
  usage.contains_helpshort_flags = IsOwnFlag;
  usage.version_string = [] { return absl::StrCat("heraldd ", kVersion, "\n"); };
  absl::SetFlagsUsageConfig(usage);
  absl::SetProgramUsageMessage(kUsage);
  if (AsksForHelp(argc, argv)) {
    std::cout << Help();
    std::exit(0);
  }
  HERALD_RETURN_IF_ERROR(ReadEnvironment());
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat("\"", rest[1], "\" is no flag; flags begin with --, see --help"));
  }
  return ConfigFromFlags();
}

}  // namespace herald
