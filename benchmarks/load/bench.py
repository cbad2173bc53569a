#!/usr/bin/env python3
"""scripts/bench: measures heraldd against the limits of the machine. See docs/benchmarks.md."""

import argparse
import json
import os
import sys

import machine
import scenarios
from processes import Bench, BenchError


def bare_curl(bench):
    """The rate at which a bare libcurl loop posts what heraldd sends to the same receiver."""
    receiver = bench.receiver()
    heraldd = bench.heraldd(receiver)
    heraldd.create_webhook("load", receiver.url("/load"), "bench.load")
    request = scenarios.captured_request(bench, receiver, heraldd)
    bench.end(heraldd)
    posted = bench.run("bench_curl", url=receiver.url("/load"), request=request, in_flight=64,
                       seconds=bench.options.seconds)
    bench.end(receiver)
    if posted["failed"]:
        raise BenchError(f"{posted['failed']} posts of the bare libcurl loop failed")
    return posted


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures heraldd against the machine's limits.")
    parser.add_argument("--seconds", type=float, default=10, help="how long each rate is measured (default 10)")
    parser.add_argument("--channels", type=int, default=1, help="connections of the load generator (default 1)")
    parser.add_argument("--bin", default="build/release/bin", help="where the programs are")
    parser.add_argument("--folder", default=None, help="where databases are made (default: TMPDIR, else /tmp)")
    parser.add_argument("--heraldd_flags", nargs="*", default=[], help="more flags for heraldd")
    parser.add_argument("--keep", action="store_true", help="keep the folder with databases and logs")
    parser.add_argument("--output", choices=["table", "json"], default="table")
    options = parser.parse_args()
    with Bench(options) as bench:
        print(json.dumps(machine.describe(bench.folder)))
        curl = bare_curl(bench)
        print("bare libcurl loop", json.dumps(curl))
        unary = scenarios.sustained(bench, in_flight=64)
        print("unary", round(unary["deliveries_per_second"] / curl["per_second"], 3), json.dumps(unary))
        batch = scenarios.sustained(bench, batch=100, in_flight=4)
        print("batch", round(batch["deliveries_per_second"] / curl["per_second"], 3), json.dumps(batch))


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(f"scripts/bench: {error}")
