"""`holter replay`: recorded answers for a runner, with no service anywhere."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import IO, TYPE_CHECKING, Any, cast

import click

from holter import clientenv, handles, portfile
from holter.cassette.reader import no_search
from holter.cli import child, proxied, shells, views
from holter.cli.child import Signals
from holter.cli.options import listening, options, planned
from holter.cli.views import Plain, View
from holter.endpoint.replay import running
from holter.endpoint.server import serving
from holter.errors import UsageError
from holter.faults import plans as faults
from holter.receivers import Listener
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace
from holter.replayer import Replay, Replayer, must_be_played
from holter.report.lines import Lines
from holter.settings import REPLAY_SCALE, SETTINGS
from holter.wire.value import value

if TYPE_CHECKING:
    from holter.board.serve import Board
    from holter.cli.alarm import Alarm


class _Wrapping(click.Command):
    """A command with arguments of its own, and a command to wrap after `--`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own, sign, wrapped = args, "", list[str]()
        if "--" in args:
            at = args.index("--")
            own, sign, wrapped = args[:at], "--", args[at + 1 :]
        if sign and not wrapped:
            raise click.UsageError("after -- a command is missing", ctx)
        ctx.obj = tuple(wrapped)
        return super().parse_args(ctx, own)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- CMD [ARGS]...]"]


@value
class Run:
    """What is asked of a run besides the replay itself; `output` takes what the command writes."""

    replay: Replay
    tell: Callable[[str], None]
    listen: tuple[str, int] = ("127.0.0.1", 0)
    port_file: str | None = None
    command: tuple[str, ...] = ()
    output: IO[str] | None = None
    listener: Listener | None = None
    board: Board | None = None
    alarm: Alarm | None = None
    view: View | None = None


@click.command(cls=_Wrapping, short_help="Answer a runner from recordings, without a service.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@options(
    "proxy", "mode", "pace", "end", "unplayed", "ignore", "allow_faults", "max_age", "stale", "cancel_on",
    "faults", "fault", "seed", "listen", "port_file", "profile", REPLAY_SCALE, *proxied.WAY, "strict",
    "redact", "redact_key", "quiet", "plain", "json_lines", "board", "control", "control_file",
    "on_finding", "fail_on",
)  # fmt: skip
@click.pass_obj
def command(
    command_line: tuple[str, ...], /, *, files: tuple[str, ...], unplayed: str, fail_on: str, **settings: Any
) -> int:
    """Answer a runner from recordings, without a service.

    Calls are matched by operation, task and body; a call that was not recorded is refused, and never passed
    on. With a command, it is run in an environment that leads it here, and its exit code is kept unless
    findings or unplayed answers make it 1. Without one, Holter serves until interrupted and prints the
    lines to paste where the runner is started; on a terminal it then shows a live board.

    With --proxy the runner is led through a proxy, as by holter record, so that it may use the service's
    own name and TLS; there --mode can pass calls on, and the options of the way out have their sense.
    """
    asked = _asked(files, command_line, settings)
    if command_line:
        child.must_exist(command_line)
    if not settings["proxy"]:
        must_be_played(asked.replay.mode, "the plain endpoint")
        _need_no_proxy(settings)
    with asked.alarm or nullcontext():
        if settings["proxy"]:
            return _proxied(asked, settings, unplayed, fail_on)
        return _plain(asked, unplayed, fail_on)


def _plain(asked: Run, unplayed: str, fail_on: str) -> int:
    """Replay on the plain endpoint, and return the exit code."""
    with no_search():
        replayer = Replayer(asked.replay, asked.listener or Lines(asked.tell))
        gc.freeze()  # what was read stays to the end: no search for cycles need go through it
    handles.raised()
    code = asyncio.run(play(asked, replayer))
    if not replayer.audit.calls:
        asked.tell("holter: no Data Pipeline call came; does the runner heed AWS_ENDPOINT_URL_DATA_PIPELINE?")
    return _ended(asked, replayer, report(asked, replayer, code, unplayed, fail_on))


