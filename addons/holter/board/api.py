"""The control API: a request in, a response out. Whoever has no token learns nothing."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from holter import __version__
from holter.board.watch import Watch
from holter.cassette.fields import call_of
from holter.endpoint.http import HttpRequest, HttpResponse
from holter.errors import HolterError, UsageError
from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.report import json as report
from holter.wire.message import Interaction, Json, Mark, Nothing

_Found: TypeAlias = dict[str, Json]
_Route: TypeAlias = Callable[["Api", Mapping[str, list[str]], str], _Found]

_LONGEST_NOTE = 1000


class Api:
    """Answers for one run; the token is asked for with every request but `/healthz`."""

    def __init__(self, keeper: Keeper, watch: Watch, mode: Mode, token: str) -> None:
        self._keeper, self._watch, self._mode, self._token = keeper, watch, mode, token
        self._session, self._audit = keeper.session, keeper.audit
        self.faults = FaultDesk(keeper, mode)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request: 403 without data for whoever may not ask, 400 or 404 with what is wrong."""
        parts = urlsplit(request.path)
        if (request.method, parts.path) == ("GET", "/healthz"):
            return _json(200, {"ok": not self._session.closed})
        if not self._may(request):
            return HttpResponse(403)
        try:
            text = request.body.decode("utf-8")
            found = self._routed(request.method, parts.path, parse_qs(parts.query), text)
        except (HolterError, ValueError) as wrong:
            return _json(400, {"error": str(wrong)})
        if found is None:
            return _json(404, {"error": f"there is no {request.method} {parts.path}"})
        return _json(200, found)

    def _may(self, request: HttpRequest) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())

    def _routed(
        self, method: str, path: str, query: Mapping[str, list[str]], text: str
    ) -> dict[str, Json] | None:
        if (method, path) in _ROUTES:
            return _ROUTES[method, path](self, query, text)
        *before, name, deed = path.split("/")
        if (method, before) != ("POST", ["", "v1", "faults"]) or deed not in ("arm", "disarm", "fire"):
            return None
        if deed == "arm":
            return asdict(self.faults.arm(unquote(name), text))
        return asdict((self.faults.fire if deed == "fire" else self.faults.disarm)(unquote(name)))

    def _state(self, _query: Mapping[str, list[str]], _text: str) -> _Found:
        return {
            "version": 1,
            "by": f"holter {__version__}",
            "recording": self._keeper.recording,
            "paused": self._session.paused,
            "in_flight": self._session.in_flight,
            "calls": self._audit.calls,
            "leases": len(self._audit.open_leases),
            "findings": len(self._audit.findings) + len(self._watch.open),
            "faults": self.faults.armed,
            "lost": self._keeper.lost,
            "scale": self._audit.profile.scale,
        }

    def _rules(self, _query: Mapping[str, list[str]], _text: str) -> _Found:
        return {"seed": self.faults.seed, "rules": [asdict(row) for row in self.faults.rows()]}

    def _added(self, _query: Mapping[str, list[str]], text: str) -> _Found:
        return asdict(self.faults.add(text))

    def _leases(self, _query: Mapping[str, list[str]], _text: str) -> _Found:
        return {"leases": [report.lease(lease, self._audit) for lease in self._audit.leases]}

    def _findings(self, _query: Mapping[str, list[str]], _text: str) -> _Found:
        found = (*self._audit.findings, *self._watch.open)
        return {"findings": [report.finding(one, {}) for one in found]}

    def _calls(self, query: Mapping[str, list[str]], _text: str) -> _Found:
        after = query.get("after", ["0"])[-1]
        if not after.isdecimal():
            raise UsageError(f"after: {after!r} is not the number of a call")
        return {"calls": [_call(call) for call in self._watch.calls(int(after))]}

    def _marked(self, _query: Mapping[str, list[str]], text: str) -> _Found:
        said = json.loads(text)
        note = said.get("text") if isinstance(said, dict) else None
        if not isinstance(note, str) or not 0 < len(note) <= _LONGEST_NOTE:
            raise UsageError(f'the body must be {{"text": "..."}} of at most {_LONGEST_NOTE} characters')
        now = self._keeper.clock.now()
        self._session.mark(Mark("note", round(now.wall, 6), round(now.mono, 6), {"text": note}))
        return {"marked": note}

    def _pause(self, _query: Mapping[str, list[str]], _text: str) -> _Found:
        if self._mode is Mode.REPLAY:
            raise UsageError("a replay has no service to which calls could be passed on meanwhile")
        self._session.pause(self._keeper.clock.now())
        return {"paused": self._session.paused}

    def _resume(self, _query: Mapping[str, list[str]], _text: str) -> _Found:
        self._session.resume(self._keeper.clock.now())
        return {"paused": self._session.paused}


_ROUTES: Mapping[tuple[str, str], _Route] = {
    ("GET", "/v1/state"): Api._state,
    ("GET", "/v1/leases"): Api._leases,
    ("GET", "/v1/findings"): Api._findings,
    ("GET", "/v1/calls"): Api._calls,
    ("GET", "/v1/faults"): Api._rules,
    ("POST", "/v1/faults"): Api._added,
    ("POST", "/v1/marks"): Api._marked,
    ("POST", "/v1/pause"): Api._pause,
    ("POST", "/v1/resume"): Api._resume,
}


def _call(call: Interaction) -> Json:
    """Return a call as its recording has it; a body that is no JSON is left out."""
    bodies = {"request": call.request, "response": call.response}
    said = {name: body for name, body in bodies.items() if not isinstance(body, bytes | Nothing)}
    return {"call": call_of(call), **said}


def _json(status: int, body: Json) -> HttpResponse:
    text = json.dumps(body, separators=(",", ":")) + "\n"
    return HttpResponse(status, text.encode(), (("Content-Type", "application/json"),))
