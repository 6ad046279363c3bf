"""What a run of the proxy is asked, whatever the command: the way out, and what is told at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from holter import clientenv
from holter.errors import UsageError

if TYPE_CHECKING:
    from holter.cli.run import Ended, Run
    from holter.wayout import Parent

WAY = ("upstream", "connect_to", "upstream_ca", "upstream_proxy", "resign", "region", "host")
"""The settings of the way out."""


def way(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what a `Run` is asked of the way out; `UsageError` where that cannot be gone."""
    _readable("--upstream-ca", settings["upstream_ca"])
    _reverse_only(settings)
    return {
        "listen": settings["listen"],
        "port_file": settings["port_file"],
        "upstream": _upstream(settings["upstream"]),
        "upstream_ca": settings["upstream_ca"],
        "parent": _parent(settings["upstream_proxy"], settings["listen"]),
        "resign": settings["resign"],
        "region": settings["region"],
        "strict": settings["strict"],
        "hosts": settings["host"],
        "detours": settings["connect_to"],
    }


def _readable(option: str, path: str | None) -> None:
    if path and not os.path.isfile(path):
        raise UsageError(f"{option}: {path}: no such file")


def _upstream(url: str | None) -> str | None:
    if url is None:
        return None
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise UsageError(
            f"--upstream: {url!r} is no URL such as https://datapipeline.us-east-1.amazonaws.com"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _reverse_only(settings: dict[str, Any]) -> None:
    if settings["resign"] and not settings["upstream"]:
        raise UsageError(
            "--resign: only with --upstream: in forward mode the client's own signature stays valid"
        )
    if settings["region"] and not settings["resign"]:
        raise UsageError("--region: only with --resign")


def _parent(url: str | None, listen: tuple[str, int]) -> Parent | None:
    """Return the proxy to go out through: the one that is asked for, else the one of the environment."""
    if url == "direct":
        return None
    from holter import wayout  # a replay without a proxy has no way out

    named = ("--upstream-proxy", url) if url else wayout.chained(os.environ)
    if named is None:
        return None
    try:
        parent = wayout.parent(named[1])
    except ValueError as wrong:
        raise UsageError(f"{named[0]}: {wrong}; --upstream-proxy direct goes through none") from None
    if (parent.host, parent.port) == listen:
        raise UsageError(f"{named[0]}: names Holter's own address: unset it, or --upstream-proxy direct")
    return parent


def failed(asked: Run, ended: Ended) -> bool:
    """Tell what was missed, lost or went wrong, and whether that makes the run a failure."""
    recorder, calls = ended.recorder, ended.recorder.audit.calls
    if not calls:
        from holter.cli.unseen import why

        command = asked.command or ("the client",)
        # what a client has that we did not start is not known; one of a replay was given some
        keys = {} if asked.command and recorder.row.live else clientenv.NO_ACCOUNT
        line = why(command, {**os.environ, **keys}, ended.seen, reverse=asked.upstream is not None)
        asked.tell(f"holter: {line}")
    if recorder.lost or recorder.problem:
        now = recorder.problem or "it works again"
        asked.tell(f"holter: {recorder.lost} entries were lost while recording: {now}")
    missed = asked.command and not calls and (asked.strict or ended.seen.refused)
    return bool(missed or recorder.lost or recorder.problem or ended.failures)
