"""A replay behind a proxy of its own process: only one of mitmproxy's may run in a process."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from holter.errors import HolterError, MissingExtraError, UsageError
from holter.testing.arming import Arming, Remote, Straight
from holter.testing.environment import OFFLINE, environment
from holter.testing.wanted import Wanted

_EXPORT = re.compile(r"^ *export (\w+)=(.*)\n", re.MULTILINE)
_LEFT = re.compile(r"^holter: (.* never asked for)$", re.MULTILINE)
_UNMET = re.compile(r"^\S+  [A-Z]+ expectation-missed: (.*)$", re.MULTILINE)
_MISSED = "no recorded answer for "
_START = 60.0
_END = 30.0
_LOOK_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that runs: its URL, and the file with the certificates of the authority to trust."""

    url: str
    ca: str
    output: Path = field(repr=False)
    control: Path = field(repr=False)


class Unseen(Arming):
    """What a test knows of calls that another process answers, the log alone, and may do to their faults."""

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(Remote(proxy.control), Straight())
        self._proxy = proxy

    @property
    def log(self) -> str:
        """What the proxy has told until now, but for the variables that lead clients to it."""
        return _EXPORT.sub("", _text(self._proxy.output)).strip()

    @property
    def missed(self) -> list[str]:
        """The calls that had no recorded answer, as the log tells them."""
        lines = [line.removeprefix("holter: ") for line in self.log.splitlines()]
        return [line for line in lines if line.startswith(_MISSED)]

    def __getattr__(self, name: str) -> NoReturn:
        raise UsageError(f"holter.{name}: the calls of a proxy are known to its own process: see holter.log")


def command(wanted: Wanted) -> list[str]:
    """Return the command that plays behind a proxy what a test wants."""
    replay = wanted.replay
    options = {
        "--mode": replay.mode,
        "--pace": replay.pace,
        "--end": replay.end,
        "--scale": f"{replay.scale:g}",
        "--profile": replay.profile,
        "--max-age": replay.max_age,
        "--stale": replay.stale,
        "--unplayed": "fail" if wanted.unplayed == "fail" else "ignore",
        "--fail-on": "never",
    }
    words = [word for name, value in options.items() if value is not None for word in (name, str(value))]
    for op, said in replay.match_on.items():
        words += ["--ignore", f"{op}={','.join(said['ignore'])}"]
    flags = ["--allow-faults"] if replay.allow_faults else []
    return [
        sys.executable,
        "-m",
        "holter",
        "replay",
        *replay.paths,
        "--proxy",
        *words,
        *flags,
        *wanted.faults,
    ]


@contextmanager
def proxied(words: Sequence[str], *, offline: bool = True) -> Iterator[Proxy]:
    """Run a command that serves a proxy, and lead the clients of this process through it.

    `offline` clients get made-up credentials; others keep their own, with which their calls go on.
    `MissingExtraError` without mitmproxy, `HolterError` with what the command said where it does not start,
    and at the end with what was not played or not done, where that is to fail.
    """
    if importlib.util.find_spec("mitmproxy") is None:
        raise MissingExtraError("holter_proxy", "proxy", "mitmproxy")
    before = OFFLINE if offline else {}
    with tempfile.TemporaryDirectory(prefix="holter-") as folder:
        with _started(words, Path(folder)) as proxy, environment({**before, **_exports(proxy.output)}):
            yield proxy
        said = _text(proxy.output)
        left = _LEFT.findall(said) + [f"expectation missed: {text}" for text in _UNMET.findall(said)]
        if left:
            raise HolterError("; ".join(left))


@contextmanager
def _started(words: Sequence[str], folder: Path) -> Iterator[Proxy]:
    output, port, control = (folder / name for name in ("output", "port", "control"))
    with open(output, "wb") as log:
        arguments = [*words, "--control-file", str(control), "--port-file", str(port)]
        process = subprocess.Popen(arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        _wait(process, port, output)
        found = _exports(output)
        yield Proxy(found.get("HTTPS_PROXY", ""), found.get("AWS_CA_BUNDLE", ""), output, control)
    finally:
        _end(process)


def _wait(process: subprocess.Popen[bytes], port: Path, output: Path) -> None:
    deadline = time.monotonic() + _START
    while not port.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            said = _text(output).strip().splitlines()
            raise HolterError(f"the proxy did not start: {said[-1] if said else 'it said nothing'}")
        time.sleep(_LOOK_EVERY)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _exports(output: Path) -> dict[str, str]:
    """Return the variables that a command prints to be pasted into a shell; of proxies, both spellings."""
    found = {name: "".join(shlex.split(value)) for name, value in _EXPORT.findall(_text(output))}
    return {**found, **{name.lower(): value for name, value in found.items() if name.endswith("_PROXY")}}


def _text(output: Path) -> str:
    return output.read_text(encoding="utf-8", errors="replace")
