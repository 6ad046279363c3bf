"""`holter runner`: the reference task runner."""

from __future__ import annotations

import math
import platform
import uuid
from typing import Any

import click

from holter.errors import UsageError
from holter.sandbox.runner.misbehaviour import Misbehaviour, parse, table
from holter.sandbox.runner.options import Options


class _Seconds(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on only
    """A finite number above 0."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            self.fail(f"{value!r} is not a number above 0", param, ctx)
        return number


class _Misbehaviour(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on only
    """KIND[:KEY=VALUE,...]."""

    name = "misbehaviour"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Misbehaviour:
        return value if isinstance(value, Misbehaviour) else parse(value)


_SECONDS, _COUNT = _Seconds(), click.IntRange(min=1)

_HELP = f"""Run the reference task runner: an honest one, unless told to misbehave.

It polls a worker group, runs each task's shell command, and reports, as the AWS API reference asks a task
runner to. The ordinary environment counts: credentials, AWS_REGION, HTTPS_PROXY, AWS_CA_BUNDLE,
AWS_ENDPOINT_URL_DATA_PIPELINE.

It ends with 0 when the service asks it to terminate, on SIGTERM or SIGINT, after --max-tasks, or when idle
with --exit-when-idle. A second signal ends it at once.

\b
Kinds of --misbehave, each for all tasks unless task=GLOB names components; with times=N at most N times
for each component. S is in seconds, never scaled.
\b
{table()}
"""


@click.command("runner", help=_HELP)
@click.option("--worker-group", required=True, metavar="NAME", help="Worker group to poll.")
@click.option("--tasks", type=_COUNT, default=1, show_default=True, help="Tasks at a time.")
@click.option("--hostname", default=None, help="Name to poll under; default: this machine's.")
@click.option("--runner-id", default=None, metavar="ID", help="taskrunnerId; default: a new one each time.")
@click.option(
    "--beat-every", type=_SECONDS, default=60.0, show_default=True, help="Period of progress reports."
)
@click.option(
    "--alive-every", type=_SECONDS, default=900.0, show_default=True, help="Period of the runner's own."
)
@click.option(
    "--grace", type=_SECONDS, default=100.0, show_default=True, help="What running tasks get after terminate."
)
@click.option(
    "--scale",
    type=_SECONDS,
    default=1.0,
    show_default=True,
    metavar="F",
    help="Multiply the runner's own periods, never the SDK's time limits or back-off.",
)
@click.option("--max-tasks", type=_COUNT, default=None, help="End after so many tasks.")
@click.option("--exit-when-idle", is_flag=True, help="End after an empty poll.")
@click.option(
    "--poll-timeout",
    type=_SECONDS,
    default=95.0,
    show_default=True,
    help="The SDK's read timeout of a poll, never scaled. A short one shows the commonest bug of runners.",
)
@click.option("--endpoint", metavar="URL", default=None, help="Service to talk to.")
@click.option("--region", default=None, help="Default: the environment's, else us-east-1.")
@click.option(
    "--work-dir", type=click.Path(exists=True, file_okay=False), default=None, help="Where commands run."
)
@click.option(
    "--misbehave",
    type=_Misbehaviour(),
    multiple=True,
    metavar="KIND[:KEY=VALUE,...]",
    help="See above; repeatable.",
)
def command(hostname: str | None, runner_id: str | None, **settings: Any) -> None:
    """Read the options and run."""
    name = hostname or platform.node() or "runner"
    if len(settings["worker_group"]) > 1024 or not settings["worker_group"]:
        raise UsageError("--worker-group: needs 1 to 1024 characters")
    options = Options(hostname=name, runner_id=runner_id or f"{name}-{uuid.uuid4().hex[:12]}", **settings)
    from holter.sandbox.runner.runner import run

    run(options)
