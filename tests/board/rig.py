"""A trial with a plan and the control API on it, asked as a client asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

from tests.faults.scenes import BEAT, text
from tests.told import Kept, Told

from holter.board.api import Api
from holter.board.watch import Watch
from holter.endpoint.http import Given, HttpRequest, HttpResponse
from holter.faults.planfile import parse
from holter.faults.plans import Mode
from holter.lease.profile import DOCUMENTED
from holter.trial import Trial
from holter.wire.codec import answer
from holter.wire.decision import Decision, Forward
from holter.wire.message import Call, Mark

TOKEN = "secret"
RULE = "when: {op: ReportTaskProgress, nth: 2}, then: {cancel: true, stage: after}, expect: {no_status: true}"


async def _answer(given: Awaitable[Given]) -> HttpResponse:
    found = await given
    assert isinstance(found, HttpResponse), found
    return found


class Taking(Kept):
    """A tape that takes marks."""

    def __init__(self, marks: list[Mark]) -> None:
        super().__init__()
        self._marks = marks

    def mark(self, mark: Mark) -> bool:
        self._marks.append(mark)
        return True


class Rig:
    """A run of calls and an API over it."""

    def __init__(self, *rules: str, mode: Mode = Mode.SANDBOX) -> None:
        self.told = Told()
        self.watch = Watch(self.told)
        self.trial = Trial(parse(text(*(rules or (RULE,))), "p"), DOCUMENTED.scaled(0.5), self.watch)
        self.watch.follow(self.trial.audit.timeline)
        self.api = Api(self.trial, self.watch, mode, TOKEN)
        self.marks: list[Mark] = []
        self.trial.session.tape = Taking(self.marks)

    def raw(self, method: str, path: str, body: str = "", token: str | None = TOKEN) -> HttpResponse:
        given = self.given(method, path, body, token)
        if not isinstance(given, HttpResponse):
            assert isinstance(given, Awaitable), given
            given = asyncio.run(_answer(given))
        return given

    def given(
        self, method: str, path: str, body: str = "", token: str | None = TOKEN, host: str = "localhost"
    ) -> Given | Awaitable[Given]:
        headers = {"host": host} | ({"authorization": f"Bearer {token}"} if token is not None else {})
        return self.api(HttpRequest(method, path, headers, body.encode(), "127.0.0.1:1", 0.0))

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        said = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        response = self.raw(method, path, said)
        assert response.status == status, response
        return json.loads(response.body)

    def beat(self, key: int = 1) -> Decision:
        session, now = self.trial.session, self.trial.clock.now()
        decision = session.on_call(key, Call(BEAT, {"taskId": "real-1"}, now, peer="10.0.0.1:1"))
        if isinstance(decision, Forward):
            return session.on_reply(key, answer({"canceled": False}), now.mono, now.mono)
        return decision
