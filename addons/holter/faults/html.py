"""A page of a proxy or load balancer in the way, instead of the service's answer."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from holter.faults.fault import EITHER, Kind, Making, Scene, answered
from holter.wire.decision import Decision
from holter.wire.message import Reply


@dataclass(frozen=True, slots=True)
class Html:
    """Answer with an HTML page of an HTTP status."""

    status: int = 500

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer the call."""
        return answered(so_far, Reply(self.status, page(self.status), (("Content-Type", "text/html"),)))


def page(status: int) -> bytes:
    """Return such a page."""
    known = {one.value: one.phrase for one in HTTPStatus}
    title = f"{status} {known.get(status, '')}".strip()
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n".encode()


def _make(said: Making) -> Html:
    return Html(said.value.status())


KIND = Kind(
    "html",
    "STATUS",
    "The call is answered with an HTML page of this HTTP status, as from a load balancer in between.",
    _make,
    stages=EITHER,
)
