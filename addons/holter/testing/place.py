"""Where the cassettes of tests stand, and what they are called."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

FOLDER = "cassettes"
"""Beside a module of tests: the folder of their cassettes."""

_SAFE = "[]()+,=@ "
_LONGEST = 120


def default(module: Path, names: Sequence[str], *, root: Path, folder: str | None) -> str:
    """Return the path of a test's own cassette: `cassettes/MODULE/TEST.yaml`.

    `names` are the test's classes and its own name with its parameters. A folder that is asked for stands
    under the root, and repeats the folders of the tests: two modules of one name do not meet in it.
    """
    if folder is None:
        home = module.parent / FOLDER / module.stem
    else:
        at = module.relative_to(root) if module.is_relative_to(root) else Path(module.name)
        home = root / folder / at.with_suffix("")
    return shown(str(home / f"{safe('.'.join(names))}.yaml"))


def named(module: Path, path: str) -> str:
    """Return the path of a cassette that a test names, as seen from the test's own folder."""
    return shown(str(module.parent / path))


def safe(name: str) -> str:
    """Return a name that every file system takes; two names never become the same."""
    quoted = quote(name, safe=_SAFE, errors="surrogatepass")
    if len(quoted) <= _LONGEST:
        return quoted
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{quoted[: _LONGEST - 13]}-{mark}"


def shown(path: str) -> str:
    """Return a path as seen from the working folder where it is below that: short, and fit to be pasted."""
    seen = os.path.relpath(path)
    return path if seen.startswith("..") else seen
