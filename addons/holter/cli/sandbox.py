"""`holter sandbox`: a Data Pipeline on this machine that keeps leases."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import click

from holter import expected, handles, portfile
from holter.board.serve import Board, controlled
from holter.cli import throwaway
from holter.cli.options import boarded, options, planned
from holter.cli.views import Plain, View, chosen
from holter.endpoint import faulted
from holter.endpoint.http import Handler
from holter.endpoint.sandbox import SandboxHandler, running
from holter.endpoint.server import serving
from holter.errors import ConfigError, UsageError
from holter.faults.plans import Mode
from holter.lease.profile import Profile
from holter.lease.profilefile import named
from holter.parsing import scale as positive
from holter.report.lines import Lines
from holter.sandbox import definitionfile, truth
from holter.sandbox.definition import Definition
from holter.sandbox.service import Service
from holter.trial import Trial
from holter.wire.message import Interaction, Json

_HELP = """Serve AWS Data Pipeline on this machine, leases and all.

Task runners poll it for work, and lose their leases to the documented limits. Put work in with
--definition, or with the control plane: aws datapipeline create-pipeline, put-pipeline-definition,
activate-pipeline, and so on. Any credentials are accepted.

Two paths are outside the protocol: GET /-/state tells pipelines, leases and queues as JSON, and POST
/-/terminate makes the service ask runners to leave ({"taskrunnerId": "..."}, or no body for all).

A fault plan is carried out as in front of a live service, but what the sandbox can do itself it does: a
lease that is lost is really lost, and its attempt goes out again under a new taskId. Calls that a fault had
a hand in are told as they end; where a runner missed what the plan expects, the exit code is 1.

On a terminal a live board shows its leases, and a report of them follows at the end.

