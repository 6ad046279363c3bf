from __future__ import annotations

import pytest

from holter.wire import facts
from holter.wire.facts import Regions, mangled, region, signed_at, skew
from holter.wire.message import Call, Moment

REAL = "QUFB+QUFBQUFB/QUFB==:bWFj:1"


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("20260102T030405Z", 1767323045.0),
        ("20260102T030405", None),
        ("Fri, 02 Jan 2026 03:04:05 GMT", None),
        ("20261302T030405Z", None),
        ("", None),
        (None, None),
    ],
)
def test_when_a_client_signed(date: str | None, moment: float | None) -> None:
    assert signed_at(date) == moment


@pytest.mark.parametrize(
    ("signed", "note"),
    [(None, {}), (1300.0, {}), (1301.0, {"clock_skew": 301.0}), (600.0, {"clock_skew": -400.0})],
)
def test_a_skew_is_noted_when_it_is_large(signed: float | None, note: dict[str, float]) -> None:
    assert skew(Call("PollForTask", {}, Moment(1000.0, 0.0), signed=signed)) == note


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("datapipeline.us-east-1.amazonaws.com", "us-east-1"),
        ("DataPipeline.EU-West-1.amazonaws.com:443", "eu-west-1"),
        ("datapipeline-fips.us-west-2.api.aws", "us-west-2"),
        ("datapipeline.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        ("127.0.0.1:8080", None),
        ("datapipeline.local", None),
        ("", None),
    ],
)
def test_the_region_of_a_host(host: str, name: str | None) -> None:
    assert region(host) == name


def test_a_task_that_moves_is_noted_and_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_KEPT", 1)
    here, there = (f"datapipeline.{name}.amazonaws.com" for name in ("us-east-1", "eu-west-1"))
    regions = Regions()
    regions.handed("task-1", here)

    assert regions.note("task-1", here) == {}
    assert regions.note("task-1", there) == {"regions": ["us-east-1", "eu-west-1"]}
    assert regions.note("task-1", "localhost") == regions.note(None, there) == {}

    regions.handed("task-2", here)
    assert regions.note("task-1", there) == {}


@pytest.mark.parametrize(
    ("given", "how"),
    [
        (f" {REAL}\n", "with blanks around it"),
        (REAL.replace("+", " "), "with blanks for +"),
        ("QUFB%2BQUFBQUFB%2FQUFB%3D%3D%3AbWFj%3A1", "URL-encoded"),
        ("QUFB+QUFBQUFB/QUFB==:bWFj", "without its tail"),
        (REAL[:16], "cut off after 16 characters"),
        (REAL[:15], None),
        (REAL.lower(), None),
        ("task-9", None),
    ],
)
def test_a_changed_task_id_is_known(given: str, how: str | None) -> None:
    assert mangled(given, [("other", "task-1"), (REAL, "task-2")]) == (how and f"task-2, {how}")


def test_an_id_that_was_handed_out_with_odd_characters() -> None:
    assert mangled("a%2Bb", [("a%2Bb", "task-1")]) is None
    assert mangled("a+b", [("a%2Bb", "task-1")]) == "task-1, URL-decoded"
    assert mangled("ab", [(" ab ", "task-1")]) == "task-1, without the blanks around it"
