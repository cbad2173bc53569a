#include "clients/cli/table.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/text_width.h"

namespace herald::cli {
namespace {

constexpr int kGap = 2;
constexpr int kWidthMin = 8;  // no column is cut below it

}  // namespace

Table::Table(const std::vector<std::string>& header) {
  std::vector<Cell>& cells = rows_.emplace_back();
  for (const std::string& name : header) cells.emplace_back(name, Style::kBold);
}

void Table::AddRow(std::vector<Cell> cells) {
  if (cells.size() != rows_.front().size()) std::abort();  // every command knows its own columns
  for (Cell& cell : cells) cell.text = PrintableLine(cell.text);
  rows_.push_back(std::move(cells));
}

std::vector<int> Table::Widths(int terminal_width) const {
  std::vector<int> widths(rows_.front().size());
  for (const std::vector<Cell>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], TextWidth(row[i].text));
  }
  if (terminal_width == 0) return widths;
  const int gaps = kGap * static_cast<int>(widths.size() - 1);
  int excess = std::accumulate(widths.begin(), widths.end(), gaps) - terminal_width;
  for (; excess > 0; --excess) {
    int& widest = *std::max_element(widths.begin(), widths.end());
    if (widest <= kWidthMin) break;
    --widest;
  }
  return widths;
}

void Table::Print(const Terminal& terminal, std::ostream& out) const {
  const std::vector<int> widths = Widths(terminal.width);
  for (const std::vector<Cell>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string text = CutToWidth(row[i].text, widths[i]);
      out << Painted(text, row[i].style, terminal);
      if (i + 1 == row.size()) break;
      out << std::string(static_cast<size_t>(widths[i] - TextWidth(text) + kGap), ' ');
    }
    out << '\n';
  }
}

void Details::Add(absl::string_view label, absl::string_view value, Style style) {
  if (!value.empty()) rows_.emplace_back(label, Cell(Printable(value), style));
}

void Details::Print(const Terminal& terminal, std::ostream& out) const {
  int width = 0;
  for (const auto& row : rows_) width = std::max(width, TextWidth(row.first));
  for (const auto& row : rows_) {
    out << Painted(row.first, Style::kBold, terminal);
    if (absl::StrContains(row.second.text, "\n")) {
      out << '\n' << Painted(Indented(row.second.text, kGap), row.second.style, terminal);
    } else {
      out << std::string(static_cast<size_t>(width - TextWidth(row.first) + kGap), ' ')
          << Painted(row.second.text, row.second.style, terminal) << '\n';
    }
  }
}

std::string Indented(absl::string_view text, int indent) {
  const std::string margin(static_cast<size_t>(indent), ' ');
  std::string out;
  for (absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    absl::StrAppend(&out, line.empty() ? "" : margin, line, "\n");
  }
  return out;
}

}  // namespace herald::cli
