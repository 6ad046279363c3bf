"""The lease's life, told as histories: what was seen, and what an honest auditor says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holter.lease.profile import DOCUMENTED, RELAXED, STRICT
from holter.wire.message import Broken, Origin

from .history import History

T = "ReportTaskProgress"


CASES: list[tuple[str, History, list[str]]] = [
    ("a healthy life", History().handed(0).beat(1, 61, 121).finished(150), []),
    ("no task, no lease", History().call("PollForTask", 0, response={}).mark("stopped", 5000), []),
    # the acknowledgement
    ("acknowledged at the limit", History().handed(0).beat(120).finished(121), ["ack-slow"]),
    ("acknowledged past the limit", History().handed(0).beat(120.01).finished(121), ["ack-late"]),
    ("acknowledged within the advice's tolerance", History().handed(0).beat(75).finished(76), []),
    ("acknowledged past the advice", History().handed(0).beat(75.1).finished(76), ["ack-slow"]),
    ("never acknowledged", History().handed(0).mark("stopped", 120.1), ["ack-missing"]),
    ("not yet acknowledged when the capture ends", History().handed(0).mark("stopped", 119.9), []),
    ("finished without acknowledging", History().handed(0).finished(30), ["finished-without-ack"]),
    ("finished too late without acknowledging", History().handed(0).finished(130), ["ack-missing"]),
    # beats
    ("beats at the advice's tolerance", History().handed(0).beat(0, 75).finished(76), []),
    ("beats past the advice", History().handed(0).beat(0, 75.1).finished(76), ["gap-over-advice"]),
    ("beats past five minutes", History().handed(0).beat(0, 300.1).finished(301), ["gap-over-5min"]),
    ("beats at the limit", History().handed(0).beat(0, 900).finished(901), ["gap-over-5min"]),
    ("beats past the limit", History().handed(0).beat(0, 900.1).finished(901), ["gap-over-limit"]),
    (
        "a longer limit from the pipeline",
        History().handed(0, reportProgressTimeout="30 minutes").beat(0, 1799).finished(1800),
        ["gap-over-5min"],
    ),
    (
        "a shorter limit from the pipeline",
        History().handed(0, reportProgressTimeout="2 Minutes").beat(0, 121).finished(122),
        ["gap-over-limit"],
    ),
    (
        "a limit that cannot be read makes nothing certain",
        History().handed(0, reportProgressTimeout="#{myTimeout}").beat(0, 901).finished(902),
        ["gap-over-limit?"],
    ),
    # the tail
    ("a tail past the advice", History().handed(0).beat(0).finished(80), ["tail-over-advice"]),
    ("a tail past five minutes", History().handed(0).beat(0).finished(301), ["tail-over-5min"]),
    ("a tail past the limit", History().handed(0).beat(0).finished(901), ["tail-over-limit"]),
    ("abandoned", History().handed(0).beat(0).mark("stopped", 901), ["abandoned"]),
    ("still working when the capture ends", History().handed(0).beat(0, 50).mark("stopped", 60), []),
    ("silent at the end, not yet lost", History().handed(0).beat(0).mark("stopped", 301), ["tail-over-5min"]),
    # cancelled and gone
    ("cancelled, then silent", History().handed(0).beat(0).beat(50, canceled=True).mark("stopped", 5000), []),
    (
        "silent too long, then told that the task is gone",
        History().handed(0).beat(0).failing(1000, 400, "TaskNotFoundException").mark("stopped", 9000),
        ["gap-over-limit"],
    ),
    (
        "the pipeline was deleted under a healthy runner",
        History().handed(0).beat(0).failing(50, 400, "PipelineDeletedException").mark("stopped", 9000),
        [],
    ),
    (
        "status after the lease was lost",
        History()
        .handed(0)
        .beat(0)
        .call("SetTaskStatus", 950, task="task-1", status=400, error="TaskNotFoundException"),
        ["tail-over-limit"],
    ),
    # what does not renew
    (
        "throttled beats do not renew",
        History().handed(0).beat(0).failing(450, 400, "ThrottlingException").beat(901).finished(902),
        ["gap-over-limit"],
    ),
    (
        "a server error may have renewed",
        History().handed(0).beat(0).failing(450, 500, "InternalServiceError").beat(901).finished(902),
        ["gap-over-5min", "gap-over-5min", "gap-over-limit?"],
    ),
    (
        "a beat broken on the way may have renewed",
        History()
        .handed(0)
        .beat(0)
        .call(T, 450, task="task-1", status=None, broken=Broken.UPSTREAM)
        .beat(901)
        .finished(902),
        ["gap-over-5min", "gap-over-5min", "gap-over-limit?"],
    ),
    (
        "a beat answered by our fault does not renew, and the runner is not to blame",
        History()
        .handed(0)
        .beat(0, 290)
        .call(T, 590, task="task-1", response={"canceled": False}, origin=Origin.FAULT)
        .call(T, 890, task="task-1", response={"canceled": False}, origin=Origin.FAULT)
        .beat(1191)
        .finished(1192),
        ["gap-over-advice", "gap-over-advice", "gap-over-advice", "gap-over-5min", "gap-over-limit!"],
    ),
    (
        "a fault that cancels ends the runner's duty",
        History()
        .handed(0)
        .beat(0)
        .call(T, 50, task="task-1", response={"canceled": True}, origin=Origin.FAULT)
        .mark("stopped", 5000),
        [],
    ),
    (
        "the runner's own silence before a fault stays its own",
        History()
        .handed(0)
        .beat(0)
        .call(T, 950, task="task-1", response={"canceled": True}, origin=Origin.FAULT)
        .mark("stopped", 5000),
        ["gap-over-limit"],
    ),
    (
        "a status that broke may have ended it, so nothing after is certain",
        History()
        .handed(0)
        .beat(0)
        .call("SetTaskStatus", 30, task="task-1", status=None, broken=Broken.UPSTREAM)
        .mark("stopped", 5000),
        ["abandoned?"],
    ),
    (
        "a second try of a status that had worked",
        History()
        .handed(0)
        .beat(0)
        .call("SetTaskStatus", 30, task="task-1", status=None, broken=Broken.UPSTREAM)
        .call("SetTaskStatus", 31, task="task-1", status=400, error="TaskNotFoundException")
        .mark("stopped", 5000),
        [],
    ),
    # handed out again
    (
        "never acknowledged and handed out again",
        History().handed(0).handed(121, "task-2").beat(122, task="task-2").finished(123, "task-2"),
        ["ack-missing"],
    ),
    (
        "lost and handed out again, seen a moment early",
        History().handed(0).beat(1).handed(900.5, "task-2").beat(901, task="task-2").finished(902, "task-2"),
        ["gap-over-limit"],
    ),
    (
        "handed out again for a reason that is not the runner's",
        History().handed(0).beat(1).handed(60, "task-2").beat(61, task="task-2").finished(62, "task-2"),
        [],
    ),
    (
        "the next attempt is no redelivery",
        History()
        .handed(0)
        .beat(0)
        .handed(20, "task-2", "Copy_2026-01-02T00:00:00_Attempt=2")
        .beat(21, task="task-2")
        .finished(30, "task-2")
        .finished(40),
        [],
    ),
    # found by holding the audit against the sandbox's keeper (test_truth)
    (
        "a beat that broke may have told of a cancel, so the silence after it is not certain",
        History()
        .handed(0)
        .beat(0)
        .call(T, 50, task="task-1", status=None, broken=Broken.UPSTREAM)
        .failing(1000, 400, "TaskNotFoundException"),
        ["gap-over-limit?"],
    ),
    (
        "unless the same attempt is handed out again",
        History()
        .handed(0)
        .beat(0)
        .call(T, 50, task="task-1", status=None, broken=Broken.UPSTREAM)
        .failing(1000, 400, "TaskNotFoundException")
        .handed(1001, "task-2")
        .beat(1002, task="task-2")
        .finished(1003, "task-2"),
        ["gap-over-limit?", "gap-over-limit"],
    ),
    (
        "a pipeline that was deleted, nobody knows when",
        History().handed(0).beat(0).failing(1000, 400, "PipelineDeletedException"),
        ["gap-over-limit?"],
    ),
    (
        "a first beat that may not have counted leaves the longer limit for acknowledging",
        History(latency=0.0)
        .handed(0, reportProgressTimeout="1 minute")
        .failing(1, 500, "InternalServiceError")
        .mark("stopped", 100),
        ["abandoned?"],
    ),
    (
        "a fault that swallowed the acknowledgement is to blame when the lease is shown to be lost",
        History()
        .handed(0)
        .call(T, 30, task="task-1", response={"canceled": False}, origin=Origin.FAULT)
        .failing(119.5, 400, "TaskNotFoundException"),
        ["gap-over-advice!", "ack-late!"],
    ),
    (
        "a perhaps-acknowledged task that is handed out again had missed the limit for acknowledging",
        History()
        .handed(0)
        .failing(1, 500, "InternalServiceError")
        .handed(121, "task-2")
        .beat(122, task="task-2")
        .finished(123, "task-2"),
        ["ack-missing"],
    ),
    (
        "a beat refused because a status beside it had ended the task",
        History()
        .handed(0)
        .beat(0)
        .call("SetTaskStatus", 890, task="task-1", response=b"", latency=15, oldest=880)
        .call(T, 880, task="task-1", status=400, error="TaskNotFoundException", latency=20),
        ["tail-over-5min", "tail-over-limit?"],
    ),
    # what was not seen
    ("a task handed out before the capture", History().beat(0, 50).finished(60), []),
    (
        "its limit is unknown, so that breaking the default is not certain",
        History().beat(0, 901).finished(902),
        ["gap-over-limit?"],
    ),
    (
        "handed out to a runner that had gone",
        History()
        .call(
            "PollForTask",
            0,
            task="task-1",
            broken=Broken.CLIENT,
            response={"taskObject": {"taskId": "task-1", "attemptId": "@A_2026-01-02T00:00:00_Attempt=1"}},
        )
        .mark("stopped", 500),
        ["ack-missing?"],
    ),
]


@pytest.mark.parametrize(("said", "history", "rules"), CASES, ids=[case[0] for case in CASES])
def test_a_history_is_judged(said: str, history: History, rules: list[str]) -> None:
    assert history.rules() == rules


def test_a_gap_is_an_interval_from_the_first_byte_of_an_answer_to_the_next_asking() -> None:
    history = History(latency=2.0).handed(0).beat(10, 400).finished(420)

    (found,) = history.findings()

    assert found.rule == "gap-over-5min"
    assert found.gap is not None
    assert (found.gap.certain, found.gap.possible) == (400 - 12, 402 - 10)


def test_a_gap_over_the_limit_only_in_its_longest_reading_is_possible() -> None:
    history = History(latency=2.0).handed(0).beat(10, 911).finished(920)

    assert history.rules() == ["gap-over-5min", "gap-over-limit?"]


def test_a_beat_in_flight_covers_the_time_until_it_ends() -> None:
    history = History().handed(0).beat(0)
    history.call(T, 890, task="task-1", latency=60, response={"canceled": False}, oldest=890)

    assert history.beat(1000).finished(1001).rules() == [
        "gap-over-5min",
        "gap-over-limit?",
        "gap-over-advice?",
    ]


def test_overlapping_beats_are_judged_in_the_order_in_which_they_were_asked() -> None:
    history = History().handed(0).beat(0)
    history.call(T, 105, task="task-1", latency=1, response={"canceled": False}, oldest=100)
    history.call(T, 100, task="task-1", latency=60, response={"canceled": False}, oldest=100)
    (found,) = history.finished(161).findings()

    assert (found.rule, found.interactions) == ("gap-over-advice", (2, 4))


@pytest.mark.parametrize(
    ("profile", "rules"),
    [
        (DOCUMENTED, ["gap-over-advice", "gap-over-5min"]),
        (STRICT, ["gap-over-advice", "gap-over-5min"]),
        (RELAXED, []),
        (replace(DOCUMENTED, rules={"gap-over-5min": "off"}), ["gap-over-advice", "gap-over-advice"]),
    ],
)
def test_a_profile_switches_rules_off(profile: object, rules: list[str]) -> None:
    history = History().handed(0).beat(0, 100, 450).finished(451)

    assert history.rules(profile) == rules  # type: ignore[arg-type]


def test_strict_makes_five_minutes_an_error() -> None:
    (found,) = History().handed(0).beat(0, 301).finished(302).findings(STRICT)

    assert (found.rule, found.severity) == ("gap-over-5min", "error")


@pytest.mark.parametrize("scale", [0.001, 0.01, 1.0, 10.0])
def test_scale_multiplies_every_limit_the_pipelines_own_too(scale: float) -> None:
    history = History().handed(0, reportProgressTimeout="10 minutes")
    history.beat(0, 599 * scale).beat(1200 * scale).finished(1201 * scale)

    assert history.rules(DOCUMENTED.scaled(scale)) == ["gap-over-5min", "gap-over-limit"]


def test_what_fails_a_run_is_certain_and_not_our_own_fault() -> None:
    _, possible = History().beat(0, 901).finished(902).findings()
    certain = History().handed(0).beat(0, 901).finished(902).findings()

    assert [possible.fails("note"), possible.rule] == [False, "gap-over-limit"]
    assert [finding.fails("error") for finding in certain] == [True]
    assert [finding.fails("never") for finding in certain] == [False]


def test_a_lease_keeps_statistics() -> None:
    history = History().handed(10).beat(12, 42, 82).failing(83, 500, "InternalServiceError").finished(90)
    (lease,) = history.audit().leases

    assert (lease.beats.ok, lease.beats.failed, lease.beats.ack) == (3, 1, 2.0)
    assert lease.beats.spread() == {"min": 30.0, "p50": 30.0, "p95": 40.0, "p99": 40.0, "max": 40.0}
    assert lease.outcome == "finished"
    assert lease.handout.activity == "Copy"


def test_a_loss_that_the_service_has_shown_is_said_to_be() -> None:
    (found,) = History().handed(0).beat(1).handed(900.5, "task-2").findings()

    assert found.message == (
        "task-1 had no beat for 899.50 s, then the service took it away; the limit is 900 s (progress), "
        "which the service counts from a moment earlier"
    )


def test_the_share_used_is_of_the_limit_in_force() -> None:
    (late,) = History().handed(0).beat(60).finished(61).audit().leases
    (held,) = History().handed(0).beat(0, 90).finished(91).audit().leases
    (lost,) = History().handed(0).mark("stopped", 240).audit().leases

    assert [lease.worst_share for lease in (late, held, lost)] == [0.5, 0.1, 2.0]
