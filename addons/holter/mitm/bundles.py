"""Certificates in files that last as long as a run: beside the authority, where a next run finds them."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holter.mitm.authority import held

_SUFFIX = ".pem"


@contextmanager
def kept(where: Path, pem: str) -> Iterator[str]:
    """Keep certificates in a file below the authority's folder while the block runs; yield its path.

    A run that was killed leaves its file behind: it is removed here. A file is locked by its run, for as
    long as that lives, so none that is in use is taken. `UsageError` tells that nothing can be kept there.
    """
    with held(where):
        folder = where / "runs"
        folder.mkdir(mode=0o700, exist_ok=True)
        _sweep(folder)
        descriptor, path = tempfile.mkstemp(_SUFFIX, dir=folder)
        file = os.fdopen(descriptor, "w", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(pem)
        file.flush()
    with file:  # it is gone before it is unlocked
        try:
            yield path
        finally:
            Path(path).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what nobody holds; the caller holds the folder."""
    for path in folder.glob(f"*{_SUFFIX}"):
        try:
            with open(path, encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
        except (BlockingIOError, FileNotFoundError):
            continue  # its run lives, or has just removed it
