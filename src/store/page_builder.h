// Gathers the rows of a page within its bounds.
//
// Confined to one thread.

#ifndef HERALD_STORE_PAGE_BUILDER_H_
#define HERALD_STORE_PAGE_BUILDER_H_

#include <cstdint>
#include <utility>

#include "src/store/store.h"

namespace herald {

template <typename Row>
class PageBuilder {
 public:
  explicit PageBuilder(const PageBounds& bounds) : bounds_(bounds) {}

  // Takes the next row, of `bytes` encoded. False: the page is full, the row is left out, and no more are wanted.
  bool Add(Row row, size_t bytes) {
    bytes_ += static_cast<int64_t>(bytes);
    if (!page_.rows.empty() && (full() || bytes_ > bounds_.bytes_max)) {
      page_.more = true;
      return false;
    }
    page_.rows.push_back(std::move(row));
    return true;
  }

  Page<Row> Build() && { return std::move(page_); }

 private:
  bool full() const { return static_cast<int64_t>(page_.rows.size()) >= bounds_.count_max; }

  PageBounds bounds_;
  int64_t bytes_ = 0;
  Page<Row> page_;
};

}  // namespace herald

#endif  // HERALD_STORE_PAGE_BUILDER_H_
