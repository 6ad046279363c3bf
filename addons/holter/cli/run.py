"""One run of the proxy around a command, or until interrupted."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from holter import clientenv, handles, portfile
from holter.board.serve import Board, controlled
from holter.cli import keystore, shells
from holter.cli.alarm import Alarm
from holter.cli.child import Signals
from holter.cli.unseen import Seen
from holter.cli.views import Plain, View
from holter.errors import MissingExtraError, UsageError
from holter.faults.plans import Mode as FaultMode
from holter.receivers import Listener
from holter.recorder import Recorder, Recording
from holter.replayer import Replay, Replayer
from holter.wayout import Parent

if TYPE_CHECKING:
    from holter.mitm.addon import Proxy
    from holter.mitm.traffic import Traffic

SETTLE = 1.0
"""Seconds that calls of a command that has ended are given to be seen as ended too."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of a run; the settings of the same names tell more.

    With a `replay`, calls are answered from its cassettes, and recorded where its mode says so.
    `environment` is added to the command's own, `output` takes what it writes instead of our own streams,
    `home` is where the certificate authority is kept, `parent` the proxy to go out through.
    """

    recording: Recording
    listener: Listener
    tell: Callable[[str], None]
    replay: Replay | None = None
    listen: tuple[str, int] = ("127.0.0.1", 0)
    port_file: str | None = None
    upstream: str | None = None
    upstream_ca: str | None = None
    parent: Parent | None = None
    resign: bool = False
    region: str | None = None
    strict: bool = False
    hosts: tuple[str, ...] = ()
    detours: tuple[tuple[tuple[str, int], tuple[str, int]], ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    output: IO[str] | None = None
    home: Path | None = None
    board: Board | None = None
    alarm: Alarm | None = None
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: the command's exit code, how often something of ours failed, what else passed."""

    recorder: Recorder | Replayer
    code: int
    failures: int
    seen: Seen


async def run(asked: Run) -> Ended:
    """Run the proxy around the command, or until interrupted."""
    try:
        from holter.mitm import authority, bundles, engine
        from holter.mitm.addon import Proxy
        from holter.mitm.hosts import Hosts
        from holter.mitm.launch import Launch, proxy
        from holter.mitm.traffic import Traffic
    except ModuleNotFoundError as missing:
        what = "holter replay --proxy" if asked.replay else "holter record"
        raise MissingExtraError(what, "proxy", missing.name or "mitmproxy") from None
    hosts = Hosts([*asked.hosts, *(name for (name, _), _ in asked.detours)])
    addon, traffic = (
        Proxy(hosts=hosts, detours=asked.detours, strict=asked.strict),
        Traffic(hosts, handles.raised(), asked.tell),
    )
    others = [*_offline(asked, addon), traffic, *_others(asked, addon)]
    already = clientenv.trusted(os.environ)
    with Signals() as signals, ExitStack() as files:
        certificate = _authority(asked, files)
        home = certificate.parent
        trust = asked.upstream_ca or files.enter_context(bundles.kept(home, authority.roots(already)))
        if asked.command:
            bundle = files.enter_context(bundles.kept(home, authority.bundle(certificate, already)))
        else:
            bundle = str(authority.keep_bundle(certificate, already))
        store = None if asked.upstream else _store(certificate, asked.tell)
        launch = Launch(asked.listen, certificate, asked.upstream, trust, asked.parent)
        async with AsyncExitStack() as after, proxy(addon, launch, asked.tell, *others) as (host, port):
            recorder = _opened(asked, engine.description())
            addon.record(recorder, asked.listener)
            if recorder.plans.rules:
                asked.tell(f"holter: faults are armed, drawn by seed {recorder.plans.seed}")
            address = f"http://{host}:{port}"
            if asked.upstream:
                environment = clientenv.reverse(address, os.environ)
            else:
                environment = led(address, bundle, store, asked.hosts)
            if not recorder.row.live:
                environment |= clientenv.NO_ACCOUNT
            # the board goes last: it tells that the run has ended
            await after.enter_async_context(controlled(asked.board, recorder, _faults(recorder)))
            code = await _serve(asked, signals, recorder, environment, port)
            await _settled(addon)
            if asked.command:
                recorder.session.exited(code, addon.clock.now())
    return Ended(recorder, code, addon.failures, _seen(traffic))


