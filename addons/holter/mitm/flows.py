"""Flow files, as `mitmdump -w` writes them, read one flow at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BufferedReader

from mitmproxy import http
from mitmproxy.io import FlowReader

from holter.conversion import Exchange
from holter.errors import CassetteError
from holter.mitm.convert import is_call, to_call, to_reply, who_broke
from holter.wire.message import Broken, Moment


class Flows:
    """A flow file that can be gone through any number of times.

    After a pass, `skipped` is the number of flows that are no Data Pipeline calls, and `torn` says what was
    left out at the end of a file that was cut short. `position` is how far the pass has come, in bytes.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = os.path.getsize(path)
        self.skipped = 0
        self.torn: str | None = None
        self.position = 0

    def __iter__(self) -> Iterator[Exchange]:
        """Yield the calls in the order of the file; `CassetteError` names the flow that cannot be read."""
        self.skipped, self.torn, count = 0, None, 0
        try:
            with open(self.path, "rb") as file:
                flows = iter(FlowReader(file).stream())
                while flow := self._next(file, flows, count):
                    count += 1
                    exchange = _exchange(flow) if isinstance(flow, http.HTTPFlow) else None
                    self.skipped += exchange is None
                    if exchange:
                        yield exchange
        except OSError as why:
            raise CassetteError(f"{self.path}: cannot be read: {why.strerror}") from None

    def _next(self, file: BufferedReader, flows: Iterator[object], count: int) -> object | None:
        """Return the next flow, or None at the end; one that claims more than there is was cut short."""
        self.position = file.tell()
        said = f"{self.path}: flow {count + 1}, from byte {self.position} on,"
        if count and self._is_cut(file):
            self.torn = f"{said} is torn, left out"
            return None
        try:
            if self._is_cut(file):
                raise ValueError
            return next(flows, None)
        except Exception:  # noqa: BLE001 - mitmproxy raises whatever a damaged flow leads it to
            raise CassetteError(f"{said} cannot be read: damaged, or no flow file") from None

    def _is_cut(self, file: BufferedReader) -> bool:
        """Tell whether the flow that begins here is longer than the file: its length stands before it."""
        length, colon, _ = file.peek(16)[:16].partition(b":")
        if not colon:
            return length.isdigit()
        end = self.position + len(length) + 1 + int(length) + 1 if length.isdigit() else 0
        return end > self.size


def _exchange(flow: http.HTTPFlow) -> Exchange | None:
    if flow.is_replay or not is_call(flow):
        return None
    start = flow.request.timestamp_start
    call = to_call(flow, Moment(start, 0.0))
    if call is None:
        return None
    response = flow.response
    if response is None:
        broken = who_broke(flow) if flow.error else Broken.UNFINISHED
        last = flow.error.timestamp if flow.error else flow.request.timestamp_end or start
        return Exchange(call, None, broken, None, max(start, last))
    first = response.timestamp_start or response.timestamp_end or start
    return Exchange(call, to_reply(response), None, first, max(first, response.timestamp_end or first))
