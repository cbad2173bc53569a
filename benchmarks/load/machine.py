"""What a run was measured on."""

import os
import platform
import subprocess


def _first_match(path, name):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith(name):
                    return line.split(":", 1)[-1].split("=", 1)[-1].strip().strip('"')
    except OSError:
        pass
    return "unknown"


def _output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _disk(folder):
    fields = _output("df", "--output=fstype,source", folder).splitlines()
    return " ".join(fields[-1].split()) if fields else "unknown"


def describe(folder):
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": _first_match("/proc/cpuinfo", "model name"),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1 << 20),
        "kernel": platform.release(),
        "system": _first_match("/etc/os-release", "PRETTY_NAME"),
        "disk": _disk(folder),
        "load_average_before": round(os.getloadavg()[0], 2),
    }