def _authority(asked: Run, files: ExitStack) -> Path:
    """Return the certificate of the authority, and tell if it ends soon.

    In reverse mode clients speak in the clear, as a rule: where none can be kept, one for this run will do.
    """
    from holter.mitm import authority

    try:
        certificate = authority.prepare(asked.home or authority.folder())
    except UsageError:
        if not asked.upstream:
            raise
        folder = files.enter_context(tempfile.TemporaryDirectory(prefix="holter-"))
        certificate = authority.prepare(Path(folder))
    if soon := authority.ending(certificate):
        asked.tell(f"holter: {soon}")
    return certificate


def _faults(recorder: Recorder | Replayer) -> FaultMode:
    return FaultMode.PROXY if recorder.row.live else FaultMode.REPLAY


def _opened(asked: Run, engine: str) -> Recorder | Replayer:
    recording = replace(asked.recording, engine=engine, service=_service(asked))
    if asked.replay:
        return Replayer(asked.replay, asked.listener, recording)
    return Recorder(recording, asked.listener)


def _offline(asked: Run, addon: Proxy) -> Iterator[object]:
    """Yield what keeps a replay on this machine; it comes right behind the addon itself."""
    from holter.mitm.offline import Offline

    if asked.replay:
        yield Offline(addon, asked.tell)


def _others(asked: Run, recorder: Proxy) -> Iterator[object]:
    """Yield the addons that this run needs behind the recorder."""
    from holter.mitm.lateness import Lateness
    from holter.mitm.misaddressed import Misaddressed
    from holter.mitm.parent import Chain
    from holter.mitm.resign import Resigner, Signer
    from holter.wire import signing

    if asked.resign:
        try:
            keys = signing.chain()
        except signing.CredentialsError as why:
            raise UsageError(f"--resign: {why}") from None
        if keys is None:
            raise UsageError(
                "--resign: botocore finds no credentials here: set AWS_PROFILE or AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, or log in (aws sso login)"
            )
        yield Resigner(Signer(keys, _service(asked), asked.region), recorder, asked.tell)
    else:
        yield Lateness(asked.tell)
        yield Misaddressed(asked.tell)
    if asked.parent:
        detoured = (name for (name, _), _ in asked.detours)
        yield Chain(asked.parent, clientenv.no_proxy(os.environ), detoured)


def _seen(traffic: Traffic) -> Seen:
    return Seen(traffic.connections, traffic.refused, traffic.opened, traffic.sealed)


def _service(asked: Run) -> str:
    return urlsplit(asked.upstream or "").netloc


def _store(certificate: Path, tell: Callable[[str], None]) -> Path | None:
    """Return the trust store for Java; where it cannot be made, only Java clients go without."""
    try:
        return keystore.kept(certificate, os.environ)
    except UsageError as why:
        tell(f"holter: Java clients are not led through the proxy: {why}")
        return None


def led(address: str, bundle: str, store: Path | None, hosts: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the variables that lead a client through the forward proxy; Java too, if it has a store."""
    found = clientenv.forward(address, bundle, os.environ, hosts)
    if store:
        before = os.environ.get(clientenv.JAVA, "")
        found[clientenv.JAVA] = f"{before} {clientenv.java(found, str(store))}".strip()
    return found


async def _serve(
    asked: Run, signals: Signals, recorder: Recorder | Replayer, environment: dict[str, str], port: int
) -> int:
    if asked.command:
        portfile.write(asked.port_file, port)
        asked.tell(f"holter: {_doing(asked)}")
        return await signals.run(asked.command, {**environment, **dict(asked.environment)}, asked.output)
    start = shells.exports(environment)
    view = asked.view or Plain(asked.tell)
    view.tell(f"holter: {_doing(asked)} until interrupted; start the runner with")
    for line in start:
        view.tell(f"  {line}")
    async with view.shown(recorder, _faults(recorder), _doing(asked), start):
        portfile.write(asked.port_file, port)
        await signals.ended.wait()
    return 0


def _doing(asked: Run) -> str:
    if asked.replay is None:
        return f"recording to {asked.recording.path}"
    return f"playing {', '.join(asked.replay.paths)} (--mode {asked.replay.mode})"


async def _settled(addon: Proxy) -> None:
    """Wait until the calls of a command that has ended are seen as ended, but not for ever."""
    deadline = addon.clock.now().mono + SETTLE
    while addon.session and addon.session.in_flight and addon.clock.now().mono < deadline:
        await asyncio.sleep(0.01)
