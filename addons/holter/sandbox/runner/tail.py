"""The end of a stream, kept in bounded memory."""

from __future__ import annotations


class Tail:
    """Keeps the last `limit` bytes that were fed to it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in more of the stream."""
        self._kept += data
        del self._kept[: -self._limit]

    def text(self) -> str:
        """Return the end of the stream as text; bytes that are not UTF-8 become U+FFFD."""
        return self._kept.decode("utf-8", "replace")
