#!/usr/bin/env python3
"""scripts/bench: measures heraldd against the limits of the machine. See docs/benchmarks.md."""

import argparse
import json
import subprocess
import sys

import limits
import machine
import report
import scenarios
from processes import Bench, BenchError

SCENARIOS = {
    "limits": "the bare libcurl loop, the gRPC echo and SQLite, each alone",
    "unary": "sustained rate with DispatchEvent, one delivery an event",
    "batch": "the same with BatchDispatchEvents, 100 events a call",
    "fan_out": "sustained rate with 100 deliveries an event",
    "latency": "due to received at 200/s, 1,000/s and 5,000/s",
    "hang": "ten webhooks of which one hangs",
    "backlog": "memory with a million deliveries waiting, and restart with them",
}


def measure(bench):
    options = bench.options
    seen = {}

    def wanted(name):
        if name not in options.scenario:
            return False
        print(f"measuring: {SCENARIOS[name]}", file=sys.stderr, flush=True)
        return True

    if wanted("limits"):
        seen["curl"] = limits.bare_curl(bench, options.seconds / 2)
        seen["echo"] = limits.grpc_echo(bench)
        seen["sqlite"] = limits.sqlite(bench)
    if wanted("unary"):
        seen["unary"] = scenarios.sustained(bench, in_flight=options.in_flight)
    if wanted("batch"):
        seen["batch"] = scenarios.sustained(bench, batch=100, in_flight=4)
    if wanted("fan_out"):
        # Accepting is much faster than delivering here; most of the time goes into what waits when the load ends.
        seen["fan_out"] = scenarios.sustained(bench, webhooks=options.fan_out, seconds=options.seconds / 5, in_flight=8)
        seen["fan_out"]["webhooks"] = options.fan_out
    if wanted("latency"):
        seen["latency"] = [scenarios.latency(bench, rate) for rate in options.rates]
    if wanted("hang"):
        seen["hang"] = scenarios.one_of_ten_hangs(bench)
    if wanted("backlog"):
        seen["backlog"] = scenarios.backlog(bench)
    return seen


def versions(bench, seen):
    found = {"heraldd": subprocess.run([bench.program("heraldd"), "--version"], capture_output=True, text=True,
                                       check=False).stdout.split()[-1]}
    if "curl" in seen:
        found["libcurl"] = seen["curl"]["version"]
        found["gRPC"] = seen["echo"]["version"]
        found["SQLite"] = seen["sqlite"]["version"]
    return found


def parse_options():
    listing = "\n".join(f"  {name:9} {text}" for name, text in SCENARIOS.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures the real heraldd, on a SQLite file, against the limits of the machine.",
        epilog=f"scenarios:\n{listing}\n\nExit status 1: something accepted did not arrive, or was refused. See docs/benchmarks.md.")
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), metavar="NAME",
                        help="only this one; may be given more than once (default: all)")
    parser.add_argument("--seconds", type=float, default=None, help="how long each rate is measured (default 10)")
    parser.add_argument("--in_flight", type=int, default=64, help="calls in flight of unary (default 64)")
    parser.add_argument("--rates", default=None, metavar="N,N", help="events a second of latency (default 200,1000,5000)")
    parser.add_argument("--fan_out", type=int, default=None, help="webhooks of fan_out (default 100)")
    parser.add_argument("--backlog", type=int, default=None, help="deliveries of backlog (default 1000000)")
    parser.add_argument("--rounds", type=int, default=None, help="repetitions of hang and of restarts (default 3)")
    parser.add_argument("--quick", action="store_true", help="everything, small, in under a minute: whether it works, not how fast")
    parser.add_argument("--output", choices=["table", "json"], default="table")
    parser.add_argument("--channels", type=int, default=1, help="connections of the load generator (default 1)")
    parser.add_argument("--folder", default=None, help="where databases are made (default: TMPDIR, else /tmp)")
    parser.add_argument("--keep", action="store_true", help="keep databases and logs, and say where")
    parser.add_argument("--heraldd_flag", action="append", default=[], metavar="FLAG", help="one more flag for heraldd")
    parser.add_argument("--bin", default="build/release/bin", help="where the programs are (default build/release/bin)")
    options = parser.parse_args()
    defaults = {"seconds": (10, 1), "rates": ("200,1000,5000", "200,1000"), "fan_out": (100, 10), "backlog": (1_000_000, 20_000),
                "rounds": (3, 1)}
    for name, (usual, quick) in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, quick if options.quick else usual)
    options.scenario = options.scenario or list(SCENARIOS)
    options.rates = [int(rate) for rate in options.rates.split(",")]
    return options


def main():
    options = parse_options()
    with Bench(options) as bench:
        described = machine.describe(bench.folder)
        seen = measure(bench)
        result = {"machine": described, "versions": versions(bench, seen), "options": vars(options),
                  "figures": report.figures(seen), "problems": report.problems(seen), "seen": seen}
    print(json.dumps(result, indent=2) if options.output == "json" else report.table(result))
    return 1 if result["problems"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"scripts/bench: {error}")
