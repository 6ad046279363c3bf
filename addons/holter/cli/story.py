"""What happens in the demo: four tasks, what each is to show, and how it is seen that it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from holter.lease.audit import Audit
from holter.lease.finding import Finding
from holter.wire.message import Interaction, Json, Origin

WORKER_GROUP = "demo"
SCALE = 0.02
CANCEL_ON = 6
LATE = 1.0
"""A deadline that passes is to be told within so many seconds."""

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "no-account-is-needed",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What an SDK insists on having before it signs a request."""

_TIMEOUT = "4 minutes"


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the demo, and what its first lease is to come to.

    `rule` is the error that it is to be, `expired` why the service is to take it away.
    """

    id: str
    command: str
    says: str
    outcome: str
    rule: str | None = None
    expired: str | None = None
    misbehave: str | None = None


TASKS = (
    Task(
        "Healthy",
        "for part in 30 60 90; do echo progress: $part; sleep 1; done",
        "beats every 60 seconds and finishes",
        outcome="finished",
    ),
    Task(
        "Silent",
        "if mkdir silent 2>/dev/null; then sleep 7; else sleep 1; fi",
        "stops beating while it works: its lease runs out, the work is done twice",
        outcome="reassigned",
        rule="gap-over-limit",
        expired="progress",
        misbehave="stall:task=Silent,after=1,for=6,times=1",
    ),
    Task(
        "Forgotten",
        "sleep 1",
        "is never acknowledged by the first runner that gets it",
        outcome="reassigned",
        rule="ack-missing",
        expired="ack",
        misbehave="no-ack:task=Forgotten,for=1,times=1",
    ),
    Task(
        "Endless",
        "if mkdir endless 2>/dev/null; then sleep 60; fi",
        f"is cancelled by Holter on beat {CANCEL_ON}, and stops",
        outcome="canceled",
        expired="progress",
    ),
)


def definition() -> dict[str, Json]:
    """Return the pipeline, in the file format of the AWS CLI."""
    default: Json = {"id": "Default", "name": "Default", "scheduleType": "ondemand"}
    return {"objects": [default, *(_activity(task) for task in TASKS)]}


def _activity(task: Task) -> Json:
    return {
        "id": task.id,
        "name": task.id,
        "type": "ShellCommandActivity",
        "command": task.command,
        "workerGroup": WORKER_GROUP,
        "reportProgressTimeout": _TIMEOUT,
    }


@dataclass(slots=True)
class Seen:
    """What Holter told while it happened: findings with the moment at which they were told."""

    prints: dict[str, str] = field(default_factory=dict)
    told: list[tuple[float, Finding]] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)

    def called(self, interaction: Interaction) -> None:
        """Take note of a call."""
        if interaction.print and interaction.task:
            self.prints[interaction.task] = interaction.print
        if interaction.origin is Origin.FAULT and interaction.task:
            self.faults.add(interaction.task)

    def found(self, finding: Finding, wall: float) -> None:
        """Take note of a finding at the moment when it is told."""
        self.told.append((wall, finding))


def missing(audit: Audit, seen: Seen, truth: Iterable[Mapping[str, Json]]) -> list[str]:
    """Return what was to happen and was not seen to; nothing when the demo kept its word."""
    decided = list(truth)
    problems = [problem for task in TASKS for problem in _task(task, audit, seen, decided)]
    return problems + _disagreement(audit, seen, decided)


def _task(task: Task, audit: Audit, seen: Seen, decided: list[Mapping[str, Json]]) -> Iterable[str]:
    lease = next((lease for lease in audit.leases if lease.handout.activity == task.id), None)
    if lease is None:
        yield f"{task.id} was never handed out"
        return
    if lease.outcome != task.outcome:
        yield f"{task.id} ended as {lease.outcome}, not {task.outcome}"
    if task.rule and not _flagged_in_time(task.rule, lease.task, seen):
        yield f"{task.id}: {task.rule} was not flagged within {LATE:g} s of its deadline"
    why = next((row.get("why") for row in decided if _expiry_of(row, seen.prints.get(lease.task))), None)
    if why != task.expired:
        yield f"{task.id}: the sandbox took its lease away for {why}, not {task.expired}"


def _flagged_in_time(rule: str, task: str, seen: Seen) -> bool:
    told = [wall - finding.at for wall, finding in seen.told if (finding.rule, finding.task) == (rule, task)]
    return min(told, default=LATE) < LATE


def _expiry_of(row: Mapping[str, Json], task_print: str | None) -> bool:
    return row.get("what") == "expired" and row.get("print") == task_print


def _disagreement(audit: Audit, seen: Seen, decided: list[Mapping[str, Json]]) -> list[str]:
    """Compare the leases that Holter calls lost with those that the sandbox took away."""
    lost = {
        seen.prints.get(finding.task or "")
        for finding in audit.findings
        if finding.fails("error")
        and finding.rule in ("ack-missing", "ack-late", "gap-over-limit", "tail-over-limit", "abandoned")
    }
    excused = {seen.prints.get(task) for task in seen.faults}
    taken = {row.get("print") for row in decided if row.get("what") == "expired"} - excused
    return [f"the sandbox took {name} away, and Holter has no error for it" for name in taken - lost] + [
        f"Holter has an error for {name}, and the sandbox did not take it away" for name in lost - taken
    ]


def comparison(audit: Audit, seen: Seen, truth: Iterable[Mapping[str, Json]]) -> list[str]:
    """Return, a line for each lease, what the sandbox decided and what Holter found."""
    whys = {row.get("print"): str(row.get("why")) for row in truth if row.get("what") == "expired"}
    lines = [f"{'task':<8} {'activity':<10} {'the sandbox took it away':<26} Holter's errors"]
    for lease in audit.leases:
        took = _TAKEN.get(whys.get(seen.prints.get(lease.task)), "?")
        found = [one.rule for one in audit.findings if one.task == lease.task and one.fails("error")]
        none = "none: a fault of ours answered" if lease.task in seen.faults else "none"
        activity = lease.handout.activity or "-"
        lines.append(f"{lease.task:<8} {activity:<10} {took:<26} {', '.join(found) or none}")
    return lines


_TAKEN = {None: "no", "ack": "yes: not acknowledged", "progress": "yes: no beat in time"}
