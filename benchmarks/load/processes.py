"""The processes of a run: the receiver, heraldd, and the tools that measure; each ends with the run."""

import http.client
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request


class BenchError(Exception):
    """What stopped the benchmark, as a sentence for people."""


class Process:
    """A child that says on its first line of output where it listens."""

    def __init__(self, arguments, log_file):
        self.start_ns = time.monotonic_ns()
        self.log_file = log_file
        with open(log_file, "ab") as log:
            self.child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)
        self.listening = self._first_line().rsplit(" ", 1)[-1].strip()
        self.listening_ns = time.monotonic_ns()
        if not self.listening:
            self.kill()
            with open(log_file, encoding="utf-8", errors="replace") as log:
                raise BenchError(f"{os.path.basename(arguments[0])} did not start: {log.read()[-500:].strip()}")

    def _first_line(self):
        ready, _, _ = select.select([self.child.stdout], [], [], 120)
        return self.child.stdout.readline().decode() if ready else ""

    def resident_kb(self):
        """What is in memory: VmRSS and of it RssAnon, in kB."""
        with open(f"/proc/{self.child.pid}/status", encoding="ascii", errors="replace") as status:
            fields = dict(line.split(":", 1) for line in status)
        return {name: int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon", "VmHWM")}

    def cpu_seconds(self):
        with open(f"/proc/{self.child.pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self, with_signal=signal.SIGKILL):
        if self.child.poll() is None:
            self.child.send_signal(with_signal)
        self.child.wait()
        self.child.stdout.close()


class Receiver(Process):
    """bench_receiver, and what it is told and asked (see fast_receiver.h)."""

    def __init__(self, bench):
        super().__init__([bench.program("bench_receiver")], bench.file("receiver.log"))
        self.port = int(self.listening)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def ask(self, method, target):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, "/-/" + target)
            return connection.getresponse().read()
        finally:
            connection.close()

    def count(self):
        return int(self.ask("GET", "count"))

    def summary(self, due_from=0, without=""):
        return json.loads(self.ask("GET", f"summary?due_from={due_from}&without={without}"))

    def clear(self):
        self.ask("POST", "clear")

    def hang(self, path):
        self.ask("POST", f"hang?path={path}")

    def answer(self, path):
        self.ask("POST", f"answer?path={path}")

    def wait_for(self, count, timeout_seconds):
        """Until so many requests came. Returns whether they did."""
        return self.wait_until(lambda: self.count() >= count, timeout_seconds)

    @staticmethod
    def wait_until(done, timeout_seconds):
        deadline = time.monotonic() + timeout_seconds
        while not done():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


class Heraldd(Process):
    """heraldd on a SQLite file, allowed to send to the receiver."""

    def __init__(self, bench, database, receiver):
        self.bench = bench
        self.database = database
        super().__init__(
            [bench.program("heraldd"), "--listen=127.0.0.1:0", "--http_listen=127.0.0.1:0", f"--store=sqlite:{database}", "--allow_http",
             f"--allow_ports={receiver.port}", "--allow_cidrs=127.0.0.0/8", "--log_level=warning"]
            + bench.options.heraldd_flag, bench.file("heraldd.log"))
        self.http_address = self.child.stdout.readline().decode().rsplit(" ", 1)[-1].strip()

    def metrics(self):
        """The numbers of /metrics by name; without those that have labels."""
        with urllib.request.urlopen(f"http://{self.http_address}/metrics", timeout=60) as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.split(" ", 1) for line in lines if not line.startswith("#"))
                if "{" not in name}

    def create_webhook(self, webhook_id, url, event_type, **fields):
        path = self.bench.file(f"{webhook_id}.json")
        webhook = {"display_name": webhook_id, "url": url, "triggers": [event_type], **fields}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(webhook, file)
        created = subprocess.run(
            [self.bench.program("herald"), "webhooks", "create", path, "--id", webhook_id, "--server", self.listening],
            capture_output=True, text=True, check=False)
        if created.returncode != 0:
            raise BenchError(f"webhook {webhook_id} is refused: {created.stderr.strip()}")


class Bench:
    """The folder of a run, the programs, the options; ends what was started."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="herald-bench.", dir=options.folder)
        self._processes = []
        self._databases = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self._processes):
            process.kill()
        if self.options.keep:
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def program(self, name):
        path = os.path.join(self.options.bin, name)
        if not os.access(path, os.X_OK):
            raise BenchError(f"{path} is not there; build it, or run scripts/bench, which does")
        return path

    def file(self, name):
        return os.path.join(self.folder, name)

    def request_file(self):
        return self.file("request.http")

    @staticmethod
    def wait(seconds):
        time.sleep(seconds)

    def receiver(self):
        return self._keep(Receiver(self))

    def heraldd(self, receiver, database=None):
        """On a new database, or on that of an earlier heraldd."""
        if database is None:
            self._databases += 1
            database = self.file(f"herald{self._databases}.db")
        return self._keep(Heraldd(self, database, receiver))

    def echo(self):
        return self._keep(Process([self.program("bench_echo")], self.file("echo.log")))

    def end(self, process):
        process.kill()
        self._processes.remove(process)

    def run(self, name, **flags):
        """Runs a tool to its end and returns the JSON that it prints, with cpu_seconds."""
        arguments = [self.program(name)] + [f"--{flag}={value}" for flag, value in flags.items()]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError(f"{name} failed: {done.stderr.strip()}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {**json.loads(done.stdout), "cpu_seconds": round(cpu_seconds, 3)}

    def _keep(self, process):
        self._processes.append(process)
        return process
