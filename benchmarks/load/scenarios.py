"""What is measured. Each scenario has receivers and heraldds of its own, and returns what it saw."""

import os
import statistics
import time

import limits

TYPE = "bench.load"
WARM_UP_NS = 1_000_000_000  # of latencies: connections open, caches fill


class Stage:
    """A receiver, and a heraldd with webhooks that send there, each to a path of its own."""

    def __init__(self, bench, webhooks=1, **fields):
        self.bench = bench
        self.receiver = bench.receiver()
        self.heraldd = bench.heraldd(self.receiver)
        self.paths = [f"/load{i}" for i in range(webhooks)]
        for path in self.paths:
            self.heraldd.create_webhook(path[1:], self.receiver.url(path), TYPE, **fields)

    def load(self, **flags):
        return self.bench.run("bench_load", server=self.heraldd.listening, type=TYPE, channels=self.bench.options.channels,
                              **flags)

    def warm_up(self):
        """Opens connections; what it sent is not in the ledger."""
        self.receiver.wait_for(self.load(events=50, in_flight=10)["deliveries"], 60)
        self.receiver.clear()

    def arrived(self, load, due_from=0, without=""):
        """Waits for all that was accepted; the receiver's summary, with what is missing."""
        self.receiver.wait_for(load["deliveries"], 60 + 6 * self.bench.options.seconds)
        summary = self.receiver.summary(due_from, without)
        summary["missing"] = load["deliveries"] - summary["distinct_ids"]
        return summary

    def settled_metrics(self):
        """heraldd's metrics once nothing waits any more: outcomes are recorded a little after the receiver answered."""
        self.receiver.wait_until(lambda: self.heraldd.metrics()["herald_queue_deliveries"] == 0, 30)
        return self.heraldd.metrics()

    def end(self):
        self.bench.end(self.heraldd)
        self.bench.end(self.receiver)


def sustained(bench, webhooks=1, seconds=None, **load_flags):
    """Events as fast as heraldd answers: deliveries a second, from the first call to the last arrival. The bare libcurl loop runs
    just before and just after."""
    seconds = seconds or bench.options.seconds
    before = limits.bare_curl(bench, bench.options.seconds / 2)
    stage = Stage(bench, webhooks, max_in_flight=64)
    stage.warm_up()
    metrics = stage.settled_metrics()
    heraldd_cpu, receiver_cpu = stage.heraldd.cpu_seconds(), stage.receiver.cpu_seconds()
    load = stage.load(seconds=seconds, **load_flags)
    at_end = stage.receiver.count()
    arrived = stage.arrived(load)
    heraldd_cpu, receiver_cpu = stage.heraldd.cpu_seconds() - heraldd_cpu, stage.receiver.cpu_seconds() - receiver_cpu
    memory = stage.heraldd.resident_kb()
    metrics = {name: value - metrics[name] for name, value in stage.settled_metrics().items()}
    stage.end()
    after = limits.bare_curl(bench, bench.options.seconds / 2)
    deliveries = max(arrived["distinct_ids"], 1)
    return {
        "deliveries_per_second": round(arrived["distinct_ids"] * 1e9 / max(arrived["last_ns"] - load["start_ns"], 1), 1),
        "bare_curl_per_second": round((before["per_second"] + after["per_second"]) / 2, 1),
        "bare_curl": [before, after],
        "accepted_per_second": load["accepted_per_second"],
        "deliveries": load["deliveries"],
        "waiting_when_load_ended": load["deliveries"] - at_end,
        "received_again": arrived["received"] - arrived["distinct_ids"],
        "missing": arrived["missing"],
        "refused": load["refused"],
        "first_error": load["first_error"],
        "call": load["call"],
        "cpu_us_per_delivery": {
            "heraldd": round(heraldd_cpu * 1e6 / deliveries, 1),
            "receiver": round(receiver_cpu * 1e6 / deliveries, 1),
            "load": round(load["cpu_seconds"] * 1e6 / deliveries, 1),
        },
        "sql_statements_per_delivery": round(metrics["herald_sql_statements_total"] / deliveries, 2),
        "writes_per_commit": round(metrics["herald_commit_batch_writes_sum"] / metrics["herald_commit_batch_writes_count"], 1),
        "commit_ms": round(
            metrics["herald_commit_duration_seconds_sum"] / metrics["herald_commit_duration_seconds_count"] * 1000, 3),
        "resident_kb": memory,
    }


