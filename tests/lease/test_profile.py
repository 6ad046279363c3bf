from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.lease.profile import DOCUMENTED, PROFILES, Limits, Profile
from holter.lease.profilefile import recorded
from holter.lease.rules import RULES
from holter.lease.sources import LIMIT_SOURCES


@pytest.mark.parametrize(
    ("name", "seconds", "source"),
    [
        ("ack", 120, "2 minutes"),
        ("advice", 60, "60 seconds"),
        ("silence", 300, "5 minutes"),
        ("progress", 900, "15 minutes"),
        ("runner", 900, "15 minutes"),
        ("poll", 90, "90 seconds"),
    ],
)
def test_a_documented_limit_is_the_number_that_its_source_says(
    name: str, seconds: float, source: str
) -> None:
    assert getattr(DOCUMENTED.limits, name) == seconds
    assert source in LIMIT_SOURCES[name]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_shipped_profile_keeps_the_documented_times_and_only_grades_rules(profile: Profile) -> None:
    assert PROFILES[profile.name] is profile
    assert (profile.limits, profile.tolerance, profile.grace) == (
        DOCUMENTED.limits,
        DOCUMENTED.tolerance,
        DOCUMENTED.grace,
    )
    assert set(profile.rules) <= set(RULES)
    assert set(profile.rules.values()) <= {"note", "warning", "error", "off"}
    assert profile.sources == LIMIT_SOURCES
    assert profile.scale == 1


def test_no_shipped_profile_switches_off_a_rule_of_a_lost_lease() -> None:
    lost = [rule for rule, row in RULES.items() if row.severity == "error"]

    assert not any(profile.rules.get(rule) for profile in PROFILES.values() for rule in lost)


@given(st.floats(1e-4, 1e4), st.floats(1e-4, 1e4))
def test_scaling_multiplies_every_time_and_nothing_else(first: float, second: float) -> None:
    profile = PROFILES["strict"].scaled(first).scaled(second)

    assert profile.scale == pytest.approx(first * second)
    for kind in ("tolerance", "grace"):
        scaled, whole = getattr(profile, kind), getattr(DOCUMENTED, kind)
        assert scaled == {name: pytest.approx(whole[name] * first * second) for name in whole}
    for field in dataclasses.fields(Limits):
        expected = getattr(DOCUMENTED.limits, field.name) * first * second
        assert getattr(profile.limits, field.name) == pytest.approx(expected)
    assert (profile.rules, profile.name) == (PROFILES["strict"].rules, "strict")


@pytest.mark.parametrize("name", PROFILES)
def test_a_header_keeps_the_whole_profile(name: str) -> None:
    kept = json.loads(json.dumps(PROFILES[name].scaled(0.25).as_json()))

    assert set(kept) == {field.name for field in dataclasses.fields(Profile)} - {
        "sources",
        "timeout",
        "attempt",
        "replay",
    }
    assert recorded(kept) == PROFILES[name].scaled(0.25)


def test_the_defaults_of_one_profile_are_not_shared_with_another() -> None:
    one, other = Profile(), Profile()

    assert one.tolerance is not other.tolerance
    assert one.rules is not other.rules
