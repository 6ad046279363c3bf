"""A server's TLS from PEM texts."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path


def context(chain: bytes, key: bytes) -> ssl.SSLContext:
    """Return a server's TLS context.

    Python's ssl reads keys from files only: the key lies for a moment in a file of mode 0600, in a
    directory of mode 0700, and is removed at once.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory(prefix="holter-") as folder:
        both = Path(folder) / "both.pem"
        descriptor = os.open(both, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key + chain)
        made.load_cert_chain(both)
    return made