def latency(bench, rate):
    """Events at fixed moments; how long after its moment each arrives."""
    stage = Stage(bench, max_in_flight=64)
    stage.warm_up()
    load = stage.load(rate=rate, seconds=bench.options.seconds + WARM_UP_NS / 1e9)
    arrived = stage.arrived(load, due_from=load["start_ns"] + WARM_UP_NS)
    stage.end()
    return {"rate": rate, "latency": arrived["latency"], "call": load["call"], "begun_late": load["late"],
            "missing": arrived["missing"], "refused": load["refused"], "first_error": load["first_error"]}


def _with_ten_webhooks(bench, hanging):
    stage = Stage(bench, 10)
    stage.warm_up()
    tenth = stage.paths[-1]
    if hanging:
        stage.receiver.hang(tenth)
    load = stage.load(rate=100, seconds=bench.options.seconds / 2 + WARM_UP_NS / 1e9)
    healthy = load["accepted"] * 9
    stage.receiver.wait_until(lambda: stage.receiver.summary(0, tenth)["distinct_ids"] >= healthy, 60)
    summary = stage.receiver.summary(load["start_ns"] + WARM_UP_NS, tenth)
    stage.end()
    return {"latency": summary["latency"], "missing": healthy - summary["distinct_ids"], "refused": load["refused"]}


def one_of_ten_hangs(bench):
    """100 events a second to ten webhooks: latency of nine while the tenth answers, and while it hangs, in turns."""
    rounds = {"answers": [], "hangs": []}
    for _ in range(bench.options.rounds):
        for name, seen in rounds.items():
            seen.append(_with_ten_webhooks(bench, hanging=name == "hangs"))

    def p99_us(name):
        return statistics.median(one["latency"]["p99_us"] for one in rounds[name])

    return {"p99_us_tenth_answers": p99_us("answers"), "p99_us_tenth_hangs": p99_us("hangs"),
            "ratio": round(p99_us("hangs") / p99_us("answers"), 3), "rounds": rounds,
            "missing": sum(one["missing"] for seen in rounds.values() for one in seen)}


def backlog(bench):
    """Deliveries wait for ten receivers that hang: memory then; and from start to the first arrival when they answer again, after a
    kill -9."""
    # The longest timeout: what is in flight hangs on until the backlog is complete.
    stage = Stage(bench, 10, timeout="60s")
    for path in stage.paths:
        stage.receiver.hang(path)
    empty = stage.heraldd.resident_kb()
    load = stage.load(batch=100, in_flight=4, events=bench.options.backlog // 10, seconds=3600)
    bench.wait(3 if not bench.options.quick else 0.5)
    full = stage.heraldd.resident_kb()
    taken = stage.receiver.count()
    for path in stage.paths:
        stage.receiver.answer(path)
    starts = [_restart(bench, stage) for _ in range(bench.options.rounds)]
    database_mb = sum(os.path.getsize(stage.heraldd.database + end) for end in ("", "-wal")) >> 20
    stage.end()
    return {"deliveries_waiting": load["deliveries"], "in_flight": taken, "refused": load["refused"],
            "first_error": load["first_error"], "fill_seconds": round((load["end_ns"] - load["start_ns"]) / 1e9, 2),
            "stored_per_second": round(load["deliveries"] * 1e9 / (load["end_ns"] - load["start_ns"]), 1),
            "resident_kb_empty": empty, "resident_kb": full, "database_mb": database_mb,
            "first_delivery_seconds": round(statistics.median(one["first_delivery_seconds"] for one in starts), 4),
            "restarts": starts, "drained_per_second": max(one["drained_per_second"] for one in starts)}


def _restart(bench, stage):
    bench.end(stage.heraldd)
    stage.receiver.clear()
    stage.heraldd = bench.heraldd(stage.receiver, stage.heraldd.database)
    stage.receiver.wait_for(1, 120)
    bench.wait(min(bench.options.seconds / 2, 5))
    summary = stage.receiver.summary()
    drained_seconds = max((summary["last_ns"] - summary["first_ns"]) / 1e9, 1e-9)
    return {"first_delivery_seconds": round((summary["first_ns"] - stage.heraldd.start_ns) / 1e9, 4),
            "listening_seconds": round((stage.heraldd.listening_ns - stage.heraldd.start_ns) / 1e9, 4),
            "drained_per_second": round(summary["received"] / drained_seconds, 1)}
