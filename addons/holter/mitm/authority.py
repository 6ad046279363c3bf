"""The certificate authority under which Holter looks into a runner's connections to Data Pipeline."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import certifi
import platformdirs
from mitmproxy.certs import CertStore

from holter.errors import UsageError

NAME = "mitmproxy"
_KEY_BITS = 2048


def folder() -> Path:
    """Return where the authority is kept: `$HOLTER_HOME/ca`, else in the user's data folder."""
    home = os.environ.get("HOLTER_HOME")
    return (Path(home) if home else Path(platformdirs.user_data_dir("holter", appauthor=False))) / "ca"


def prepare(where: Path) -> Path:
    """Make the authority unless it is there, once even under parallel starts; return its certificate."""
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(where / ".lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (_key(where).exists() and _certificate(where).exists()):
                _make(where)
            CertStore.from_store(where, NAME, _KEY_BITS)
    except OSError as why:
        raise UsageError(
            f"{where}: cannot keep the certificate authority there ({why.strerror}): set HOLTER_HOME"
        ) from None
    except ValueError:
        raise UsageError(f"{where}: the certificate authority there is damaged: remove the folder") from None
    return _certificate(where)


def _key(where: Path) -> Path:
    return where / f"{NAME}-ca.pem"


def _certificate(where: Path) -> Path:
    return where / f"{NAME}-ca-cert.pem"


def _make(where: Path) -> None:
    """Make the authority beside its place and move it there, the key last: a kill leaves none, not half."""
    _key(where).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=where, prefix=".making-") as fresh:
        CertStore.create_store(Path(fresh), NAME, _KEY_BITS)
        for path in sorted(Path(fresh).iterdir(), key=lambda path: path.name == _key(where).name):
            path.replace(where / path.name)


def bundle(authority: Path, already: Iterable[str]) -> str:
    """Return the PEM of all that a client is to trust: public roots, what it trusted already, and Holter.

    The public roots are always in it: the variables that name the bundle are also read by programs that
    trusted just these until now. A file that is not there was of no use to the client either.
    """
    named = [path for path in already if Path(path).is_file()]
    texts = (_pem(path) for path in (certifi.where(), *named, str(authority)))
    return "".join(text.rstrip() + "\n" for text in texts)


def _pem(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"{path}: cannot be read as PEM certificates: {why}") from None
