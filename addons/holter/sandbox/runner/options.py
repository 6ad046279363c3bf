"""What the reference runner is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass

from holter.sandbox.runner.misbehaviour import Misbehaviour


@dataclass(frozen=True, slots=True)
class Options:
    """The runner's settings. Times are seconds.

    `beat_every` (AWS API reference, ReportTaskProgress: every 60 seconds), `alive_every` (AWS API
    reference, ReportTaskRunnerHeartbeat: every 15 minutes) and `grace` are multiplied by `scale`.
    `poll_timeout` is the SDK's own and is taken as it is (AWS API reference, PollForTask: the answer can
    take 90 seconds); the grace after `terminate` outlasts such a poll. `region` None leaves the choice to
    the environment.
    """

    worker_group: str
    hostname: str
    runner_id: str
    tasks: int = 1
    beat_every: float = 60.0
    alive_every: float = 900.0
    grace: float = 100.0
    scale: float = 1.0
    max_tasks: int | None = None
    exit_when_idle: bool = False
    poll_timeout: float = 95.0
    endpoint: str | None = None
    region: str | None = None
    work_dir: str | None = None
    misbehave: tuple[Misbehaviour, ...] = ()
