"""Signatures that a service refuses because the client made them for Holter's address, as in reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from mitmproxy import http

from holter.mitm import convert, engine
from holter.wire.codec import error_code

_REFUSALS = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})


class Misaddressed:
    """Tells once what to do when a service refuses a signature that does not cover its own name."""

    name = "holter-misaddressed"

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._told = tell, False
        self._sent: WeakKeyDictionary[http.HTTPFlow, http.Response | None] = WeakKeyDictionary()
        """Calls that went to the service, with its own answer, which a fault may change later."""

    def request(self, flow: http.HTTPFlow) -> None:
        """Note a call that goes on to the service."""
        goes_on = flow.live and not flow.response and not flow.error
        if goes_on and not self._told and engine.is_reverse(flow.client_conn) and convert.is_call(flow):
            self._sent[flow] = None

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Note the service's own answer."""
        if flow in self._sent:
            self._sent[flow] = flow.response

    def response(self, flow: http.HTTPFlow) -> None:
        """Look at why a call was refused."""
        refusal = self._sent.pop(flow, None)
        if refusal is None or refusal.status_code < 400 or self._told:
            return
        code = error_code(convert.to_reply(refusal))
        signed_for, host = flow.request.host_header, flow.request.host
        if code in _REFUSALS and signed_for not in (host, f"{host}:{flow.request.port}"):
            self._told = True
            self._tell(
                f"holter: {host} refuses the client's signature ({code}), which was made for "
                f"{signed_for}: add --resign to have calls signed anew with your own credentials, or leave "
                "--upstream out: in forward mode the signature stays valid"
            )
