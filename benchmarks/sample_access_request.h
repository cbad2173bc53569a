// The event document of an access request, 1.2 KB: what the benchmarks of paths and filters run on.

#ifndef HERALD_BENCHMARKS_SAMPLE_ACCESS_REQUEST_H_
#define HERALD_BENCHMARKS_SAMPLE_ACCESS_REQUEST_H_

namespace herald {

inline constexpr char kSampleAccessRequest[] =
    R"({"event_id":"evt_01hbs4d7f2","event_time":1696263265.851898000,"event_type":"RequestCreated","data":{"id":"123",)"
    R"("friendly_id":"AR-123","requester":{"id":"u-1","name":"Ana Lima","email":"ana@example.com"},"grantee":{"id":"g-1",)"
    R"("source_id":"s-1","name":"Ana Lima","type":"USER"},"justification":"Investigate the failed payments of today",)"
    R"("creation_date":1696263265.851898000,"revocation_date":1696266865.851898000,"access_duration_in_seconds":3600,)"
    R"("access_flow":{"id":"f-1","name":"Database on call"},"access_groups":[{"integration":{"id":"integration-1",)"
    R"("type":"Postgresql","name":"prod db"},"resource_types":[{"id":"postgresql-database","name":"Database",)"
    R"("display_path":"Postgresql/Database"}],"access_units":[{"resource":{"id":"r-1","name":"payments","path":"prod/payments",)"
    R"("type":{"id":"postgresql-database","name":"Database","display_path":"Postgresql/Database"}},"permission":)"
    R"({"id":"p-1","name":"READ_ONLY"}}]}],"approvals_logical_relation":"ANY","approvals":[{"name":"Team lead",)"
    R"("type":"MANUAL","status":"APPROVED","approver":{"id":"u-2","name":"Bo Chen","email":"bo@example.com"}}],)"
    R"("custom_fields":{"ticket":"OPS-7"}}})";

}  // namespace herald

#endif  // HERALD_BENCHMARKS_SAMPLE_ACCESS_REQUEST_H_
