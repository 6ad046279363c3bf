"""The cassettes that a command is given: files, and folders of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from holter.errors import UsageError


def cassettes(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield every file, of a folder its `*.yaml` in order; `UsageError` where a folder holds none."""
    for path in paths:
        found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not found:
            raise UsageError(f"{path}: holds no cassette (*.yaml)")
        yield from found
