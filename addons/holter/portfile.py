"""Tells other programs the port that was taken."""

from __future__ import annotations

import os
import tempfile

from holter.errors import UsageError


def write(path: str | None, port: int) -> None:
    """Write the port and a newline to a file, whole or not at all; do nothing without a path."""
    if not path:
        return
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=os.path.dirname(os.path.abspath(path)), delete=False, encoding="ascii"
        ) as file:
            file.write(f"{port}\n")
        os.replace(file.name, path)
    except OSError as why:
        raise UsageError(f"--port-file: {path} cannot be written: {why.strerror}") from None
