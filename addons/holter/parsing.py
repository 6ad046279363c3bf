"""How the text of an option becomes its value; `ValueError` says what it should have been."""

from __future__ import annotations

import shlex


def scale(text: str) -> float:
    """Read a positive factor."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ValueError(f"{text!r} is not a number above 0, such as 0.01")
    return value


def factor(text: str) -> float:
    """Read a factor that may be 0."""
    return 0.0 if text.strip() in ("0", "0.0") else scale(text)


def count(text: str) -> int:
    """Read a number from 1 up."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def seed(text: str) -> int | str:
    """Read a seed: a whole number as such, or any text."""
    if not text.strip():
        raise ValueError("a seed must not be empty")
    return int(text) if text.isascii() and text.isdecimal() else text


def member(text: str) -> str:
    """Read the name of a member, which is not empty."""
    if not text.strip():
        raise ValueError("a name must not be empty")
    return text.strip()


def ignored(text: str) -> tuple[str, tuple[str, ...]]:
    """Read OPERATION=PATH,...: the operation, and the paths into its request."""
    op, sign, paths = text.partition("=")
    if not sign or not op.strip():
        raise ValueError(f"{text!r} is not OPERATION=PATH,... such as PollForTask=hostname")
    return op.strip(), tuple(path.strip() for path in paths.split(",") if path.strip())


def address(text: str) -> tuple[str, int]:
    """Read HOST:PORT; port 0 means any free one."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8080")
    return host, int(port)


def detour(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """Read H1:P1:H2:P2: connections to H1:P1 go to H2:P2."""
    parts = text.split(":")
    if len(parts) != 4:
        raise ValueError(f"{text!r} is not HOST1:PORT1:HOST2:PORT2")
    return address(":".join(parts[:2])), address(":".join(parts[2:]))


def words(text: str) -> tuple[str, ...]:
    """Read a command and its arguments, quoted as in a shell; no shell ever sees them."""
    try:
        found = tuple(shlex.split(text))
    except ValueError as why:
        raise ValueError(f"{text!r} is not a command: {str(why).lower()}") from None
    if not found:
        raise ValueError("a command must not be empty")
    return found
