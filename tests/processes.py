"""Runs the programs themselves, as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import holter

ADDONS = Path(holter.__file__).parents[1]
HOST = "datapipeline.us-east-1.amazonaws.com"
PATIENCE = 30.0

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user: our package importable, no proxy of somebody else's."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, **CREDENTIALS, "PYTHONPATH": str(ADDONS), "HOLTER_HOME": str(home), **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "holter", *arguments]


def holter_run(
    *arguments: str, home: Path, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, **more),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def started(arguments: list[str], env: Mapping[str, str], out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program beside the test, what it says in a file; it is ended with the block."""
    with open(out, "wb") as log:
        process = subprocess.Popen(arguments, env=dict(env), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


@dataclass(frozen=True)
class Sandbox:
    """A sandbox that runs, and where its files are."""

    port: int
    ca: Path
    truth: Path

    @property
    def detour(self) -> tuple[str, str]:
        """The option that leads to it whoever means the service."""
        return ("--connect-to", f"{HOST}:443:127.0.0.1:{self.port}")


@contextmanager
def sandbox(folder: Path, *options: str) -> Iterator[Sandbox]:
    """Run `holter sandbox --tls` on a free port."""
    port, ca, truth = folder / "sandbox.port", folder / "sandbox-ca.pem", folder / "truth.jsonl"
    arguments = command(
        "sandbox", "--tls", "--port-file", str(port), "--ca-file", str(ca), "--log", str(truth), *options
    )
    with started(arguments, environment(folder), folder / "sandbox.log") as process:
        until(lambda: port.is_file() or process.poll() is not None)
        assert port.is_file(), (folder / "sandbox.log").read_text()
        yield Sandbox(int(port.read_text()), ca, truth)
