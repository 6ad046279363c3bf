"""Which clients are run, over which paths, and what each of them needs."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

RUNNERS = Path(__file__).parent / "runners"
CACHE = Path(os.environ.get("HOLTER_CLIENTS") or Path(tempfile.gettempdir()) / "holter-clients")
HOST = "datapipeline.us-east-1.amazonaws.com"


@dataclass(frozen=True)
class Client:
    """A client: `made` is its folder in the cache, put there by `runners/install` from the file `source`."""

    name: str
    command: tuple[str, ...]
    made: str = ""
    source: str = ""
    heeds_endpoint: bool = False
    """Whether AWS_ENDPOINT_URL_DATA_PIPELINE leads it to Holter; otherwise it is told by its own option."""
    heeds_proxy: bool = True
    """Whether HTTPS_PROXY leads it to Holter; otherwise its program has to give it a proxy."""

    @property
    def missing(self) -> str:
        """Why it cannot run here; empty if it can."""
        mark = CACHE / self.made / "made-from"
        if not self.made or (mark.is_file() and mark.read_bytes() == (RUNNERS / self.source).read_bytes()):
            return ""
        return f"needs {self.name}, which tests/clients/runners/install puts into {CACHE}"

    @property
    def variables(self) -> dict[str, str]:
        """What it needs in its environment to be found."""
        return {
            "PATH": f"{CACHE / 'python' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "NODE_PATH": str(CACHE / "js" / "node_modules"),
            "AWS_REGION": "us-east-1",
            "PYTHONWARNINGS": "ignore",
        }


@dataclass(frozen=True)
class Road:
    """How a client comes to Holter."""

    mode: str
    scheme: str

    def __str__(self) -> str:
        return f"{self.mode}-{self.scheme}"


def _python(name: str, script: str, *, heeds_proxy: bool = True) -> Client:
    command = (str(CACHE / "python" / "bin" / "python"), str(RUNNERS / script))
    return Client(name, command, "python", "requirements.txt", heeds_endpoint=True, heeds_proxy=heeds_proxy)


def _wire(shape: str, *, heeds_endpoint: bool = False) -> Client:
    return Client(shape, (sys.executable, str(RUNNERS / "wire.py"), shape), heeds_endpoint=heeds_endpoint)


ROADS = tuple(Road(mode, scheme) for mode in ("forward", "reverse") for scheme in ("http", "https"))

INSTALLED = (
    _python("boto3", "boto.py"),
    Client("awscli", ("bash", str(RUNNERS / "awscli.sh")), "python", "requirements.txt", heeds_endpoint=True),
    Client(
        "js", ("node", str(RUNNERS / "js.cjs")), "js", "package.json", heeds_endpoint=True, heeds_proxy=False
    ),
    Client("go", (str(CACHE / "go" / "runner"),), "go", "go.go"),
    _python("capo", "capo.py", heeds_proxy=False),
)
"""The SDKs themselves."""

WRITTEN = (
    _wire("dart"),
    _wire("dotnet3"),
    _wire("dotnet4", heeds_endpoint=True),
    _wire("java1"),
    _wire("java2", heeds_endpoint=True),
)
"""What sends the bytes of SDKs that cannot be installed here."""

CLIENTS = (*INSTALLED, *WRITTEN)
