"""Figures for Prometheus, read by its own parser."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from tests.processes import ADDONS

from holter.board import metrics
from holter.lease.finding import State
from holter.wire.decision import Answer
from holter.wire.message import Json

from .rig import Rig
from .test_live import beat, handed, quiet, say

PARSER = pytest.importorskip("prometheus_client.parser", reason="needs prometheus-client")


def scraped(rig: Rig) -> dict[str, dict[tuple[str, ...], float]]:
    """Return each figure's values by its labels, in the order of their names."""
    response = rig.raw("GET", "/metrics")
    assert response.status == 200
    assert dict(response.headers)["Content-Type"].startswith("text/plain")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    families: Any = PARSER.text_string_to_metric_families(response.body.decode())
    for family in families:
        assert family.documentation
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def test_a_run_is_told_in_figures() -> None:
    rig = quiet()
    handed(rig)
    beat(rig)
    beat(rig)
    rig.trial.clock.skip(100)
    found = scraped(rig)

    assert found["holter_lease_remaining_seconds"]["task-1",] == pytest.approx(350, abs=2)
    assert found["holter_last_beat_age_seconds"]["task-1",] == pytest.approx(100, abs=2)
    assert (found["holter_open_leases"], found["holter_open_leases_not_shown"]) == ({(): 1}, {(): 0})
    assert found["holter_beats_total"] == {
        ("taken",): 2, ("canceled",): 0, ("refused",): 0, ("broken",): 0, ("fault",): 0,
    }  # fmt: skip
    assert found["holter_calls_total"]["200", "ReportTaskProgress"] == 2
    assert found["holter_calls_total"]["200", "PollForTask"] == 1
    assert found["holter_caller_calls_total"]["r",] == 3
    assert found["holter_lost_total"] == {(): 0}
    assert found["holter_in_flight"] == {(): 0}
    assert found["holter_paused"] == {(): 0}
    assert found["holter_loop_lag_seconds"] == {(): 0}


def test_findings_and_faults_are_counted_by_rule() -> None:
    rig = Rig("when: {op: ReportTaskProgress, nth: 2}, then: {error: InternalServiceError}")
    handed(rig)
    beat(rig)
    decision, now = rig.beat(), rig.trial.clock.now().mono
    assert isinstance(decision, Answer)
    rig.trial.session.on_reply(1, decision.reply, now, now)
    rig.trial.clock.skip(460)
    rig.trial.session.tick(rig.trial.clock.now())
    found = scraped(rig)

    assert found["holter_findings_open"]["gap-over-limit",] == 1
    (opened,) = rig.watch.open
    withdrawn = replace(opened, state=State.WITHDRAWN, task="task-2")
    for state in (State.OPEN, State.WITHDRAWN):
        rig.watch.found(replace(withdrawn, state=state))
        assert scraped(rig)["holter_findings_open"]["gap-over-limit",] == 1 + (state is State.OPEN)
    assert found["holter_faults_total"] == {("r1",): 1}
    assert found["holter_beats_total"]["fault",] == 1
    assert found["holter_calls_total"]["500", "ReportTaskProgress"] == 1
    rig.trial.close()
    closed = scraped(rig)["holter_findings_total"]
    wanted = Counter((one.certainty, one.rule, one.severity) for one in rig.trial.audit.findings)
    assert closed == wanted
    assert len(wanted) > 0
    assert "holter_lease_remaining_seconds" not in scraped(rig)


def test_of_many_leases_the_worst_are_told_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "WORST", 2)
    rig = quiet()
    for number in range(5):
        given: Json = {"taskObject": {"taskId": f"real-{number}", "attemptId": f"@A{number}"}}
        say(rig, "PollForTask", {"workerGroup": "w", "hostname": f"r-{number}"}, given)
        rig.trial.clock.skip(1)
    found = scraped(rig)

    assert set(found["holter_lease_remaining_seconds"]) == {("task-1",), ("task-2",)}
    assert (found["holter_open_leases"], found["holter_open_leases_not_shown"]) == ({(): 5}, {(): 3})


def test_callers_beyond_the_first_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "CALLERS", 2)
    rig = quiet()
    for name in ("a", "b", "c", "d", "a"):
        say(rig, "PollForTask", {"workerGroup": "w", "hostname": name}, {})

    assert scraped(rig)["holter_caller_calls_total"] == {("a",): 2, ("b",): 1, ("other",): 2}


def test_operations_that_nobody_knows_do_not_make_labels_without_end() -> None:
    rig = quiet()
    for number in range(1200):
        say(rig, f"Op{number}", {}, {})
    found = scraped(rig)["holter_calls_total"]

    assert len(found) <= 501
    assert sum(found.values()) == 1200
    assert found["200", "other"] > 600


def test_labels_hold_whatever_a_runner_calls_itself() -> None:
    rig = quiet()
    name = 'a"b\\c\nd} 1'
    say(rig, "PollForTask", {"workerGroup": "w", "hostname": name}, {})

    assert sum(scraped(rig)["holter_caller_calls_total"].values()) == 1


def test_whoever_has_no_token_gets_no_figures() -> None:
    assert quiet().raw("GET", "/metrics", token=None).body == b""


def test_without_its_library_it_says_what_to_install() -> None:
    code = (
        "import sys\nsys.modules['prometheus_client'] = None\n"
        "from tests.board.test_live import quiet\n"
        "found = quiet().raw('GET', '/metrics')\n"
        "print(found.status, found.body.decode())\n"
    )
    paths = f"{ADDONS}:{ADDONS.parent}"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert "501" in done.stdout, done.stderr
    assert "pip install 'holter[proxy]'" in done.stdout


def test_while_calls_pass_unseen_nobody_knows_how_a_lease_stands() -> None:
    rig = quiet()
    handed(rig)
    beat(rig)
    rig.trial.session.pause(rig.trial.clock.now())
    rig.trial.clock.skip(1000)
    found = scraped(rig)

    assert found.keys().isdisjoint({"holter_lease_remaining_seconds", "holter_last_beat_age_seconds"})
    assert (found["holter_open_leases"], found["holter_open_leases_not_shown"]) == ({(): 1}, {(): 1})
    assert found["holter_paused"] == {(): 1}
    rig.trial.session.resume(rig.trial.clock.now())
    again = scraped(rig)
    assert again["holter_lease_remaining_seconds"]["task-1",] == pytest.approx(450, abs=2)
    assert "holter_last_beat_age_seconds" not in again
    rig.trial.clock.skip(1000)
    assert "holter_lease_remaining_seconds" not in scraped(rig)
    beat(rig)
    assert scraped(rig)["holter_last_beat_age_seconds"]["task-1",] == pytest.approx(0, abs=2)
