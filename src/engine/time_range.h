// Ranges of time, as callers give them, as ranges of sequence numbers. Functions of their arguments.

#ifndef HERALD_ENGINE_TIME_RANGE_H_
#define HERALD_ENGINE_TIME_RANGE_H_

#include "herald/v1/listing.pb.h"
#include "src/base/protobuf_time.h"
#include "src/core/errors.h"
#include "src/core/sequence.h"
#include "src/store/store.h"

namespace herald {

// A range of a request's field `range`.
inline SequenceRange SequencesIn(const v1::TimeRange& range, FieldViolations& violations) {
  SequenceRange sequences;
  if (range.has_start_time()) sequences.first = FirstSequenceAt(FromProto(range.start_time()));
  if (range.has_end_time()) sequences.end = FirstSequenceAt(FromProto(range.end_time()));
  if (sequences.end < sequences.first) {
    violations.Add("range.end_time", "is before start_time; the range begins at start_time");
  }
  return sequences;
}

}  // namespace herald

#endif  // HERALD_ENGINE_TIME_RANGE_H_
