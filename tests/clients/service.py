"""A sandbox that checks signatures as the service does, in the clear and within TLS."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from os import urandom
from pathlib import Path
from typing import Any

from holter.endpoint.answer import response
from holter.endpoint.http import HttpRequest, HttpResponse
from holter.endpoint.sandbox import SandboxHandler, running
from holter.endpoint.server import serving
from holter.endpoint.tls import context
from holter.lease.profilefile import named
from holter.sandbox import certificate, definitionfile
from holter.sandbox.service import Service
from holter.wire import signing
from holter.wire.codec import error_reply

KEYS = {"AKIDEXAMPLE": "secret"}


@dataclass
class Seen:
    """What came for one worker group: the headers that were signed, and the connections it came over."""

    signed: set[str] = field(default_factory=set)
    peers: set[str] = field(default_factory=set)


@dataclass
class Strict:
    """Lets calls with a good signature through to the sandbox, and notes how they came."""

    sandbox: SandboxHandler
    authority: Path
    ports: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    """By the worker group, of which `groups` has each task's."""
    groups: dict[str, str] = field(default_factory=dict)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        said = signing.Request(request.method, request.path, tuple(request.headers.items()), request.body)
        verdict = signing.verify(said, KEYS.get, datetime.now(UTC))
        if verdict is not None:
            self.refused.append(verdict)
            kind, _, message = verdict.partition(": ")
            return response(error_reply(kind, message), "refused")
        found = signing.read(said.header("authorization"))
        assert found is not None
        answer = await self.sandbox(request)
        self._note(request, json.loads(request.body), json.loads(answer.body or b"{}"), found.signed)
        return answer

    def _note(
        self, request: HttpRequest, asked: dict[str, str], told: dict[str, Any], signed: tuple[str, ...]
    ) -> None:
        group = asked.get("workerGroup") or self.groups[asked["taskId"]]
        if task := told.get("taskObject"):
            self.groups[task["taskId"]] = group
        seen = self.seen.setdefault(group, Seen())
        seen.signed.update(signed)
        seen.peers.add(request.peer)


@asynccontextmanager
async def strict(folder: Path, groups: Iterable[str]) -> AsyncIterator[Strict]:
    """Serve one task for each worker group, by the documented limits."""
    profile = named("documented")
    profile = replace(profile, limits=replace(profile.limits, poll=5.0))
    work = [
        {"id": f"Task{n}", "type": "ShellCommandActivity", "command": "true", "workerGroup": group}
        for n, group in enumerate(groups)
    ]

    def make(began: float) -> Service:
        service = Service(profile=profile, began=began, random_bytes=urandom, log=lambda _: None)
        for n, one in enumerate(work):
            service.start(0.0, f"pipeline-{n}", definitionfile.parse({"objects": [one]}))
        return service

    made = certificate.make(certificate.NAMES, datetime.now(UTC))
    authority = folder / "service-ca.pem"
    authority.write_bytes(made.authority)
    async with AsyncExitStack() as stack:
        handler = Strict(await stack.enter_async_context(running(make)), authority)
        for scheme, tls in (("http", None), ("https", context(made.chain, made.key))):
            handler.ports[scheme] = (await stack.enter_async_context(serving(handler, tls=tls))).port
        yield handler
