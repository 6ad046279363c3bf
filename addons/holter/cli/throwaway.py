"""TLS that is good for one run: a certificate and its authority, made at the start."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from holter.endpoint.tls import context
from holter.errors import UsageError
from holter.sandbox import certificate


@dataclass(frozen=True, slots=True)
class Secured:
    """The server's TLS, and the file that holds its authority."""

    tls: ssl.SSLContext
    bundle: str


@contextmanager
def secured(names: tuple[str, ...], ca_file: str | None) -> Iterator[Secured]:
    """Make the certificate; without --ca-file its authority lies in a file that goes with the sandbox."""
    made = certificate.make((*certificate.NAMES, *names), datetime.now(UTC))
    tls = context(made.chain, made.key)
    if ca_file is not None:
        _write_at_once(ca_file, made.authority)
        yield Secured(tls, str(Path(ca_file).resolve()))
        return
    with tempfile.TemporaryDirectory(prefix="holter-") as folder:
        bundle = str(Path(folder) / "ca.pem")
        _write_at_once(bundle, made.authority)
        yield Secured(tls, bundle)


def _write_at_once(file: str, data: bytes) -> None:
    """Write a file so that nobody ever reads a part of it."""
    try:
        with tempfile.TemporaryDirectory(dir=Path(file).parent, prefix=".holter-") as folder:
            fresh = Path(folder) / "fresh"
            fresh.write_bytes(data)
            fresh.replace(file)
    except OSError as why:
        raise UsageError(f"{file} cannot be written: {why.strerror}") from None
