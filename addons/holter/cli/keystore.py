"""A trust store for Java, made by the JDK's own keytool."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from holter import clientenv
from holter.errors import UsageError

ALIAS = "holter"
_WITHIN = 60.0
_ROOTS = ("lib/security/cacerts", "jre/lib/security/cacerts")
"""Where a JDK keeps its public roots, seen from its home: since Java 9, and before."""


def keytool(environment: Mapping[str, str]) -> str | None:
    """Return the keytool of `JAVA_HOME`, else of the path, or None where there is no Java."""
    home = environment.get("JAVA_HOME")
    found = shutil.which("keytool", path=os.path.join(home, "bin")) if home else None
    return found or shutil.which("keytool", path=environment.get("PATH"))


def kept(authority: Path, environment: Mapping[str, str]) -> Path | None:
    """Return a store of what Java trusts already and Holter, kept beside the authority; None without Java.

    It is made anew when one of the two has changed. `UsageError` says why it cannot be made.
    """
    tool = keytool(environment)
    roots, password = clientenv.java_store(environment) or (_roots(tool), clientenv.STORE_PASSWORD)
    if tool is None or roots is None:
        return None
    try:
        state = os.stat(roots)
        print_ = hashlib.sha256(authority.read_bytes())
        print_.update(f"{os.path.realpath(roots)} {state.st_mtime_ns} {state.st_size}".encode())
        store = authority.parent / f"java-{print_.hexdigest()[:16]}.store"
        if not store.exists():
            make(tool, authority, store, roots=(roots, password))
    except OSError as why:
        raise UsageError(f"{roots}: cannot be made a trust store for Java: {why.strerror}") from None
    return store


def make(
    tool: str, authority: Path, store: Path, *, kind: str | None = None, roots: tuple[str, str] | None = None
) -> None:
    """Make a store of the authority, on top of `roots` (a store and its password) if given.

    It appears whole or not at all: several may make it at once.
    """
    with tempfile.TemporaryDirectory(dir=store.parent, prefix=".making-") as folder:
        fresh = Path(folder) / "store"
        password = clientenv.STORE_PASSWORD
        if roots:
            shutil.copyfile(roots[0], fresh)
            if roots[1] != password:
                _run(tool, "-storepasswd", fresh, roots[1], "-new", password)
        more = ("-storetype", kind) if kind else ()
        _run(
            tool, "-importcert", fresh, password, "-noprompt", "-alias", ALIAS, "-file", str(authority), *more
        )
        fresh.replace(store)


def _roots(tool: str | None) -> str | None:
    if tool is None:
        return None
    home = Path(tool).resolve().parent.parent
    return next((str(home / place) for place in _ROOTS if (home / place).is_file()), None)


def _run(tool: str, what: str, store: Path, password: str, *more: str) -> None:
    command = [tool, what, "-keystore", str(store), "-storepass", password, *more]
    clean = {name: value for name, value in os.environ.items() if name != clientenv.JAVA}
    try:
        ended = subprocess.run(
            command,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"{tool} {what} has not ended within {_WITHIN:g} s") from None
    if ended.returncode:
        said = " ".join(ended.stdout.split())
        raise UsageError(f"{tool} {what} failed: {said}")
