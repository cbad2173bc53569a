// How much work one rendering may do, and what each thing counts: texts and arrays come from events, so what a template
// does with them in its loops is bounded in all. A unit takes some 20 to 50 ns.

#ifndef HERALD_CORE_TEMPLATE_WORK_H_
#define HERALD_CORE_TEMPLATE_WORK_H_

#include <cstddef>
#include <cstdint>

namespace herald::templates {

// A unit is an operation, a helper, one of its arguments or a step of a path. 10,000 iterations of 30 tags fit, and so
// does a document of 4 MiB inside a string.
inline constexpr int64_t kWorkUnitsMax = 2'000'000;

inline constexpr size_t kNamesPerUnit = 16;         // looked through for a member
inline constexpr size_t kBytesCopiedPerUnit = 64;   // or compared
inline constexpr size_t kBytesWrittenPerUnit = 16;  // or escaped, encoded, counted: looked at one by one
inline constexpr size_t kBytesSearchedPerUnit = 4;  // for another text
inline constexpr size_t kBytesParsedPerUnit = 4;    // as JSON or a time, or made from an array or object
inline constexpr size_t kUnitsPerDateField = 12;    // "%d"

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_WORK_H_
