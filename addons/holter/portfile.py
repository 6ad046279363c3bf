"""Tells other programs the port that was taken."""

from __future__ import annotations

import contextlib
import os

from holter.errors import UsageError


def write(path: str | None, port: int) -> None:
    """Write the port and a newline to a file, whole or not at all; do nothing without a path."""
    if not path:
        return
    try:
        _put(path, f"{port}\n")
    except OSError as why:
        raise UsageError(f"--port-file: {path} cannot be written: {why.strerror}") from None


def _put(path: str, text: str) -> None:
    import tempfile  # which brings much with it, and most runs are not asked for a port file

    descriptor, name = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
