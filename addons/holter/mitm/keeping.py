"""A bound on the calls in mitmproxy's list of flows, which by itself grows until the memory is full."""

from __future__ import annotations

from collections import OrderedDict

from mitmproxy import http

from holter.mitm import engine
from holter.mitm.convert import is_call


class Keeping:
    """Takes the oldest calls that have ended off the list; what is marked stays until a bound of its own.

    `limit` is how many calls stay, and how many marked ones besides; None keeps all.
    """

    name = "holter-keeping"

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._marked: OrderedDict[str, None] = OrderedDict()

    def response(self, flow: http.HTTPFlow) -> None:
        """Take in that a flow has got its answer."""
        self._end(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """Take in that a flow has broken."""
        self._end(flow)

    def _end(self, flow: http.HTTPFlow) -> None:
        if self.limit is None or not engine.lists_flows() or not is_call(flow):
            return
        self._ended[flow.id] = None
        for _ in range(len(self._ended) - self.limit):  # each is looked at once: some must wait
            self._pass(self._ended.popitem(last=False)[0])
        while len(self._marked) > self.limit:
            if kept := engine.listed(self._marked.popitem(last=False)[0]):
                engine.unlist(kept)

    def _pass(self, flow_id: str) -> None:
        """Take a flow off the list, if the user has not and it is neither marked nor on its way still."""
        flow = engine.listed(flow_id)
        if flow is None:
            return
        if flow.live:  # the list kills what it lets go of, and with it the answer
            self._ended[flow_id] = None
        elif flow.marked:
            self._marked[flow_id] = None
        else:
            engine.unlist(flow)
