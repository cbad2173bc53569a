// Where a command's answer goes, and in which form: for people, or JSON for programs.
//
// Confined to one thread.

#ifndef HERALD_CLIENTS_CLI_OUTPUT_H_
#define HERALD_CLIENTS_CLI_OUTPUT_H_

#include <ostream>

#include "clients/cli/table.h"
#include "clients/cli/terminal.h"
#include "google/protobuf/message.h"

namespace herald::cli {

enum class Format { kTable, kJson };

class Output {
 public:
  Output(Format format, const Terminal& terminal, std::ostream& out)
      : format_(format), terminal_(terminal), out_(out) {}

  bool json() const { return format_ == Format::kJson; }
  const Terminal& terminal() const { return terminal_; }
  std::ostream& stream() { return out_; }

  // The answer as one JSON document on many lines.
  void PrintJson(const google::protobuf::Message& message);
  // One item of a list, on a line of its own.
  void PrintJsonLine(const google::protobuf::Message& message);

  void Print(const Table& table) { table.Print(terminal_, out_); }
  void Print(const Details& details) { details.Print(terminal_, out_); }
  // A heading with an empty line above.
  void PrintHeading(absl::string_view text);

 private:
  const Format format_;
  const Terminal terminal_;
  std::ostream& out_;
};

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_OUTPUT_H_
