"""The page and the control API: a request in, a response out. Whoever has no token learns nothing."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TypeAlias
from urllib.parse import parse_qs, unquote

from holter.board import deeds, files
from holter.board.events import events
from holter.board.lag import Lag
from holter.board.live import Live
from holter.board.metrics import Metrics
from holter.board.opened import opened
from holter.board.state import rules, state
from holter.board.watch import KEPT, PINNED, Watch
from holter.endpoint.http import Given, HttpRequest, HttpResponse, HttpStream
from holter.errors import HolterError, MissingExtraError, UsageError
from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.report import json as report
from holter.report.page import encoded
from holter.wire.message import Json

_Query: TypeAlias = Mapping[str, list[str]]
_Found: TypeAlias = dict[str, Json] | Given | Awaitable[Given]
_Route: TypeAlias = Callable[["Api", _Query, str], _Found]

MOST_STREAMS = 16
"""Event streams that are served at once."""


class Api:
    """Answers for one run; the token is asked for with all that tells anything of it but `/healthz`."""

    def __init__(self, keeper: Keeper, watch: Watch, mode: Mode, token: str, lag: Lag | None = None) -> None:
        self._keeper, self._watch, self._mode, self._token = keeper, watch, mode, token
        self._session, self._audit = keeper.session, keeper.audit
        self._lag = lag or Lag()
        self._metrics: Metrics | None = None
        self.faults = FaultDesk(keeper, mode)
        self.live = Live(keeper, watch, self.faults)

    def __call__(self, request: HttpRequest) -> Given | Awaitable[Given]:
        """Answer a request: 403 without data for whoever may not ask, 400 or 404 with what is wrong."""
        path, _, query = request.path.partition("?")
        if not files.is_ours(request.headers.get("host")):
            return HttpResponse(403)
        if request.method in ("GET", "HEAD") and (found := self._open(path)):
            return found
        if not self._may(request):
            return HttpResponse(403)
        try:
            return self._found(request, path, parse_qs(query))
        except (HolterError, ValueError) as wrong:
            return answered(501 if isinstance(wrong, MissingExtraError) else 400, {"error": str(wrong)})

    def _found(self, request: HttpRequest, path: str, query: _Query) -> Given | Awaitable[Given]:
        if (request.method, path) == ("GET", "/metrics"):
            return self._measured(request.headers.get("accept", ""))
        routed = self._routed(request.method, path, query, request.body.decode("utf-8"))
        if routed is None:
            return answered(404, {"error": f"there is no {request.method} {path}"})
        return answered(200, routed) if isinstance(routed, dict) else routed

    def _open(self, path: str) -> HttpResponse | None:
        """Return what anybody may have: whether the run goes on, and the page without any data."""
        if path == "/healthz":
            lag, lost = round(self._lag.worst, 6), self._keeper.lost
            return answered(200, {"ok": not self._session.closed, "lag": lag, "lost": lost})
        return files.file(path)

    def _may(self, request: HttpRequest) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())

    def _measured(self, accept: str) -> HttpResponse:
        self._metrics = self._metrics or Metrics(self._keeper, self._watch, self._lag)
        text, kind = self._metrics.text(accept)
        return HttpResponse(200, text, (("Content-Type", kind), *files.GUARDED))

    def _routed(self, method: str, path: str, query: _Query, text: str) -> _Found | None:
        if (method, path) in ROUTES:
            return ROUTES[method, path](self, query, text)
        *before, last = path.split("/")
        if (method, before) == ("GET", ["", "v1", "calls"]):
            return self._opened(last)
        *before, name, deed = path.split("/")
        if (method, before) != ("POST", ["", "v1", "faults"]) or deed not in ("arm", "disarm", "fire"):
            return None
        if deed == "arm":
            return asdict(self.faults.arm(unquote(name), text))
        return asdict((self.faults.fire if deed == "fire" else self.faults.disarm)(unquote(name)))

    def _state(self, _query: _Query, _text: str) -> _Found:
        return state(self._keeper, self._watch, self.faults)

    def _rules(self, _query: _Query, _text: str) -> _Found:
        return rules(self.faults)

    def _added(self, _query: _Query, text: str) -> _Found:
        return asdict(self.faults.add(text))

    def _leases(self, _query: _Query, _text: str) -> _Found:
        return {"leases": [report.lease(lease, self._audit) for lease in self._audit.leases]}

    def _findings(self, _query: _Query, _text: str) -> _Found:
        found = (*self._audit.findings, *self._watch.open)
        return {"findings": [report.finding(one, {}) for one in found]}

    def _calls(self, query: _Query, _text: str) -> _Found:
        return {"calls": [opened(call, checks=False) for call in self._watch.calls(_after(query))]}

    def _opened(self, seq: str) -> _Found:
        number = _number("the call", seq)
        call = self._watch.call(number)
        return self._looked_up(number) if call is None else opened(call)

    async def _looked_up(self, seq: int) -> HttpResponse:
        """Return a call that is in the recording only."""
        try:
            call = await asyncio.to_thread(self._keeper.call, seq)
        except HolterError as why:
            return answered(400, {"error": str(why)})
        if call is None:
            return answered(404, {"error": _FORGOTTEN.format(seq)})
        return answered(200, opened(call))

    def _page(self, _query: _Query, _text: str) -> _Found:
        async def made() -> HttpResponse:
            return HttpResponse(200, encoded(await self.live.page()), _JSON)

        return made()

    def _report(self, _query: _Query, _text: str) -> _Found:
        async def made() -> HttpResponse:
            return HttpResponse(200, await self.live.report(), _HTML)

        return made()

    def _events(self, query: _Query, _text: str) -> _Found:
        if self.live.readers >= MOST_STREAMS:
            return answered(503, {"error": f"{MOST_STREAMS} event streams are open already: close one"})
        after = _after(query) if "after" in query else self._watch.journal.last
        typed = ("Content-Type", "text/event-stream; charset=utf-8")
        return HttpStream(200, events(self.live, after), (typed, *files.GUARDED))

    def _marked(self, _query: _Query, text: str) -> _Found:
        said = json.loads(text)
        note = said.get("text") if isinstance(said, dict) else None
        if not isinstance(note, str):
            raise UsageError('the body must be {"text": "..."}')
        deeds.note(self._keeper, note)
        return {"marked": note}

    def _pause(self, _query: _Query, _text: str) -> _Found:
        deeds.pause(self._keeper, self._mode)
        return {"paused": self._session.paused}

    def _resume(self, _query: _Query, _text: str) -> _Found:
        deeds.resume(self._keeper)
        return {"paused": self._session.paused}


ROUTES: Mapping[tuple[str, str], _Route] = {
    ("GET", "/v1/state"): Api._state,
    ("GET", "/v1/leases"): Api._leases,
    ("GET", "/v1/findings"): Api._findings,
    ("GET", "/v1/calls"): Api._calls,
    ("GET", "/v1/page"): Api._page,
    ("GET", "/v1/events"): Api._events,
    ("GET", "/v1/report.html"): Api._report,
    ("GET", "/v1/faults"): Api._rules,
    ("POST", "/v1/faults"): Api._added,
    ("POST", "/v1/marks"): Api._marked,
    ("POST", "/v1/pause"): Api._pause,
    ("POST", "/v1/resume"): Api._resume,
}
_FORGOTTEN = (
    f"call {{}} is kept nowhere: of what no recording has, the latest {KEPT} calls can be opened, "
    f"and {PINNED} that findings name"
)
_HTML = (("Content-Type", "text/html; charset=utf-8"), *files.GUARDED)
_JSON = (("Content-Type", "application/json"), *files.GUARDED)


def _after(query: _Query) -> int:
    return _number("after", query.get("after", ["0"])[-1])


def _number(what: str, said: str) -> int:
    if not (said.isascii() and said.isdecimal() and len(said) < 16):
        raise UsageError(f"{what}: {said!r} is not a number from 0 up")
    return int(said)


def answered(status: int, body: Json) -> HttpResponse:
    """Return an answer of one JSON value."""
    text = json.dumps(body, separators=(",", ":")) + "\n"
    return HttpResponse(status, text.encode(), _JSON)
