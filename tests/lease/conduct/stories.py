"""Stories for the observers of conduct: calls in any order, played live and from the file alike."""

from __future__ import annotations

from typing import Self

from tests.lease.history import ZERO, History
from tests.lease.test_audit import live, written

from holter.lease.audit import audited
from holter.lease.catalogue.gaps import ROWS
from holter.lease.finding import Finding
from holter.lease.profile import DOCUMENTED, Profile
from holter.wire.message import EXITED, Broken, Interaction, Json, Mark, Try

GAPS = {row.id for row in ROWS}
NOT_FOUND, DELETED = "TaskNotFoundException", "PipelineDeletedException"


class Story(History):
    """A history in a few words; the runner is `runner-1` unless told otherwise."""

    def poll(
        self,
        at: float,
        took: float = 90.0,
        *,
        group: str = "wg",
        broken: Broken | None = None,
        tried: Try | None = None,
        caller: str | None = None,
        **more: Json,
    ) -> Self:
        """A poll that got nothing."""
        request: dict[str, Json] = {"workerGroup": group, **more}
        status = None if broken else 200
        self.call(
            "PollForTask",
            at,
            request=request,
            latency=took,
            status=status,
            broken=broken,
            tried=tried,
            caller=caller,
        )
        return self

    def alive(
        self,
        *moments: float,
        name: str = "tr-1",
        terminate: bool = False,
        caller: str | None = None,
        **more: Json,
    ) -> Self:
        """The runner's own heartbeats."""
        request = {"taskrunnerId": name, "hostname": caller or self.caller, **more}
        for at in moments:
            answer: Json = {"terminate": terminate}
            self.call("ReportTaskRunnerHeartbeat", at, request=request, response=answer, caller=caller)
        return self

    def gone(self, at: float, error: str = NOT_FOUND, *, task: str = "task-1") -> Self:
        """A beat that is told that its task is gone."""
        self.failing(at, 400, error, task=task)
        return self

    def ended(
        self,
        at: float,
        status: str = "FINISHED",
        *,
        tried: Try | None = None,
        error: str | None = None,
        **more: Json,
    ) -> Self:
        """SetTaskStatus, taken or refused."""
        request = {"taskId": "task-1", "taskStatus": status, **more}
        code = 400 if error else 200
        self.call("SetTaskStatus", at, task="task-1", request=request, tried=tried, status=code, error=error)
        return self

    def retried(self, at: float, number: int = 2, *, task: str = "task-1") -> Self:
        """A beat that is an SDK's later try."""
        self.call("ReportTaskProgress", at, task=task, response={"canceled": False}, tried=Try("x", number))
        return self

    def began(self, at: float = 0.0, **limits: str) -> Self:
        """A task handed out and acknowledged."""
        self.handed(at, **limits)
        self.beat(at + 1)
        return self

    def exited(self, at: float) -> Self:
        """The command around which it was recorded has ended."""
        self.entries.append(Mark("note", ZERO + at, at, {EXITED: 1}))
        return self

    def restart(self, at: float) -> Self:
        """Holter was down for a moment; times go on from its new start."""
        self.mark("stopped", at).mark("started", 0.0, ZERO + at + 1)
        return self

    def found(self, profile: Profile = DOCUMENTED) -> list[Finding]:
        """What is found besides gaps, the same live and from the file."""
        entries, alone = self.entries, sum(isinstance(entry, Mark) for entry in self.entries) == 1
        if alone:
            entries = written([entry for entry in entries if isinstance(entry, Interaction)])
        findings = audited(entries, profile).findings
        if profile == DOCUMENTED and alone:
            assert live(entries).findings == findings
        return [finding for finding in findings if finding.rule not in GAPS]

    def shows(self, *expected: str, profile: Profile = DOCUMENTED) -> bool:
        """Tell whether just these rules are broken, `?` for possible, `!` for a fault; else say what is."""
        said = [
            one.rule + "?" * (one.certainty == "possible") + "!" * (one.cause == "fault")
            for one in self.found(profile)
        ]
        assert sorted(said) == sorted(expected)
        return True
