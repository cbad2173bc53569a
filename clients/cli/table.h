// Rows in aligned columns, and labelled values: what people read.
//
// Confined to one thread.

#ifndef HERALD_CLIENTS_CLI_TABLE_H_
#define HERALD_CLIENTS_CLI_TABLE_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/terminal.h"

namespace herald::cli {

struct Cell {
  // NOLINTBEGIN(google-explicit-constructor): a row is written as a list of texts
  Cell(absl::string_view text_in, Style style_in = Style::kPlain) : text(text_in), style(style_in) {}
  Cell(const char* text_in) : text(text_in) {}
  Cell(std::string text_in) : text(std::move(text_in)) {}
  // NOLINTEND(google-explicit-constructor)

  std::string text;
  Style style = Style::kPlain;
};

class Table {
 public:
  explicit Table(const std::vector<std::string>& header);

  // As many cells as the header has.
  void AddRow(std::vector<Cell> cells);

  // On a terminal the widest columns are cut so that each row fits on its line; elsewhere nothing is.
  void Print(const Terminal& terminal, std::ostream& out) const;

 private:
  std::vector<int> Widths(int terminal_width) const;

  std::vector<std::vector<Cell>> rows_;  // the header is the first
};

// Labels at the left, values at the right. Values of several lines stand indented below their label.
class Details {
 public:
  // Nothing for an empty value.
  void Add(absl::string_view label, absl::string_view value, Style style = Style::kPlain);

  void Print(const Terminal& terminal, std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, Cell>> rows_;
};

// Every line of `text` with `indent` spaces in front, and a line feed at the end.
std::string Indented(absl::string_view text, int indent);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_TABLE_H_
