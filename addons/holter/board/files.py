"""The page's own files, which hold no data: anybody on this machine may have them, and no other site."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from holter.endpoint.http import HttpResponse
from holter.wire.message import Headers

PAGE = Path(__file__).parent / "page"
"""Where they lie."""

GUARDED: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
"""What every answer says: it is what it says it is, leaves no trace elsewhere, and is kept nowhere."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do: run and draw what comes from here, and talk to nobody else."""

_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
_PART = re.compile(r"/page/([a-z0-9][a-z0-9_-]*\.(js|css|svg))")


def is_ours(host: str | None) -> bool:
    """Tell whether a Host header names this machine; a name that another site leads here does not."""
    try:
        name = urlsplit(f"//{host or ''}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    return is_ours(f"[{host}]" if ":" in host else host)


def file(path: str, folder: Path | None = None) -> HttpResponse | None:
    """Return the page, or a part of it."""
    part = _PART.fullmatch(path)
    if path != "/" and part is None:
        return None
    name, kind = (part[1], part[2]) if part else ("index.html", "html")
    try:
        body = ((folder or PAGE) / name).read_bytes()
    except FileNotFoundError:
        return None
    typed = ("Content-Type", f"{_TYPES[kind]}; charset=utf-8")
    return HttpResponse(200, body, (typed, *GUARDED, ("Content-Security-Policy", POLICY)))
