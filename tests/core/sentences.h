// What tests compare of field violations.

#ifndef HERALD_TESTS_CORE_SENTENCES_H_
#define HERALD_TESTS_CORE_SENTENCES_H_

#include <string>
#include <vector>

#include "src/core/errors.h"

namespace herald {

// Each violation as "field: sentence".
inline std::vector<std::string> Sentences(const FieldViolations& violations) {
  std::vector<std::string> sentences;
  const google::rpc::BadRequest bad_request = BadRequestOf(violations.ToStatus());
  for (const auto& violation : bad_request.field_violations()) {
    sentences.push_back(violation.field() + ": " + violation.description());
  }
  return sentences;
}

}  // namespace herald

#endif  // HERALD_TESTS_CORE_SENTENCES_H_
