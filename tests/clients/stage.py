"""Runs clients through Holter, several at a time, and keeps what came of each."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.catalogue import HOST, Client, Road
from tests.clients.service import Strict
from tests.processes import PATIENCE, command, environment, started, until

from holter.clientenv import TRUST

AT_ONCE = 4
BEATS = 2

Case = tuple[Client, Road]


def group(client: Client, road: Road, phase: str = "record") -> str:
    """Return the worker group that one run has for itself."""
    return f"{client.name}-{road}-{phase}"


@dataclass(frozen=True)
class Holter:
    """A `holter` that serves, what it told to paste, and where its files are."""

    cassette: Path
    port: int
    pasted: Mapping[str, str]


@contextmanager
def serving(home: Path, name: str, *arguments: str) -> Iterator[Holter]:
    """Run a `holter` command without a client of its own."""
    port, said = home / f"{name}.port", home / f"{name}.log"
    line = command(*arguments, "--port-file", str(port))
    with started(line, environment(home), said) as process:
        until(lambda: port.is_file() or process.poll() is not None, PATIENCE * 2)
        assert port.is_file(), said.read_text()
        until(lambda: "start the runner with" in said.read_text())
        yield Holter(home / f"{name}.yaml", int(port.read_text()), pasted(said.read_text()))
    assert process.returncode == 0, f"exit code {process.returncode}\n{said.read_text()}"


def pasted(said: str) -> dict[str, str]:
    """Return what the lines to paste set."""
    found = re.findall(r"^ *export (.*)$", said, re.MULTILINE)
    return dict(word.partition("=")[::2] for line in found for word in shlex.split(line))


def ways(service: Strict) -> dict[str, tuple[str, ...]]:
    """The options that lead from Holter to the service, for each mode."""
    detours = (("http", 80), ("https", 443))
    forward = [
        ("--connect-to", f"{HOST}:{port}:127.0.0.1:{service.ports[scheme]}") for scheme, port in detours
    ]
    trust = ("--upstream-ca", str(service.authority))
    return {
        "forward": (*forward[0], *forward[1], *trust),
        "reverse": ("--upstream", f"https://localhost:{service.ports['https']}", *trust),
    }


@dataclass
class Stage:
    """Where clients run: a folder, and the processes that the tests wait for."""

    home: Path
    trust: dict[str, str] = field(default_factory=dict)
    """What makes a client trust Holter, taken from what forward mode told to paste."""
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))

    def learn(self, forward: Holter) -> None:
        """Take the trust from a forward proxy: of reverse mode within TLS, nothing is told."""
        self.trust = {name: value for name, value in forward.pasted.items() if name in TRUST}

    def run(self, case: Case, holter: Holter, phase: str = "record") -> Future[str]:
        """Start a client; its future holds what it printed, or how it failed."""
        client, road = case
        arguments, variables = ["--worker-group", group(client, road, phase)], dict(holter.pasted)
        if road.mode == "reverse":
            endpoint = f"{road.scheme}://localhost:{holter.port}"
            variables |= self.trust
            if client.heeds_endpoint:
                variables["AWS_ENDPOINT_URL_DATA_PIPELINE"] = endpoint
            else:
                arguments += ["--endpoint", endpoint]
        elif road.scheme == "http":
            arguments += ["--endpoint", f"http://{HOST}"]
        rest = ("--beats", str(BEATS), "--interval", "0.1", "--tasks", "1")
        line = [*client.command, *arguments, *rest]
        return self.pool.submit(self._ended, line, {**variables, **client.variables})

    def _ended(self, line: list[str], variables: dict[str, str]) -> str:
        ended = subprocess.run(
            line,
            env=environment(self.home, **variables),
            capture_output=True,
            text=True,
            timeout=PATIENCE * 4,
            check=False,
        )
        return ended.stdout.strip() if ended.returncode == 0 else f"{ended.returncode}: {ended.stderr}"
