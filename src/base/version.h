// The version of this program.

#ifndef HERALD_BASE_VERSION_H_
#define HERALD_BASE_VERSION_H_

namespace herald {

inline constexpr char kVersion[] = "0.1.0";
inline constexpr char kUserAgent[] = "Herald/0.1.0";

}  // namespace herald

#endif  // HERALD_BASE_VERSION_H_
