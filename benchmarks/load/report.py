"""The figures of a run, each beside its limit and its targets, as a table."""


def _figure(name, value, unit, must=None, aim=None, limit=None):
    """With a limit the targets are of value / limit, without one of the value."""
    figure = {"figure": name, "value": value, "unit": unit}
    if limit:
        figure.update(limit=limit, ratio=round(value / limit, 3))
    if must is not None:
        figure.update(must=must, aim=aim)
    return figure


def _rate(name, seen, must, aim):
    return _figure(name, seen["deliveries_per_second"], "deliveries/s", must, aim, seen["bare_curl_per_second"])


def figures(seen):
    """Of what the scenarios saw: those that ran."""
    rows = []
    if "unary" in seen:
        rows.append(_rate("sustained, DispatchEvent", seen["unary"], 0.22, 0.30))
        rows.append(_figure("SQL statements per delivered event, DispatchEvent", seen["unary"]["sql_statements_per_delivery"], "", 6, 4.1))
        if "echo" in seen:
            rows.append(_figure("accepted, DispatchEvent", seen["unary"]["accepted_per_second"], "events/s",
                                limit=seen["echo"]["unary_per_second"]))
    if "batch" in seen:
        rows.append(_rate("sustained, BatchDispatchEvents of 100", seen["batch"], 0.45, 0.65))
        if "echo" in seen:
            rows.append(_figure("accepted, BatchDispatchEvents of 100", seen["batch"]["accepted_per_second"], "events/s",
                                limit=seen["echo"]["batch_per_second"]))
    if "fan_out" in seen:
        rows.append(_rate(f"sustained, one event to {seen['fan_out']['webhooks']}", seen["fan_out"], 0.55, 0.80))
    for one in seen.get("latency", []):
        targets = (10, 4) if one["rate"] == 1000 else (None, None)
        rows.append(_figure(f"due to received at {one['rate']}/s, p50", one["latency"]["p50_us"] / 1000, "ms"))
        rows.append(_figure(f"due to received at {one['rate']}/s, p99", one["latency"]["p99_us"] / 1000, "ms", *targets))
    if "hang" in seen:
        rows.append(_figure("p99 of nine webhooks while the tenth hangs", seen["hang"]["p99_us_tenth_hangs"] / 1000, "ms", 1.2, 1.05,
                            seen["hang"]["p99_us_tenth_answers"] / 1000))
    if "backlog" in seen:
        waiting = seen["backlog"]["deliveries_waiting"]
        rows.append(_figure(f"resident memory with {waiting:,} waiting", seen["backlog"]["resident_kb"]["VmRSS"] / 1024, "MB", 200, 100))
        rows.append(_figure("start to first delivery with them", seen["backlog"]["first_delivery_seconds"], "s", 1, 0.2))
        rows.append(_figure("draining them", seen["backlog"]["drained_per_second"], "deliveries/s"))
    return rows


def _number(value):
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(result):
    described = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines = [f"{described['cores']} cores of {described['cpu']}, {described['memory_mb']:,} MB, {described['kernel']}, "
             f"{described['system']}, {described['disk']}; load average before: {described['load_average_before']}", versions, ""]
    header = ("figure", "measured", "unit", "limit", "ratio", "must", "aim")
    rows = [header] + [
        (one["figure"], _number(one["value"]), one["unit"], _number(one.get("limit")), _number(one.get("ratio")),
         _number(one.get("must")), _number(one.get("aim"))) for one in result["figures"]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    for row in rows:
        cells = [cell.ljust(width) if i in (0, 2) else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines + [""] + _limits(result["seen"]) + _problems(result["problems"]))


def _limits(seen):
    lines = []
    if "curl" in seen:
        lines.append(f"bare libcurl loop: {seen['curl']['per_second']:,.0f} posts/s")
    if "echo" in seen:
        lines.append(f"bare gRPC echo: {seen['echo']['unary_per_second']:,.0f} calls/s; in batches of 100 "
                     f"{seen['echo']['batch_per_second']:,.0f} events/s")
    if "sqlite" in seen:
        rates = seen["sqlite"]["events_per_second"]
        by_size = ", ".join(f"{rate:,.0f} at {events}" for events, rate in rates.items())
        lines.append(f"SQLite alone, events/s by events a transaction: {by_size}; so a commit takes {1000 / rates['1']:.2f} ms")
    return lines


def _problems(problems):
    return ["", "PROBLEMS"] + problems if problems else []


def problems(seen):
    """What must not happen in any run, however slow the machine."""
    found = []
    for name, one in [item for key, value in seen.items() for item in _flat(key, value)]:
        if one.get("missing"):
            found.append(f"{name}: {one['missing']} accepted deliveries did not arrive in time")
        if one.get("refused"):
            found.append(f"{name}: {one['refused']} events were refused: {one.get('first_error', '')}")
    return found


def _flat(key, value):
    if isinstance(value, list):
        return [(f"{key} at {one['rate']}/s", one) for one in value]
    return [(key, value)]
