"""Suppressions in a profile's file: what is read, and what is refused in one line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from holter.errors import ConfigError
from holter.lease.profilefile import named, recorded
from holter.lease.suppression import Suppression
from holter.lease.suppressionfile import lines, read

GOOD = """holter-profile: 1
suppress:
  - {rule: gap-over-advice, caller: "legacy-*", reason: "fixed in 4.2", until: 2027-03-01}
  - rule: ack-slow
    activity: Copy*
    task: task-1
    reason: >
      slow disk,
      being replaced
    until: "2027-04-01"
"""


def profile(folder: Path, text: str, name: str = "ours.yaml") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_they_are_read_with_their_places(tmp_path: Path) -> None:
    path = profile(tmp_path, GOOD)
    first, second = named(path).suppress

    assert first == Suppression(
        "gap-over-advice", "fixed in 4.2", date(2027, 3, 1), (("caller", "legacy-*"),)
    )
    assert (second.reason, second.until) == ("slow disk, being replaced", date(2027, 4, 1))
    assert second.about == (("task", "task-1"), ("activity", "Copy*"))
    assert [first.place, second.place] == [f"{path}:3", f"{path}:4"]


def test_a_file_adds_to_those_of_the_file_that_it_extends(tmp_path: Path) -> None:
    profile(tmp_path, GOOD, "base.yaml")
    more = "suppress: [{rule: abandoned, reason: known, until: 2027-01-01}]\n"
    found = named(profile(tmp_path, f"holter-profile: 1\nextends: base.yaml\n{more}"))

    assert [one.rule for one in found.suppress] == ["gap-over-advice", "ack-slow", "abandoned"]


def test_they_survive_a_header(tmp_path: Path) -> None:
    found = named(profile(tmp_path, GOOD))

    assert recorded(found.as_json()).suppress == found.suppress
    assert recorded({"name": "documented"}).suppress == ()


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("1", ":2: suppress[0]: must be a mapping of rule, reason, until"),
        ("{rule: ack-late, until: 2027-03-01}", ":2: suppress[0].reason: is missing: a suppression needs"),
        ("{rule: ack-late, reason: '', until: 2027-03-01}", "suppress[0].reason: is missing"),
        ("{rule: ack-late, reason: x}", "suppress[0].until: is missing"),
        ("{reason: x, until: 2027-03-01}", "suppress[0].rule: is missing"),
        ("{rule: ack-lat, reason: x, until: 2027-03-01}", "'ack-lat' is no rule that can be suppressed (did"),
        ("{rule: suppression-expired, reason: x, until: 2027-03-01}", "is no rule that can be suppressed"),
        ("{rule: [a], reason: x, until: 2027-03-01}", "suppress[0].rule: ['a'] is no text"),
        ("{rule: ack-late, reason: 5, until: 2027-03-01}", "suppress[0].reason: 5 is no text"),
        ("{rule: ack-late, reason: x, until: soon}", "until: 'soon' is no day such as 2027-03-01"),
        ("{rule: ack-late, reason: x, until: 7}", "suppress[0].until: '7' is no day"),
        ("{rule: ack-late, reason: x, until: 2027-03-01T10:00:00Z}", "is no day such as"),
        ("{rule: ack-late, reason: x, until: 2027-02-30}", "cannot be read: "),
        ("{rule: ack-late, reason: x, until: 2027-03-01, taks: a}", ".taks: is unknown (did you mean task?)"),
        ("{rule: ack-late, reason: x, until: 2027-03-01, caller: ' '}", "suppress[0].caller: ' ' is no text"),
    ],
)  # fmt: skip
def test_a_bad_one_is_one_line_with_file_line_and_path(tmp_path: Path, entry: str, says: str) -> None:
    path = profile(tmp_path, f"suppress:\n  - {entry}\nholter-profile: 1\n")

    with pytest.raises(ConfigError) as caught:
        named(path)

    assert says in str(caught.value)
    assert str(caught.value).startswith(path)
    assert "\n" not in str(caught.value)


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ours.yaml: suppress: must be a list"):
        named(profile(tmp_path, "holter-profile: 1\nsuppress: {rule: ack-late}\n"))
    with pytest.raises(ConfigError, match=r"header: suppress\[0\].until: is missing"):
        read("header", [{"rule": "ack-late", "reason": "x"}])


def test_lines_are_those_of_the_entries() -> None:
    assert lines(GOOD) == [3, 4]
    assert lines("- 1") == lines("suppress: 1") == lines("") == []
