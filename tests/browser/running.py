"""A run to look at: the sandbox with its board, and the reference runner that goes wrong in known ways."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCALE = "0.02"
WORK = "for part in $(seq 1 600); do echo progress: $((part / 6)); sleep 0.1; done"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox", "AWS_REGION": "us-east-1"}


@dataclass
class Run:
    """The processes of a run, and where it writes."""

    folder: Path
    sandbox: subprocess.Popen[bytes]
    runners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def control(self) -> dict[str, str]:
        """How to reach the board."""
        found: dict[str, str] = json.loads((self.folder / "control.json").read_text())
        return found

    @property
    def link(self) -> str:
        """The link that a person opens."""
        return self.control["board"]

    def truth(self) -> list[dict[str, Any]]:
        """Return what the service decided."""
        return [json.loads(line) for line in (self.folder / "truth.jsonl").read_text().splitlines()]

    def runner(self, *misbehave: str, name: str = "etl-1") -> None:
        """Start a runner for three tasks at a time: while it has them all, none that it loses comes back."""
        port = (self.folder / "port").read_text().strip()
        wrong = [part for one in misbehave for part in ("--misbehave", one)]
        options = f"--worker-group wg --tasks 3 --scale {SCALE} --alive-every 75 --work-dir .".split()
        service = f"http://127.0.0.1:{port}"
        command = ("runner", *options, "--hostname", name, "--endpoint", service, *wrong)
        self.runners.append(started(self.folder, f"{name}.log", *command))

    def end(self) -> None:
        """Ask the sandbox to end, as Ctrl-C does."""
        self.sandbox.send_signal(signal.SIGINT)
        self.sandbox.wait(30)


def started(folder: Path, log: str, *command: str) -> subprocess.Popen[bytes]:
    """Start a holter command, whose words go to a file."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1", **CREDENTIALS}
    with open(folder / log, "wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "holter", *command],
            cwd=folder, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip


@contextmanager
def run(
    folder: Path, *options: str, tasks: tuple[str, ...] = ("Healthy", "Silent", "Endless")
) -> Iterator[Run]:
    """Run a sandbox with these tasks; whatever still runs at the end is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    activities = [
        {"id": name, "type": "ShellCommandActivity", "command": WORK, "reportProgressTimeout": "4 minutes"}
        for name in tasks
    ]
    (folder / "pipeline.json").write_text(
        json.dumps({"objects": [{"id": "Default", "workerGroup": "wg"}, *activities]})
    )
    files = ("--port-file", "port", "--control-file", "control.json", "--log", "truth.jsonl")
    command = ("sandbox", "--definition", "pipeline.json", "--scale", SCALE, "--board", "127.0.0.1:0")
    made = Run(folder, started(folder, "sandbox.log", *command, *files, *options))
    try:
        until(
            lambda: (
                all((folder / name).exists() for name in ("control.json", "port"))
                or made.sandbox.poll() is not None
            )
        )
        assert made.sandbox.poll() is None, (folder / "sandbox.log").read_text()
        yield made
    finally:
        for process in (*made.runners, made.sandbox):
            process.kill()
            process.wait(30)


def until(holds: Callable[[], object], seconds: float = 40.0) -> None:
    """Wait for something; fail when it takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
