"""docs/reports.md against real reports of every format: every key that is there, and none that is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.lease.history import ZERO, History

from holter.cli.audit import FORMATS
from holter.lease.audit import Audit
from holter.lease.order import passed
from holter.lease.phase import Phase
from holter.lease.profile import DOCUMENTED
from holter.lease.standing import Standing
from holter.lease.suppression import Suppression
from holter.report import comparison, junit, page, text, trace
from holter.report import json as report
from holter.report.lines import Lines
from holter.report.page import About
from holter.report.place import File, Place
from holter.report.strip import DOTS, Strip
from holter.wire.message import Broken, Json, Mark

TEXT = (Path(__file__).parents[1] / "docs" / "reports.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0].strip("`"): part for part in TEXT.split("\n## ")[1:]}
FREE = ("profile", "what_if", "leases[].limits", "leases[].unread", "leases[].progress", "files[].renamed")
"""Objects and lists whose own content is told in words or on another page."""
SPREAD = {"min", "p50", "p95", "p99", "max"}


def rows(section: str) -> list[list[str]]:
    """The cells of a section's only table."""
    found = re.search(r"^\|.*\n\|[-|]+\n((?:\|.*\n)+)", SECTIONS[section], re.MULTILINE)
    assert found is not None
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]


def example() -> Audit:
    held = Suppression("gap-over-advice", "fixed in 4.2", date(2027, 3, 1))
    history = History().handed(0).beat(1, 400, 480).finished(481)
    return history.audit(replace(DOCUMENTED, suppress=(held,)))


def rich() -> Audit:
    """A recording in which every key has something to say."""
    history = History(latency=0.5).handed(0, attemptTimeout="1 hour", reportProgressTimeout="#{x}")
    history.beat(1, 400).mark("stopped", 450).mark("started", 0.0, ZERO + 500).handed(1, "task-2")
    return history.call("ReportTaskRunnerHeartbeat", 5).call("ReportTaskRunnerHeartbeat", 9).audit()


