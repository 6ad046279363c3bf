"""Builds recordings by hand, one call a line, for the tests of the lease."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from holter.lease.audit import Audit, audited
from holter.lease.catalogue.gaps import ROWS as GAPS
from holter.lease.finding import Finding
from holter.lease.profile import DOCUMENTED, Profile
from holter.wire.message import NOTHING, Broken, Interaction, Json, Mark, Nothing, Origin, Payload, Try

ZERO = 1_800_000_000.0


def task_object(task: str, attempt: str, *fields: tuple[str, str], pipeline: str = "df-1") -> Json:
    name = f"@{attempt}"
    entries: list[Json] = [
        {"key": key, "refValue" if key == "parent" else "stringValue": value} for key, value in fields
    ]
    return {
        "taskObject": {
            "taskId": task,
            "pipelineId": pipeline,
            "attemptId": name,
            "objects": {name: {"id": name, "name": name, "fields": entries}},
        }
    }


@dataclass
class History:
    """A recording in the making; each call takes `latency` seconds to be answered."""

    entries: list[Interaction | Mark] = field(default_factory=list)
    latency: float = 0.0
    caller: str = "runner-1"

    def __post_init__(self) -> None:
        self.entries.append(Mark("started", ZERO, 0.0))

    def call(
        self,
        op: str,
        at: float,
        *,
        task: str | None = None,
        request: Payload = None,
        response: Payload | Nothing = None,
        status: int | None = 200,
        error: str | None = None,
        latency: float | None = None,
        broken: Broken | None = None,
        origin: Origin = Origin.LIVE,
        upstream: dict[str, Json] | None = None,
        oldest: float | None = None,
        tried: Try | None = None,
        notes: dict[str, Json] | None = None,
        caller: str | None = None,
    ) -> Self:
        ended = at + (self.latency if latency is None else latency)
        self.entries.append(
            Interaction(
                op=op,
                request={} if request is None else request,
                response=NOTHING if status is None else ({} if response is None else response),
                seq=sum(isinstance(entry, Interaction) for entry in self.entries) + 1,
                at=ZERO + at,
                mono=(at, None if status is None else ended, ended),
                caller=caller or self.caller,
                tried=tried,
                notes=notes or {},
                task=task,
                status=status,
                error=error,
                broken=broken,
                origin=origin,
                upstream=upstream,
                oldest=at if oldest is None else oldest,
            )
        )
        return self

    def handed(
        self,
        at: float,
        task: str = "task-1",
        attempt: str = "Copy_2026-01-02T00:00:00_Attempt=1",
        **limits: str,
    ) -> Self:
        body = task_object(task, attempt, ("type", "ShellCommandActivity"), *limits.items())
        return self.call("PollForTask", at, task=task, response=body)

    def beat(self, *moments: float, task: str = "task-1", canceled: bool = False) -> Self:
        for at in moments:
            self.call("ReportTaskProgress", at, task=task, response={"canceled": canceled})
        return self

    def failing(self, at: float, status: int, error: str, *, task: str = "task-1") -> Self:
        return self.call("ReportTaskProgress", at, task=task, status=status, error=error)

    def finished(self, at: float, task: str = "task-1") -> Self:
        request: Json = {"taskId": task, "taskStatus": "FINISHED"}
        return self.call("SetTaskStatus", at, task=task, request=request, response=b"")

    def mark(self, what: str, mono: float, at: float | None = None) -> Self:
        self.entries.append(Mark(what, ZERO + mono if at is None else at, mono))
        return self

    def audit(self, profile: Profile = DOCUMENTED) -> Audit:
        return audited(self.entries, profile)

    def findings(self, profile: Profile = DOCUMENTED) -> list[Finding]:
        return self.audit(profile).findings

    def rules(self, profile: Profile = DOCUMENTED) -> list[str]:
        """The rules that a gap broke, possible ones with a question mark, those of a fault with a bang."""
        return self._rules(profile, gaps=True)

    def conduct(self, profile: Profile = DOCUMENTED) -> list[str]:
        """All the other rules that were broken, likewise."""
        return self._rules(profile, gaps=False)

    def _rules(self, profile: Profile, *, gaps: bool) -> list[str]:
        known = {rule.id for rule in GAPS}
        return [
            finding.rule
            + ("?" if finding.certainty == "possible" else "")
            + ("!" if finding.cause == "fault" else "")
            for finding in self.findings(profile)
            if (finding.rule in known) is gaps
        ]


def strictly(profile: Profile, **limits: float) -> Profile:
    return replace(profile, limits=replace(profile.limits, **limits))