--log writes what the service decided as JSON lines: the truth to hold a recording against.
"""


@dataclass(frozen=True, slots=True)
class _Work:
    """A definition that is put and activated at the start."""

    name: str
    definition: Definition


def _seconds(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | None:
    try:
        return None if value is None else positive(value)
    except ValueError as why:
        raise UsageError(f"--hold: {why}") from None


@click.command(name="sandbox", help=_HELP)
@options(
    "listen",
    "port_file",
    "profile",
    "scale",
    "cancel_on",
    "faults",
    "fault",
    "seed",
    "plain",
    "json_lines",
    "board",
    "control",
    "control_file",
)
@click.option(
    "--hold", callback=_seconds, metavar="SECONDS", help="Hold an empty poll for so long; not scaled."
)
@click.option("--tls", is_flag=True, help="Serve HTTPS with a throwaway certificate authority.")
@click.option("--tls-name", "names", multiple=True, metavar="NAME", help="Another name of the certificate.")
@click.option(
    "--ca-file", metavar="FILE", help="Write the authority's certificate here, for clients (with --tls)."
)
@click.option(
    "--log", "log_file", metavar="FILE|-", help="Append every decision as a JSON line; - is stdout."
)
@click.option(
    "--definition", "files", multiple=True, metavar="FILE", help="Activate this pipeline at the start."
)
@click.option(
    "--terminate-when-done", is_flag=True, help="Ask runners to leave once all pipelines have ended."
)
def command(
    *,
    listen: tuple[str, int],
    port_file: str | None,
    profile: str,
    scale: float,
    hold: float | None,
    tls: bool,
    names: tuple[str, ...],
    ca_file: str | None,
    log_file: str | None,
    files: tuple[str, ...],
    terminate_when_done: bool,
    **settings: Any,
) -> int:
    """Serve Data Pipeline on this machine."""
    if (names or ca_file) and not tls:
        raise UsageError("--tls-name and --ca-file need --tls")
    settled = named(profile).scaled(scale)
    if hold is not None:
        settled = replace(settled, limits=replace(settled.limits, poll=hold))
    works = [_work(file) for file in files]
    plans = planned({**settings, "scale": scale}, Mode.SANDBOX)
    with ExitStack() as stack:
        sink = stack.enter_context(_log(log_file))
        secured = stack.enter_context(throwaway.secured(names, ca_file)) if tls else None
        out = sys.stderr if log_file == "-" or settings["json_lines"] else sys.stdout
        announce = _Announce(port_file, secured, out)
        view = _view(settings, partial(click.echo, file=out), logged=log_file == "-")
        board = boarded(settings, view.listener, lambda line: view.linked(f"# {line}"))
        listener = board.watch if board else view.listener
        watched = plans.rules or board or not isinstance(view, Plain)
        trial = Trial(plans, settled, listener) if watched else None

        if trial and plans.rules:
            click.echo(f"# faults are armed, drawn by seed {trial.plans.seed}", file=out)
        make = partial(_service, settled, sink, works, terminate_when_done)

        def show(start: Sequence[str]) -> AbstractAsyncContextManager[None]:
            return view.shown(trial, Mode.SANDBOX, "sandbox", start) if trial else nullcontext()

        handles.raised()
        asyncio.run(_serve(_handling(make, trial, board), listen, secured, announce, show))
        return _ended(trial, view) if trial else 0


def _service(
    profile: Profile, log: truth.Log, works: Sequence[_Work], terminate_when_done: bool, began: float
) -> Service:
    """Return the service with what it is to do from its start."""
    service = Service(
        profile=profile,
        began=began,
        random_bytes=os.urandom,
        log=log,
        terminate_when_done=terminate_when_done,
    )
    for work in works:
        service.start(0.0, work.name, work.definition)
    return service


def _view(settings: dict[str, Any], tell: Callable[[str], None], *, logged: bool) -> View:
    """Return how calls are shown: in plain lines only those that a fault had a hand in."""
    return chosen(settings, Plain(tell, _Meddling(tell)), taken="the log's: --log FILE" if logged else None)


def _ended(trial: Trial, view: View) -> int:
    """Tell how it ended, with a report of what a board or events have told; return the exit code."""
    if not isinstance(view, Plain):
        from holter.report import text

        view.tell(text.render(trial.audit, title="sandbox").rstrip())
    code = 1 if any(one.rule == expected.RULE for one in trial.audit.findings) else 0
    view.ended(trial.audit, trial.lost, code)
    return code


@dataclass(frozen=True, slots=True)
class _Announce:
    """Tells where the sandbox listens: to people, and to programs by the port file."""

    port_file: str | None
    secured: throwaway.Secured | None
    out: TextIO

    def __call__(self, host: str, port: int, state: Mapping[str, Json]) -> list[str]:
        """Print what to paste, and return it; the port file comes last and at once."""
        scheme = "https" if self.secured else "http"
        shown = f"[{host}]" if ":" in host else host
        lines = [
            f"# holter sandbox listens on {scheme}://{shown}:{port} (end with Ctrl-C). Paste:",
            f"export AWS_ENDPOINT_URL_DATA_PIPELINE={scheme}://{shown}:{port}",
            "export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox",
            "export AWS_DEFAULT_REGION=us-east-1",
            *((f"export AWS_CA_BUNDLE={shlex.quote(self.secured.bundle)}",) if self.secured else ()),
            *_queued(state),
        ]
        click.echo("\n".join(lines), file=self.out)
        self.out.flush()
        portfile.write(self.port_file, port)
        return lines


def _queued(state: Mapping[str, Json]) -> Iterator[str]:
    queued = state["queued"]
    if isinstance(queued, dict):
        for group, count in queued.items():
            yield f"# worker group {group}: {count} waiting"


async def _serve(
    handling: _Handling,
    listen: tuple[str, int],
    secured: throwaway.Secured | None,
    announce: _Announce,
    show: Callable[[Sequence[str]], AbstractAsyncContextManager[None]],
) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tls = secured.tls if secured else None
    async with (
        handling as (handler, own, refusing),
        serving(handler, host=listen[0], port=listen[1], tls=tls, refusing=refusing) as server,
        show(announce(listen[0], server.port, own.service.state(own.now))),
    ):
        await stop.wait()


_Handling: TypeAlias = AbstractAsyncContextManager[tuple[Handler, SandboxHandler, Callable[[], bool]]]
"""Runs the service: who answers, the service itself, and whether connections are refused."""


@asynccontextmanager
async def _handling(
    make: Callable[[float], Service], trial: Trial | None, board: Board | None
) -> AsyncIterator[tuple[Handler, SandboxHandler, Callable[[], bool]]]:
    """Run the service, under a trial if there is one."""
    if trial is None:
        async with running(make) as own:
            yield own, own, bool
        return
    async with controlled(board, trial, Mode.SANDBOX):
        async with faulted.running(make, trial) as handler:
            yield handler, handler.sandbox, handler.refusing
        trial.close()


class _Meddling(Lines):
    """Tells of the calls that a fault had a hand in, and of no other."""

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Tell of a call when it ends."""
        if interaction.fault:
            super().called(interaction, age)


def _work(file: str) -> _Work:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise ConfigError(f"{file}: cannot be read: {why}") from None
    return _Work(Path(file).stem, definitionfile.read(text, file))


@contextmanager
def _log(file: str | None) -> Iterator[truth.Log]:
    if file is None:
        yield lambda _entry: None
    elif file == "-":
        yield partial(_write, sys.stdout)
    else:
        with _opened(file) as out:
            yield partial(_write, out)


def _opened(file: str) -> TextIO:
    try:
        return open(file, "a", encoding="utf-8")
    except OSError as why:
        raise UsageError(f"--log: {file} cannot be written: {why.strerror}") from None


def _write(out: TextIO, entry: truth.Entry) -> None:
    out.write(truth.line(entry))
    out.flush()
