from __future__ import annotations

from typing import Any

import pytest

from holter.errors import ConfigError, UsageError
from holter.recorder import Recording
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace
from holter.replayer import Replay
from holter.testing.wanted import ARGUMENTS, Said, Wanted, wanted


def read(**said: Any) -> Wanted:
    return wanted(["a.yaml"], {name: Said(name, value) for name, value in said.items()})


def test_by_default_answers_come_at_once_from_the_cassette_alone() -> None:
    found = read()
    assert found.replay == Replay(("a.yaml",), scale=0.0)
    assert found.recording == Recording("a.yaml", engine="in process")
    assert found.unplayed == "ignore"


@pytest.mark.parametrize(
    ("name", "value", "read_as"),
    [
        ("mode", "once", Mode.ONCE),
        ("mode", Mode.ALL, Mode.ALL),
        ("pace", "lease", Pace.LEASE),
        ("end", "fail", End.FAIL),
        ("scale", 0.5, 0.5),
        ("scale", "0.5", 0.5),
        ("scale", 0, 0.0),
        ("profile", "strict", "strict"),
        ("allow_faults", True, True),
        ("allow_faults", "no", False),
        ("max_age", 30, 30),
        ("stale", "fail", "fail"),
    ],
)
def test_words_of_a_replay(name: str, value: Any, read_as: Any) -> None:
    assert getattr(read(**{name: value}).replay, name) == read_as


@pytest.mark.parametrize(
    ("value", "match_on"),
    [
        ({"PollForTask": ["hostname"]}, {"PollForTask": {"ignore": ["hostname"]}}),
        ({"PollForTask": []}, {"PollForTask": {"ignore": []}}),
        (["PollForTask=hostname,workerGroup"], {"PollForTask": {"ignore": ["hostname", "workerGroup"]}}),
        ("PollForTask=", {"PollForTask": {"ignore": []}}),
    ],
)
def test_what_is_left_aside_when_matching(value: Any, match_on: Any) -> None:
    assert read(ignore=value).replay.match_on == match_on


def test_words_of_a_recording() -> None:
    found = read(mode="once", redact="strict", redact_key=["pw"], scale=0.1).recording
    assert (found.redact, found.redact_keys, found.scale) == ("strict", ("pw",), 0.1)
    assert read(mode="once", redact_key="pw").recording.redact_keys == ("pw",)
    assert read(mode="once").recording.scale == 1.0


def test_faults_by_plan_in_short_and_by_the_beat() -> None:
    found = read(faults="canceled", fault="PollForTask:throttle=1", cancel_on=3, seed=7)
    names = [spelled.rule.name for spelled in found.replay.plans.rules]
    assert names[0] == "cancel on beat 3"
    assert names[-1] == "cancel the second beat"
    assert (len(names), found.replay.plans.seed) == (3, 7)
    assert read().replay.plans.rules == ()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"faults": "cancelled"}, "no file cancelled, and no plan of that name (did you mean canceled?)"),
        ({"fault": "PollForTask:x"}, "x"),
        (
            {"fault": "ReportTaskProgress:duplicate=2"},
            "duplicate needs a service behind Holter, which replay has not",
        ),
    ],
)
def test_a_wrong_fault_is_told(said: Any, wrong: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(**said)
    assert wrong in str(refused.value)


def test_a_fault_that_needs_a_service_goes_where_there_is_one() -> None:
    assert len(read(mode="once", fault="ReportTaskProgress:duplicate=2").replay.plans.rules) == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"mode": "som"}, "mode: 'som' is none of none, once, new_episodes, all, passthrough"),
        ({"pace": 3}, "pace: '3' is none of ordinal, lease"),
        ({"scale": -1}, "scale: '-1' is not a number above 0, such as 0.01"),
        ({"scale": "fast"}, "scale: 'fast' is not a number above 0, such as 0.01"),
        ({"max_age": 0}, "max_age: '0' is not a whole number from 1 up"),
        ({"unplayed": "x"}, "unplayed: 'x' is none of ignore, warn, fail"),
        ({"allow_faults": "maybe"}, "allow_faults: 'maybe' is neither true nor false"),
        ({"ignore": ["PollForTask"]}, "ignore: 'PollForTask' is not OPERATION=PATH,... such as"),
        ({"ignore": 3}, "ignore: 3 is no list"),
        ({"redact_key": 3}, "redact_key: 3 is no list"),
        ({"mods": "once"}, "mods: is no argument (did you mean mode?)"),
        ({"x": 1}, "x: is no argument (known: mode, pace, end, scale"),
        ({"cancel_on": 0}, "cancel_on: '0' is not a whole number from 1 up"),
    ],
)
def test_a_wrong_word_is_told_under_the_name_that_it_was_written_under(said: Any, wrong: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(**said)
    assert str(refused.value).startswith(wrong)
    assert len(str(refused.value).splitlines()) == 1


def test_the_name_is_that_of_the_place_where_it_was_written() -> None:
    with pytest.raises(UsageError, match=r"^holter_scale: 'x' is not a number"):
        wanted(["a.yaml"], {"scale": Said("holter_scale", "x")})


def test_every_argument_is_a_setting_of_that_name() -> None:
    assert [name for name, setting in ARGUMENTS.items() if setting.name != name] == []
