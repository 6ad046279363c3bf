"""The report for people."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tests.lease.history import ZERO, History, strictly

from holter.lease.profile import DOCUMENTED, RELAXED, STRICT
from holter.lease.rules import RULES
from holter.lease.suppression import Suppression
from holter.report.text import render
from holter.report.words import clock, day
from holter.wire.message import Mark


def test_a_clean_run_is_told_in_one_line_and_a_table() -> None:
    history = History().handed(0).beat(1, 50).finished(60)

    assert render(history.audit(), title="run.yaml").splitlines() == [
        "run.yaml: no findings in 4 calls, 1 lease; profile documented",
        "",
        "task       activity           outcome         ack s  beats max gap s  used",
        "task-1     Copy               finished         1.00      2     49.00    5%",
        "",
        "runner                    calls tasks unpolled s alive  beats max gap s  used",
        "runner-1                      4     1       0.00     0      2     49.00    5%",
    ]


def test_nothing_recorded_is_told_in_one_line() -> None:
    assert render(History().audit(RELAXED)) == "no findings in 0 calls, 0 leases; profile relaxed\n"


def test_the_verdict_counts_what_fails_a_run_apart_from_what_does_not() -> None:
    history = History().handed(0).beat(1).beat(400).finished(401)
    history.handed(500, "task-2", "Other_2026-01-02T00:00:00_Attempt=1", reportProgressTimeout="#{x}")
    history.beat(501, 1500, task="task-2").finished(1501, "task-2")

    assert render(history.audit()).splitlines()[0] == (
        "1 warning (1 more that fails no run) in 8 calls, 2 leases; profile documented"
    )


def test_the_scale_is_told_where_there_is_one() -> None:
    head = render(History().audit(DOCUMENTED.scaled(0.01))).splitlines()[0]

    assert head.endswith("profile documented, times scaled by 0.01")


def test_findings_stand_together_by_rule_with_proof_source_and_what_to_do() -> None:
    text = render(History().handed(0).beat(1, 400, 800).finished(801).audit())

    assert text.splitlines()[1:8] == [
        "",
        "warning gap-over-5min: Two beats were more than 5 minutes apart; one reading of",
        "  the documents takes the task away then.",
        "  - 08:05:01.000 task-1 had no beat for 399.00 s; the limit is 300 s (silence)",
        "    (calls 2 to 3) [runner-1]",
        "  - 08:11:40.000 task-1 had no beat for 400.00 s; the limit is 300 s (silence)",
        "    (calls 3 to 4) [runner-1]",
    ]
    assert text.count("source: AWS API reference, ReportTaskProgress: reassigned after 5 minutes") == 1
    assert text.count("to do: Beat every 60 seconds") == 1


def test_one_call_is_told_as_one_and_what_is_no_gap_by_the_source_of_its_rule() -> None:
    history = History().beat(1, 50).finished(51)
    said = " ".join(render(history.audit()).split())

    assert "task-1 was never handed out in this recording (call 1) [runner-1]" in said
    assert f"source: {RULES['task-id-unknown'].source} to do:" in said


def test_a_grace_of_ours_stands_beside_what_the_documents_say() -> None:
    history = History().handed(0).beat(1).beat(2, canceled=True).beat(70)
    said = " ".join(render(history.audit()).split())

    rule, grace = RULES["cancel-ignored"].source, "Holter's own grace; no document gives one"
    assert f"source: {rule} source: {grace} to do:" in said


def heads(text: str) -> list[str]:
    return re.findall(r"^(?:error|warning|note) [\w-]+", text, re.MULTILINE)


def test_the_worst_rules_stand_first_by_the_grade_of_the_profile() -> None:
    history = (
        History().handed(0).beat(1, 400).finished(401).handed(500, "task-2", "B").beat(600, task="task-2")
    )
    history.finished(601, "task-2")

    assert heads(render(history.audit())) == ["warning ack-slow", "warning gap-over-5min"]
    assert heads(render(history.audit(STRICT))) == ["error gap-over-5min", "warning ack-slow"]


def test_every_source_of_a_rules_limits_is_named_once() -> None:
    history = History().handed(0, reportProgressTimeout="10 minutes").beat(1, 700, 1400).finished(1401)
    history.handed(2000, "task-2", "B").beat(2001, 3000, task="task-2").finished(3001, "task-2")
    text = render(history.audit())

    assert text.count("source:") == 2
    assert "source: reportProgressTimeout in the pipeline's definition" in text
    assert "source: AWS API reference, ReportTaskProgress: every 15 minutes keeps" in text


def test_blind_time_is_told() -> None:
    history = History().handed(0).beat(1).mark("stopped", 50).mark("started", 0.0, ZERO + 80)

    assert "\nblind from 08:00:50.000 to 08:01:20.000: Holter was stopped\n" in render(history.audit())


def test_of_many_blind_times_the_longest_are_told() -> None:
    history = History()
    for number in range(1, 21):
        since = 100.0 * number
        history.entries.append(Mark("stall", ZERO + since + number, since + number, {"since": since}))
    lines = [line for line in render(history.audit()).splitlines()[1:] if line]

    assert len(lines) == 9
    assert lines[0] == "blind from 08:21:40.000 to 08:21:53.000: Holter's own loop was late"
    assert lines[-1] == "and 12 shorter times; 210.0 s in all"


def test_what_was_handed_out_again_and_limits_that_could_not_be_read_stand_under_the_tasks() -> None:
    history = History().handed(0, reportProgressTimeout="#{later}").beat(1).handed(1000, "task-2")
    lines = render(history.beat(1001, task="task-2").finished(1002, "task-2").audit()).splitlines()

    assert lines[-5:-3] == [
        "  task-1 was handed out again as task-2",
        "  task-1: limit unknown, default used: reportProgressTimeout is '#{later}'",
    ]


def test_of_many_such_lines_the_first_are_told() -> None:
    history = History()
    for number in range(30):
        history.handed(number, f"task-{number}", f"A{number}", attemptTimeout="soon")
    lines = render(history.audit()).splitlines()

    assert lines[-4] == "  and 10 more such lines (all in --format json)"
    assert len([line for line in lines if "limit unknown" in line]) == 20


def test_what_is_suppressed_is_counted_and_told_with_its_reason_at_the_end() -> None:
    history = History().handed(0).beat(1, 400, 800).finished(801)
    held = Suppression("gap-over-5min", "fixed in 4.2", date(2027, 3, 1))
    idle = Suppression("ack-late", "new disks", date(2027, 3, 1), (("caller", "a*"),), "p.yaml:7")
    lines = render(history.audit(replace(DOCUMENTED, suppress=(held, idle)))).splitlines()

    assert lines[0] == "no findings (2 suppressed) in 5 calls, 1 lease; profile documented"
    assert lines[2:4] == [
        "suppressed: 2 x gap-over-5min: fixed in 4.2",
        "suppressed nothing: ack-late, caller a*, until 2027-03-01: new disks (p.yaml:7)",
    ]


def test_a_possible_finding_says_so() -> None:
    history = History().handed(0, reportProgressTimeout="#{later}").beat(1, 1000).finished(1001)

    assert "[possible]" in " ".join(render(history.audit()).split())


def test_an_open_lease_without_beats_shows_dashes() -> None:
    row = render(History().handed(0, attempt="A B").audit()).splitlines()[-4]

    assert row.split() == ["task-1", "@A", "B", "unfinished", "-", "0", "-", "0%"]


def test_no_line_is_wider_than_a_terminal_and_no_name_is_cut_in_two() -> None:
    history = History(caller="a-rather-long-name-of-a-runner.eu-west-1.compute.internal")
    profile = strictly(DOCUMENTED, ack=0.5, advice=0.25)
    for number in range(10, 40):
        history.handed(number, f"task-{number}", f"Activity-{number}_2026-01-02T00:00:00_Attempt=1")
        history.beat(number + 100, task=f"task-{number}").finished(number + 101, f"task-{number}")
    history.handed(200, "a-task-by-its-real-name", f"{'Activity' * 4}_2026-01-02T00:00:00_Attempt=1")
    text = render(history.audit(profile.scaled(0.02)), title="recordings/of/the/whole/fleet/run.yaml")

    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"task-$", text, re.MULTILINE)
    assert text.count(history.caller) == text.count("(call") > 0


def test_what_a_runner_says_does_not_reach_the_terminal_as_control_characters() -> None:
    evil = "run\x1b]0;x\x07ner\n"
    history = History(caller=evil).handed(0, attempt="@Co\x1b[2Jpy\n_2026-01-02T00:00:00_Attempt=1")
    history.failing(100, 400, "Throt\x1b[31mtling\r\n").finished(2000)
    text = render(history.audit(replace(DOCUMENTED, name="documented")))

    assert "Throt [31mtling" in text
    assert "run ]0;x ner" in text
    assert all(line.isprintable() for line in text.splitlines())


def test_times_carry_their_date_where_the_recording_goes_over_midnight() -> None:
    night = 24 * 3600.0
    short, long = History().handed(0).beat(1, 400), History().handed(0).beat(1, 400).mark("alive", night)
    at = ZERO + 301

    assert f"- {clock(at)} task-1 had" in render(short.audit())
    assert f"- {clock(at, dated=True)} task-1 had" in render(long.audit())
    assert clock(at, dated=True) == f"{day(at)} {clock(at)}"


def test_blind_times_carry_their_date_too() -> None:
    history = History().mark("paused", 10.0).mark("resumed", 24 * 3600.0)
    since, until = clock(ZERO + 10, dated=True), clock(ZERO + 24 * 3600, dated=True)

    assert " ".join(render(history.audit()).split()).endswith(
        f"blind from {since} to {until}: Holter was paused"
    )


def test_two_that_fail_no_run_are_told_as_two() -> None:
    history = History().beat(1, 50).finished(51)
    history.beat(60, 110, task="task-2").finished(111, "task-2")
    assert " (2 more that fail no run) in " in render(history.audit())
