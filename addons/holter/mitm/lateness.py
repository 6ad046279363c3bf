"""Calls that a fault held back for longer than their signature lasts: the service will refuse them."""

from __future__ import annotations

from collections.abc import Callable

from mitmproxy import http

from holter.clock import Clock
from holter.mitm import convert
from holter.wire.signing import LIFE


class Lateness:
    """Tells once when a call goes out too late for its signature; stands behind the recorder."""

    name = "holter-lateness"

    def __init__(self, tell: Callable[[str], None], life: float = LIFE) -> None:
        self._tell, self._life = tell, life
        self._clock, self._told = Clock(), False

    def request(self, flow: http.HTTPFlow) -> None:
        """Look at how long a signed call that goes on was kept here."""
        kept = self._clock.now().wall - flow.request.timestamp_start
        goes_on = flow.live and not flow.response and not flow.error
        signed = convert.is_call(flow) and "authorization" in flow.request.headers
        if goes_on and signed and kept > self._life and not self._told:
            self._told = True
            self._tell(
                f"holter: {flow.request.pretty_host}: a call was held for {kept:.0f} s, and its signature "
                f"lasts {self._life:.0f} s: the service may refuse it; with --upstream and --resign it is "
                "signed anew"
            )