def paths(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Every key of a report by its path; lists by their elements."""
    if at:
        yield at, value
    if at in FREE:
        return
    if isinstance(value, dict) and not (value and set(value) <= SPREAD):
        for name, inner in value.items():
            yield from paths(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                yield from ((path, one) for path, one in paths(inner, f"{at}[]") if path != f"{at}[]")


def value(audit: Audit) -> dict[str, Json]:
    places = {seq: Place("run.yaml", seq) for seq in range(1, 20)}
    return report.value(audit, files=[File("run.yaml", "r1")], places=places)


def test_every_format_has_a_section() -> None:
    assert [name for name in SECTIONS if name in FORMATS] == list(FORMATS)
    assert [row.split("`")[1] for row in re.findall(r"^\| `\w+` \| .*$", TEXT.split("\n## ")[0], re.M)] == [
        *FORMATS
    ]


def test_the_json_report_has_the_keys_that_are_told_and_no_other() -> None:
    told = {row[0].strip("`"): row[1] for row in rows("json")}
    found: dict[str, Json] = {}
    for path, one in paths(value(rich())):
        if found.get(path) is None:
            found[path] = one
    groups = {path for path, one in found.items() if isinstance(one, dict) and path not in told}

    assert groups == {
        *("leases[].beats", "callers[].beats", "callers[].unpolled", "callers[].alive", "summary")
    }
    assert set(found) - groups == set(told)


KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "seconds": (int, float),
    "time": (str,),
    "object": (dict,),
    "spread": (dict,),
    "null": (type(None),),
    "list": (list,),
    "list of strings": (list,),
    "list of numbers": (list,),
}


def test_what_stands_there_is_of_the_type_that_is_told() -> None:
    told = {row[0].strip("`"): row[1] for row in rows("json")}
    for path, one in paths(value(rich())):
        if path in told:
            allowed = tuple(kind for part in told[path].split(" or ") for kind in KINDS[part])
            assert isinstance(one, allowed), (path, one)
            if told[path].startswith("spread") and one:
                assert isinstance(one, dict)
                assert set(one) == SPREAD
            if told[path].startswith("time") and one:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", str(one))


def test_every_standing_and_every_end_is_told() -> None:
    told = {row[0].strip("`"): row[2] for row in rows("json")}
    ends = {phase.value for phase in Phase} - {"handed out", "held"}

    assert set(re.findall(r"`([^`]+)`", told["leases[].standing"])) == {one.value for one in Standing}
    assert ends | {"finished", "failed", "false"} <= set(re.findall(r"`([^`]+)`", told["leases[].outcome"]))


def test_the_text_example_is_what_is_printed() -> None:
    block = re.search(r"\n\n((?:    .*\n|\n)+)The first line", SECTIONS["text"])
    assert block is not None
    shown = [line.removeprefix("    ").rstrip() for line in block[1].rstrip().splitlines()]

    assert shown == text.render(example(), title="run.yaml").rstrip().splitlines()


def test_every_column_that_is_told_is_there() -> None:
    heads = text.render(example())

    assert all(row[0].strip("`") in heads for row in rows("text"))


def test_a_table_of_what_ifs_has_the_keys_that_are_told() -> None:
    row = comparison.Row("ack=1s", {"ack": 1.0}, example(), "error")
    found = json.loads(comparison.render([row], recording="r1"))
    words = set(re.findall(r"`(\w+)`", SECTIONS["json"].split("With several `--what-if`")[1]))

    assert {*found, *found["what_if"][0]} == words


@pytest.mark.parametrize("word", ["testsuites", "testsuite", "testcase", "failure", "system-out"])
def test_the_elements_of_junit_are_told(word: str) -> None:
    history = (
        History().handed(0).beat(1, 1000).finished(1001).handed(1100, "task-2", "B").beat(1200, task="task-2")
    )
    whole = junit.render([junit.suite(history.audit(), name="run.yaml")])
    found = {element.tag: set(element.keys()) for element in ElementTree.fromstring(whole).iter()}

    assert f"<{word}>" in SECTIONS["junit"]
    assert word in found
    assert all(f"`{name}`" in SECTIONS["junit"] for name in found[word])


def test_the_events_of_a_trace_are_told() -> None:
    found = json.loads(trace.render(rich()))
    events = found["traceEvents"]
    told = set(re.findall(r"^\| `(\w)` \|(?: `([a-z]+)[^|]*)? \|", SECTIONS["trace"], re.MULTILINE))
    arguments = {name for one in events if one["ph"] == "X" for name in one["args"]}

    assert told == {(one["ph"], one.get("cat", "").split(",")[0]) for one in events}
    assert all(f"`{name}`" in SECTIONS["trace"] for name in (*found, *arguments))


BLIND: list[tuple[list[Mark], str]] = [
    ([Mark("stopped", ZERO + 5, 5.0), Mark("started", ZERO + 9, 0.0)], "stopped"),
    ([Mark("started", ZERO + 9, 0.0)], "ended without stopping"),
    ([Mark("paused", ZERO + 5, 5.0), Mark("resumed", ZERO + 9, 9.0)], "paused"),
    ([Mark("stall", ZERO + 5, 5.0, {"since": 1.0})], "own loop late"),
    ([Mark("slept", ZERO + 5, 5.0, {"since": 1.0, "seconds": 9.0})], "host asleep"),
    ([Mark("clock", ZERO + 5, 5.0, {"since": 1.0, "by": 9.0})], "wall clock set"),
    ([Mark("lost", ZERO + 5, 5.0, {"since": 1.0})], "not written"),
]


def test_every_cause_of_blind_time_is_told() -> None:
    told = next(row[2] for row in rows("json") if row[0] == "`blind[].why`")

    assert told.split(", ") == [words for _, words in BLIND]
    for marks, words in BLIND:
        history = History()
        history.entries += marks
        (blind,) = history.audit().blind
        assert set(words.split()) <= set(blind.why.split()), words


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (Path(__file__).parents[1] / "docs" / target).is_file()


def test_a_broken_call_is_no_trouble_for_any_report() -> None:
    audit = History().handed(0).call("X", 5, status=None, broken=Broken.CLIENT).audit()

    assert json.loads(report.render(audit))["summary"]["calls"] == 2


def test_the_lines_of_a_running_lease_look_like_that() -> None:
    audit, lines = Audit(DOCUMENTED), list[str]()
    audit.count_down()
    audit.read(History().handed(0).beat(1).entries)
    for second in range(902):
        for ebb in audit.ebbing(second):
            Lines(lines.append).ebbing(ebb)
    for finding in audit.due(901.001):
        Lines(lines.append).found(finding)
    shown = re.findall(r"^    (\d\d:\d\d:\d\d\.\d{3}  .*)$", SECTIONS["While it runs"], re.MULTILINE)

    assert [line[14:] for line in shown] == [line[14:] for line in lines]
    assert [line[:8] for line in shown] == [line[:8] for line in lines]


def test_the_page_tells_of_its_keys_and_the_kinds_of_its_dots() -> None:
    section = SECTIONS["html"]
    found = page.value(*drawn(), About("run.yaml"))
    keys, kinds = section.split("The kinds of dots:")
    told = set(re.findall(r"`(\w+)", "".join(re.findall(r"^\| (`.*?) \|", keys, re.MULTILINE))))

    assert told == {*found, "bodies"}
    assert re.findall(r"^\| `(\w)` \|", kinds, re.MULTILINE) == [*DOTS]
    for name in ("leases", "findings", "callers"):
        (row,) = re.findall(rf"^\| `{name}\[\]` \| (.*) \|$", keys, re.MULTILINE)
        rows = found[name]
        assert isinstance(rows, list)
        assert isinstance(rows[0], dict)
        plain = report.value(drawn()[0])[name]
        assert isinstance(plain, list)
        assert isinstance(plain[0], dict)
        own = set(rows[0]) - set(plain[0])
        assert own <= set(re.findall(r"`(\w+)`", row)), name


def drawn() -> tuple[Audit, Strip]:
    audit = Audit(DOCUMENTED)
    strip = Strip(audit.timeline)
    made = History().handed(0).beat(1, 1000).finished(1001)
    for edge in strip.overheard(passed(made.entries, audit.timeline)):
        audit.feed(edge)
    audit.close()
    return audit, strip
