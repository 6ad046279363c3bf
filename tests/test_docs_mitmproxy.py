"""docs/mitmproxy.md against the script, both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mitmproxy import flowfilter, http
from tests.mitm.inside import flow

from holter.faults.short import parse
from holter.mitm.addon import Proxy
from holter.mitm.commands import Commands
from holter.mitm.contentview import CallView
from holter.mitm.notes import MARKS, UNSURE
from holter.mitm.options import KEEP, OPTIONS

DOC = Path(__file__).parents[1] / "docs" / "mitmproxy.md"
TEXT = DOC.read_text(encoding="utf-8")


def section(name: str) -> str:
    """What stands behind a comment, up to the next one."""
    return TEXT.partition(f"<!-- {name} -->")[2].partition("<!-- ")[0]


def rows(name: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `(.+?)` \| (.+) \|$", section(name), re.MULTILINE)


FILTERS = [said for said, _ in rows("filters")]


def test_every_command_is_told_as_it_tells_of_itself() -> None:
    made = Commands(Proxy())
    methods = [getattr(made, name) for name in dir(made) if not name.startswith("_") and name != "name"]
    found = {one.command_name: " ".join((one.__doc__ or "").split()) for one in methods}

    assert dict(rows("commands")) == found


def test_every_option_that_is_named_exists() -> None:
    named = set(re.findall(r"holter_([a-z_]+)\b(?!:)", TEXT))
    noted = {"task", "op", "caller", "fault", "origin", "error", "broken"}

    assert named - noted <= set(OPTIONS)
    assert {"record", "replay", "mode", "keep_flows", "unplayed"} <= named
    assert f"{KEEP} stay; marked ones stay until there are {KEEP} of them" in " ".join(TEXT.split())


def test_the_marks_are_those_that_are_given() -> None:
    assert [mark for mark, _ in rows("marks")] == [*MARKS.values(), UNSURE]


def whole() -> http.HTTPFlow:
    """A call of which everything that can be noted is noted."""
    one = flow(body={"taskId": "x", "fields": [{"key": "percentComplete", "stringValue": "50"}]})
    one.marked, one.comment = ":red_circle:", "gap-over-5min (error, certain, open): late"
    said = {"task": "task-1", "op": "PollForTask", "caller": "runner-1", "fault": "f", "origin": "refused"}
    one.metadata.update(
        {f"holter_{key}": value for key, value in {**said, "error": "X", "broken": "us"}.items()}
    )
    return one


@pytest.mark.parametrize("said", FILTERS)
def test_every_filter_finds_what_it_is_for_and_no_plain_call(said: str) -> None:
    assert flowfilter.match(said, whole())
    assert not flowfilter.match(said, flow())


def test_the_view_that_is_shown_is_what_the_view_says() -> None:
    one = whole()
    line = "gap-over-5min (warning, certain, closed): task-1 had no beat for 301 s"
    one.metadata = {
        "holter_call": 3,
        "holter_caller": "runner-1",
        "holter_origin": "live",
        "holter_findings": [line],
    }
    shown = section("shown").partition("```yaml\n")[2].partition("```")[0]

    assert CallView(Proxy()).render(one, one.request) + "\n" == shown


def test_the_fault_that_is_armed_can_be() -> None:
    (fault,) = re.findall(r"^holter\.arm (\S+)$", TEXT, re.MULTILINE)

    assert parse(fault).rule.name == fault


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT):
        assert (DOC.parent / target).is_file(), target
