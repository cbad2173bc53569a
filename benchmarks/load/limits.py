"""The limits that heraldd is measured against, in the same run: what each part alone does on this machine."""

import os

from processes import BenchError


def capture_request(bench):
    """Has heraldd deliver one event of the load, and keeps the request in a file, for bench_curl."""
    receiver = bench.receiver()
    heraldd = bench.heraldd(receiver)
    heraldd.create_webhook("load", receiver.url("/load"), "bench.load")
    bench.run("bench_load", server=heraldd.listening, type="bench.load", events=1)
    if not receiver.wait_for(1, 30):
        raise BenchError("the receiver got nothing")
    with open(bench.request_file(), "wb") as file:
        file.write(receiver.ask("GET", "last"))
    bench.end(heraldd)
    bench.end(receiver)


def bare_curl(bench, seconds):
    """A bare libcurl loop posts what heraldd sends to the same kind of receiver."""
    if not os.path.exists(bench.request_file()):
        capture_request(bench)
    receiver = bench.receiver()
    posted = bench.run("bench_curl", url=receiver.url("/load"), request=bench.request_file(), in_flight=64, seconds=seconds)
    posted["receiver_cpu_us"] = receiver.cpu_seconds() * 1e6 / max(posted["posts"], 1)
    bench.end(receiver)
    if posted["failed"]:
        raise BenchError(f"{posted['failed']} posts of the bare libcurl loop failed")
    return posted


def grpc_echo(bench):
    """A gRPC server that stores nothing, under the calls that heraldd gets."""
    echo = bench.echo()
    options = bench.options
    unary = bench.run("bench_load", server=echo.listening, seconds=options.seconds / 2, channels=options.channels, in_flight=64)
    batch = bench.run("bench_load", server=echo.listening, seconds=options.seconds / 2, channels=options.channels, batch=100,
                      in_flight=4)
    bench.end(echo)
    return {"version": unary["grpc"], "unary_per_second": unary["accepted_per_second"],
            "batch_per_second": batch["accepted_per_second"], "unary_call": unary["call"]}


def sqlite(bench):
    """SQLite with heraldd's durability and the rows of an event with one delivery."""
    return bench.run("bench_sqlite", database=bench.file("bare.db"), seconds=bench.options.seconds / 5)
