"""Two services over real sockets: one that answers from a script, and the sandbox in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

import holter
from holter.sandbox.runner.client import Service, connect
from holter.sandbox.runner.options import Options
from holter.wire.codec import decode, encode, named, operation
from holter.wire.message import Reply

DEFAULTS = {
    "PollForTask": Reply(200, {}),
    "ReportTaskProgress": Reply(200, {"canceled": False}),
    "ReportTaskRunnerHeartbeat": Reply(200, {"terminate": False}),
    "SetTaskStatus": Reply(200, b""),
}


@dataclass
class Script:
    """`answers` holds the next answers of each operation; after the last one the usual ones follow."""

    url: str = ""
    answers: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[float, str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, op: str, body: Any) -> Reply:
        with self.lock:
            self.asked.append((time.monotonic(), op, body))
            waiting = self.answers.get(op)
            return waiting.pop(0) if waiting else DEFAULTS[op]

    def bodies(self, op: str) -> list[Any]:
        with self.lock:
            return [body for _, name, body in self.asked if name == op]

    def times(self, op: str) -> list[float]:
        with self.lock:
            return [at for at, name, _ in self.asked if name == op]

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not true():
            assert time.monotonic() < deadline, self.asked
            time.sleep(0.01)

    def connect(self, **options: Any) -> Service:
        return connect(self.options(**options))

    def options(self, **options: Any) -> Options:
        return Options("group", "host", "runner-1", endpoint=self.url, **options)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "AKIDEXAMPLE")
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = decode(self.rfile.read(int(self.headers["Content-Length"])))
            reply = found.answer(operation(named(tuple(self.headers.items()))) or "", body)
            data = encode(reply.body)
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a process that runs Holter from here, without anybody's account."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    found |= {"PYTHONPATH": str(Path(holter.__file__).parents[1]), "NO_PROXY": "127.0.0.1"}
    found |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "none"}
    return found | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@dataclass
class Sandbox:
    """A sandbox, what it says it decided, and runners that talk to it. `SCALE` holds for both."""

    SCALE = "0.01"
    url: str
    folder: Path
    environment: dict[str, str]
    runners: list[subprocess.Popen[Any]] = field(default_factory=list)

    def truth(self, *whats: str) -> list[dict[str, Any]]:
        """Return what was decided, all of it or the kinds that are named."""
        lines = (self.folder / "truth").read_text().splitlines(keepends=True)
        entries = [json.loads(line) for line in lines if line.endswith("\n")]
        return [entry for entry in entries if not whats or entry["what"] in whats]

    def until(self, true: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 30
        while not true():
            assert time.monotonic() < deadline, (self.truth(), self.log())
            time.sleep(0.02)

    def run(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a runner of the worker group `wg` with quick beats."""
        command = [sys.executable, "-m", "holter", "runner", "--worker-group", "wg"]
        command += ["--endpoint", self.url] if self.url.startswith("http:") else []
        command += ["--scale", self.SCALE, "--beat-every", "10", "--alive-every", "20"]
        command += ["--work-dir", str(self.folder), *arguments]
        with (self.folder / "log").open("a") as log:
            runner = subprocess.Popen(command, env=self.environment, stderr=log, text=True)
        self.runners.append(runner)
        return runner

    def log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def post(self, path: str) -> None:
        with build_opener(ProxyHandler({})).open(Request(self.url + path, b""), timeout=20) as answer:
            assert answer.status == 200

    def state(self) -> Any:
        with build_opener(ProxyHandler({})).open(self.url + "/-/state", timeout=20) as answer:
            return json.load(answer)


@pytest.fixture
def sandbox(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., Sandbox]]:
    """Start a sandbox with a pipeline of these objects: id, type, fields."""
    started: list[subprocess.Popen[Any]] = []
    made: list[Sandbox] = []

    def start(*objects: dict[str, Any], options: tuple[str, ...] = ()) -> Sandbox:
        default = {"id": "Default", "name": "Default", "scheduleType": "ondemand"}
        rows = [{"name": row["id"], "workerGroup": "wg", "maximumRetries": "0", **row} for row in objects]
        (tmp_path / "pipeline.json").write_text(json.dumps({"objects": [default, *rows]}))
        command = [sys.executable, "-m", "holter", "sandbox", "--scale", Sandbox.SCALE, "--log", "truth"]
        command += ["--port-file", "port", "--definition", "pipeline.json", *options]
        with (tmp_path / "sandbox.log").open("w") as log:
            started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log))
        port = tmp_path / "port"
        deadline = time.monotonic() + 30
        while not (port.exists() and port.read_text().strip()):
            assert time.monotonic() < deadline, (tmp_path / "sandbox.log").read_text()
            time.sleep(0.02)
        scheme = "https" if "--tls" in options else "http"
        made.append(Sandbox(f"{scheme}://127.0.0.1:{port.read_text().strip()}", tmp_path, environment))
        return made[-1]

    yield start
    for process in [runner for one in made for runner in one.runners] + started:
        if process.poll() is None:
            process.kill()
        process.wait()