def _asked(files: tuple[str, ...], command_line: tuple[str, ...], settings: dict[str, Any]) -> Run:
    mode = Mode(settings["mode"])
    replay = Replay(
        paths=files,
        mode=mode,
        pace=Pace(settings["pace"]) if settings["pace"] else None,
        end=End(settings["end"]) if settings["end"] else None,
        scale=settings["scale"],
        profile=settings["profile"],
        match_on={op: {"ignore": list(paths)} for op, paths in settings["ignore"]},
        allow_faults=settings["allow_faults"],
        max_age=settings["max_age"],
        stale=settings["stale"],
        plans=planned(settings, faults.Mode.REPLAY if mode is Mode.NONE else faults.Mode.PROXY),
    )
    view = views.around(settings, command_line)
    told = listening(settings, view)
    return Run(replay, view.tell, settings["listen"], settings["port_file"], command_line, **told)


def _need_no_proxy(settings: dict[str, Any]) -> None:
    for name in (*proxied.WAY, "strict", "redact_key"):
        if settings[name]:
            raise UsageError(f"{SETTINGS[name].option}: only with --proxy: else no call is passed on")


def _proxied(asked: Run, settings: dict[str, Any], unplayed: str, fail_on: str) -> int:
    """Replay through the proxy, and return the exit code."""
    from holter.cli import run  # what records starts slower, and the plain endpoint has no use for it
    from holter.recorder import Recording

    recording = Recording(
        asked.replay.paths[0],
        profile=asked.replay.profile,
        scale=asked.replay.scale or 1.0,
        redact=settings["redact"],
        redact_keys=settings["redact_key"],
    )
    through = run.Run(
        recording=recording,
        listener=asked.listener or Lines(asked.tell),
        board=asked.board,
        view=asked.view,
        tell=asked.tell,
        replay=asked.replay,
        command=asked.command,
        **proxied.way(settings),
    )
    ended = asyncio.run(run.run(through))
    replayer = cast(Replayer, ended.recorder)  # for a run with a replay
    code = report(asked, replayer, ended.code, unplayed, fail_on)
    return _ended(asked, replayer, 1 if proxied.failed(through, ended) else code)


def _ended(asked: Run, replayer: Replayer, code: int) -> int:
    if asked.alarm:
        asked.alarm.close()
    if asked.view:
        asked.view.ended(replayer.audit, replayer.lost, code)
    return code


async def play(asked: Run, replayer: Replayer) -> int:
    """Play on the plain endpoint around the command, or until interrupted; return its exit code."""
    host, port = asked.listen
    if replayer.plans.rules:
        asked.tell(f"holter: faults are armed, drawn by seed {replayer.plans.seed}")
    try:
        with Signals() as signals:
            async with _controlled(asked, replayer):
                async with (
                    running(replayer) as handler,
                    serving(handler, host=host, port=port, refusing=handler.refusing) as server,
                ):
                    shown = f"[{host}]" if ":" in host else host
                    environment = clientenv.offline(f"http://{shown}:{server.port}", os.environ)
                    code = await _serve(asked, signals, replayer, environment, server.port)
                    if asked.command:
                        replayer.session.exited(code, replayer.clock.now())
                replayer.close()
                return code
    finally:
        replayer.close()


def _controlled(asked: Run, replayer: Replayer) -> AbstractAsyncContextManager[None]:
    if asked.board is None:
        return nullcontext()
    from holter.board.serve import controlled

    return controlled(asked.board, replayer, faults.Mode.REPLAY)


async def _serve(
    asked: Run, signals: Signals, replayer: Replayer, environment: dict[str, str], port: int
) -> int:
    what = ", ".join(asked.replay.paths)
    if asked.command:
        asked.tell(f"holter: playing {what}")
        portfile.write(asked.port_file, port)
        return await signals.run(asked.command, environment, asked.output)
    start = shells.exports(environment)
    view = asked.view or Plain(asked.tell)
    view.tell(f"holter: playing {what} until interrupted; start the runner with")
    for line in start:
        view.tell(f"  {line}")
    async with view.shown(replayer, faults.Mode.REPLAY, f"playing {what}", start):
        portfile.write(asked.port_file, port)
        await signals.ended.wait()
    return 0


def report(asked: Run, replayer: Replayer, code: int, unplayed: str, fail_on: str) -> int:
    """Print the report of a run and return its exit code."""
    from holter.replay import leftovers
    from holter.report import text  # not before there is something to report: it starts sooner

    audit = replayer.audit
    asked.tell("")
    asked.tell(text.render(audit, title=replayer.path).rstrip())
    left = replayer.player.unplayed if unplayed != "ignore" else []
    for line in leftovers.told(replayer.player.missed, left):
        asked.tell(f"holter: {line}")
    failed = any(finding.fails(fail_on) for finding in audit.findings)
    return 1 if failed or (left and unplayed == "fail") else code
