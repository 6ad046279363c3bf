"""Reverse mode's requests signed anew: for the service's own host, with the user's own credentials."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mitmproxy import http

from holter.mitm import convert
from holter.mitm.addon import Proxy
from holter.mitm.hosts import region_of
from holter.wire import signing
from holter.wire.signing import Keys


@dataclass(frozen=True, slots=True)
class Signer:
    """With what requests are signed: `host` as the service knows itself, `region` if the user chose one."""

    keys: Callable[[], Keys]
    host: str
    region: str | None = None


class Resigner:
    """Signs what is about to go out; stands behind the recorder, which sees what the client sent."""

    name = "holter-resign"

    def __init__(self, signer: Signer, recorder: Proxy, tell: Callable[[str], None]) -> None:
        self._signer = signer
        self._recorder = recorder
        self._tell = tell
        self._told: set[str] = set()

    async def request(self, flow: http.HTTPFlow) -> None:
        """Sign a call; one that cannot be signed is broken, for the service would refuse it."""
        if flow.response or flow.error or not flow.live or not convert.is_call(flow):
            return
        try:
            keys = await asyncio.to_thread(self._signer.keys)
        except signing.CredentialsError as why:
            self._fail(flow, f"--resign: {why}")
        else:
            self._sign(flow, keys)

    def _sign(self, flow: http.HTTPFlow, keys: Keys) -> None:
        asked = flow.request
        region = self._region(asked.headers.get("authorization"))
        if region is None:
            self._fail(
                flow, "--resign: neither the call nor the service's name tells a region: give --region"
            )
            return
        body = asked.raw_content or b""
        request = signing.Request(asked.method, asked.path, convert.headers(asked.headers), body)
        signed = signing.sign(request, keys, host=self._signer.host, region=region, now=datetime.now(UTC))
        asked.headers = http.Headers(
            [(name.encode("latin-1"), value.encode("utf-8", "surrogateescape")) for name, value in signed]
        )
        asked.host_header = self._signer.host

    def _region(self, authorization: str | None) -> str | None:
        before = signing.read(authorization)
        told = before.scope.region if before else None
        return self._signer.region or told or region_of(self._signer.host)

    def _fail(self, flow: http.HTTPFlow, why: str) -> None:
        self._recorder.give_up(flow)
        if why not in self._told:
            self._told.add(why)
            self._tell(" ".join(why.split()))
