"""Why a command has ended without a single Data Pipeline call: what is known, put into one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from holter.cli.keystore import keytool
from holter.cli.unready import keyless

NODE = {"node", "nodejs", "npm", "npx", "yarn", "pnpm", "tsx"}
JAVA = {"java", "gradle", "mvn"}
ENDPOINTS = ("AWS_ENDPOINT_URL_DATA_PIPELINE", "AWS_ENDPOINT_URL")

_HEEDS_PROXY = ((22, 21), (24, 5))
"""Node's releases from which its `https` heeds NODE_USE_ENV_PROXY: 22.21 in its line, 24.5 and later."""

_VERSION = re.compile(r"v(\d+)\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class Seen:
    """What passed the proxy besides calls."""

    connections: int = 0
    refused: Collection[str] = ()
    opened: Collection[str] = ()
    sealed: Collection[str] = ()


def why(command: Sequence[str], before: Mapping[str, str], seen: Seen, *, reverse: bool) -> str:
    """Return the line. It names the likeliest cause, and what to do."""
    cause = _refused(seen) or (
        _reverse(command, before, seen) if reverse else _forward(command, before, seen)
    )
    return f"no Data Pipeline call passed: {cause}"


def _refused(seen: Seen) -> str | None:
    if not seen.refused:
        return None
    return (
        f"the client refused Holter's certificate for {_listed(seen.refused)}: make it trust the authority "
        "(holter ca trust-help)"
    )


def _reverse(command: Sequence[str], before: Mapping[str, str], seen: Seen) -> str:
    if seen.opened:
        return f"what was asked of {_listed(seen.opened)} was no call of it"
    if seen.connections:
        return _SILENT
    deaf = (
        f"{command[0]} does not heed AWS_ENDPOINT_URL_DATA_PIPELINE: give it the endpoint by its own option"
    )
    return f"nothing connected to Holter, likely because {_keyless(command, before)}{deaf}"


def _forward(command: Sequence[str], before: Mapping[str, str], seen: Seen) -> str:
    if endpoint := _endpoint(before):
        name, url = endpoint
        return f"likely because {name} leads it to {url}: unset it, or record with --upstream {url}"
    if seen.opened or seen.sealed:
        return f"the client does heed the proxy, but asked only for {_listed({*seen.opened, *seen.sealed})}"
    if seen.connections:
        return _SILENT
    return f"nothing connected to the proxy, likely because {_keyless(command, before)}{_deaf(command)}"


_SILENT = "a client connected and asked for nothing"


def _keyless(command: Sequence[str], before: Mapping[str, str]) -> str:
    """Say what comes before all else, if it does: a client without credentials fails before it connects."""
    if not keyless(before):
        return ""
    return (
        f"{command[0]} found no credentials to sign with (none are in the environment or in ~/.aws): set "
        "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or else because "
    )


def _endpoint(before: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the variable that leads this service elsewhere, and where to."""
    if before.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    found = next(((name, before[name]) for name in ENDPOINTS if before.get(name)), None)
    host = urlsplit(found[1]).hostname if found else None
    return found if host and not host.startswith("datapipeline") else None


def _deaf(command: Sequence[str]) -> str:
    """Say why this command, of all, would not heed a proxy."""
    name = os.path.basename(command[0]).removesuffix(".exe")
    if name in NODE:
        return _node(shutil.which(command[0] if name in ("node", "nodejs") else "node"))
    if name in JAVA and keytool(os.environ) is None:
        return "Java is not led through it where there is no keytool (JAVA_HOME, PATH) to make a trust store"
    return (
        f"{command[0]} makes no such call, or has a transport of its own that heeds no HTTPS_PROXY (Node's "
        "AWS SDK, some Go programs): give it a proxy by its own option, or record with --upstream"
    )


def _node(path: str | None) -> str:
    version = node_version(path) if path else None
    if version and not heeds_proxy(version):
        known = f"Node {version[0]}.{version[1]} does not know NODE_USE_ENV_PROXY (from 22.21 and 24.5 on)"
    else:
        known = "an agent of its own, such as the AWS SDK's, heeds no NODE_USE_ENV_PROXY"
    return f"{known}: give the client a proxy agent, or record with --upstream"


def node_version(path: str) -> tuple[int, int] | None:
    """Return a Node's version, or None if it does not tell."""
    try:
        told = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.match(told)
    return (int(found[1]), int(found[2])) if found else None


def heeds_proxy(version: tuple[int, int]) -> bool:
    """Tell whether this Node's own `https` can be led through a proxy by the environment."""
    own_line, newer = _HEEDS_PROXY
    return version >= newer or own_line <= version < (own_line[0] + 1, 0)


def _listed(hosts: Collection[str]) -> str:
    names = sorted(hosts)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
