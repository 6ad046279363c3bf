"""The way out: the proxy that led to AWS until now, and the hosts that are reached without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from holter.clientenv import entries, host_of


@dataclass(frozen=True, slots=True)
class Parent:
    """A proxy through which Holter itself goes out; `credentials` are user:password."""

    scheme: str
    host: str
    port: int
    credentials: str | None = field(default=None, repr=False)


def parent(text: str) -> Parent:
    """Read a proxy's URL; without a scheme it is http, as curl reads it. `ValueError` says what is wrong.

    The text is not repeated in the error: it may hold a password.
    """
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise ValueError("no URL of a proxy: its host or port cannot be read") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"a {parts.scheme}:// proxy cannot be gone through, only http:// and https://")
    if not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("no URL of a proxy, such as http://user:password@proxy.example.com:3128")
    user = parts.username
    secret = None if user is None else f"{unquote(user)}:{unquote(parts.password or '')}"
    return Parent(parts.scheme, parts.hostname, port, secret)


def chained(before: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the variable that names the proxy through which AWS is reached until now, and its value."""
    names = ("https_proxy", "HTTPS_PROXY")
    return next(((name, before[name]) for name in names if before.get(name)), None)


def bypasses(host: str, direct: str) -> bool:
    """Tell whether a NO_PROXY of this text sends a host past the proxy."""
    name = host.lower().rstrip(".")
    listed = [entry.lower() for entry in entries(direct)]
    bare = [host_of(entry).removeprefix("*").lstrip(".") for entry in listed]
    return "*" in listed or any(name == entry or name.endswith(f".{entry}") for entry in bare if entry)
