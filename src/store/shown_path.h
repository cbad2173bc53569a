// A file's path as error messages show it.

#ifndef HERALD_STORE_SHOWN_PATH_H_
#define HERALD_STORE_SHOWN_PATH_H_

#include <string>

namespace herald {

// `path`, or only its end when it is longer than 80 bytes.
std::string ShownPath(const std::string& path);

}  // namespace herald

#endif  // HERALD_STORE_SHOWN_PATH_H_
