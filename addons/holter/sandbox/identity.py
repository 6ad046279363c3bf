"""Ids in the service's own form, from a source of random bytes that is given in."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable

_LETTERS = string.ascii_uppercase + string.digits


class Identity:
    """Fresh ids. `random_bytes(n)` gives n bytes: `os.urandom`, or a seeded generator's `randbytes`."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._bytes = random_bytes

    def task(self) -> str:
        """Return a taskId: opaque, some 900 characters with `+ / = :` (the API reference's samples)."""
        sealed, mac = base64.b64encode(self._bytes(670)), base64.b64encode(self._bytes(16))
        return f"{sealed.decode()}:{mac.decode()}:1"

    def pipeline(self) -> str:
        """Return a pipeline id: `df-` and 20 capitals and digits."""
        return "df-" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in self._bytes(20))
