#include "benchmarks/load/event_source.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/core/event_types.h"

namespace herald {

EventSource::EventSource(std::string type, std::string run)
    : type_(std::move(type)), run_(std::move(run)), data_json_(SampleEvent("RequestCreated").data_json().substr(1)) {}

void EventSource::Next(int64_t due_ns, v1::Event* event) {
  ++number_;
  event->set_id(absl::StrCat(run_, "-", number_));
  event->set_type(type_);
  event->set_data_json(absl::StrCat(R"({"load":{"number":)", number_, R"(,"due_ns":)", due_ns, "},", data_json_));
}

}  // namespace herald
