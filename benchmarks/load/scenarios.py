"""What is measured. Each scenario has a receiver and a heraldd of its own, and returns its figures.

Limits (the bare libcurl loop, the echo, SQLite alone) are measured in the same run, see limits.py.
"""

import time

from processes import BenchError

WARM_UP_SECONDS = 1


def captured_request(bench, receiver, heraldd):
    """The request that heraldd sends for an event of the load, as the receiver got it; in a file, for bench_curl."""
    bench.run("bench_load", server=heraldd.listening, type="bench.load", events=1)
    if not receiver.wait_for(1, 30):
        raise BenchError("the receiver got nothing")
    path = bench.file("request.http")
    with open(path, "wb") as file:
        file.write(receiver.ask("GET", "last"))
    receiver.clear()
    return path


def delivered(receiver, load, timeout_seconds):
    """Waits until all that was accepted has arrived; the summary, with what is missing and the rate of the whole way."""
    receiver.wait_for(load["deliveries"], timeout_seconds)
    summary = receiver.summary()
    summary["missing"] = load["deliveries"] - summary["distinct_ids"]
    seconds = (summary["last_ns"] - load["start_ns"]) / 1e9
    summary["per_second"] = round(summary["distinct_ids"] / seconds, 1) if summary["received"] else 0
    return summary


def sustained(bench, webhooks=1, **load_flags):
    """Events as fast as heraldd answers: deliveries a second, from the first call to the last arrival."""
    receiver = bench.receiver()
    heraldd = bench.heraldd(receiver)
    for i in range(webhooks):
        heraldd.create_webhook(f"load{i}", receiver.url(f"/load{i}"), "bench.load")
    bench.run("bench_load", server=heraldd.listening, type="bench.load", events=max(200 // webhooks, 1))
    receiver.wait_for(webhooks * max(200 // webhooks, 1), 30)
    receiver.clear()
    cpu = heraldd.cpu_seconds()
    load = bench.run("bench_load", server=heraldd.listening, type="bench.load", seconds=bench.options.seconds,
                     channels=bench.options.channels, **load_flags)
    at_end = receiver.count()
    arrived = delivered(receiver, load, 60 + 4 * bench.options.seconds)
    figures = {
        "deliveries_per_second": arrived["per_second"],
        "accepted_per_second": load["accepted_per_second"],
        "deliveries": load["deliveries"],
        "waiting_at_end_of_load": load["deliveries"] - at_end,
        "received_again": arrived["received"] - arrived["distinct_ids"],
        "missing": arrived["missing"],
        "refused": load["refused"],
        "first_error": load["first_error"],
        "call": load["call"],
        "heraldd_cpu_us_per_delivery":
            round((heraldd.cpu_seconds() - cpu) * 1e6 / max(load["deliveries"], 1), 1),
    }
    bench.end(heraldd)
    bench.end(receiver)
    return figures
