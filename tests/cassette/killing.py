"""A recording proxy as a process, in front of a small fast service, under steady traffic."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.processes import command, environment, started, until

ANSWER = b'{"canceled":false}'
HEADERS = {"X-Amz-Target": "DataPipeline.ReportTaskProgress", "Content-Type": "application/x-amz-json-1.1"}

LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Runs a program whose files can hold so many bytes at most: to it, the disk is full then."""


class _Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(ANSWER)}\r\n"
        self.wfile.write(head.encode() + b"Content-Type: application/x-amz-json-1.1\r\n\r\n" + ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: that a proxy is killed in the middle of a call is the point of it."""


@contextmanager
def service() -> Iterator[str]:
    """Run a service that answers every call the same, and yield its URL."""
    with _Server(("127.0.0.1", 0), _Service) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Traffic:
    """Clients that call without a pause until they are stopped or refused; what each got an answer to."""

    port: int
    name: str = "call"
    answered: list[str] = field(default_factory=list)
    broken: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def call(self, name: str, connection: http.client.HTTPConnection) -> None:
        """Make one call; it counts as answered when its answer came whole."""
        fields = [{"key": "name", "stringValue": name}]
        body = json.dumps({"taskId": "a-task-of-the-test", "fields": fields})
        connection.request("POST", "/", body, HEADERS)
        answer = connection.getresponse()
        if answer.read() == ANSWER and answer.status == 200:
            self.answered.append(name)

    def _client(self, who: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            for number in range(1_000_000):
                if self._stop.is_set():
                    break
                self.call(f"{self.name}-{who}-{number}", connection)
        except (OSError, http.client.HTTPException):
            self.broken += 1
        finally:
            connection.close()

    @contextmanager
    def flowing(self, clients: int) -> Iterator[None]:
        """Let that many clients call while the block runs."""
        threads = [threading.Thread(target=self._client, args=(who,)) for who in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()


@dataclass(frozen=True)
class Proxy:
    """A recording proxy that runs, where it listens, and the files it writes."""

    process: subprocess.Popen[bytes]
    port: int
    tape: Path
    log: Path

    def said(self) -> str:
        """Return what it told its user so far."""
        return self.log.read_text()


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a file system of so many bytes, where that is allowed; else the test is skipped."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as why:
        pytest.skip(f"no file system can be mounted here: {why}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def recording(
    folder: Path,
    upstream: str,
    *options: str,
    limit: int | None = None,
    name: str = "run",
    to: Path | None = None,
) -> Iterator[Proxy]:
    """Run `holter record` in reverse mode, its file in the folder `to` where that is another.

    `limit` is how many bytes a file of it can hold at most.
    """
    tape, port, log = (to or folder) / f"{name}.yaml", folder / f"{name}.port", folder / f"{name}.log"
    port.unlink(missing_ok=True)
    arguments = command("record", "-o", str(tape), "--upstream", upstream, "--port-file", str(port), *options)
    limited = [sys.executable, "-c", LIMITED, str(limit), *arguments] if limit else arguments
    with started(limited, environment(folder), log) as process:
        until(lambda: port.is_file() or process.poll() is not None)
        assert port.is_file(), log.read_text()
        yield Proxy(process, int(port.read_text()), tape, log)
