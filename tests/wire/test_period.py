from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.wire.period import seconds

UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 hour", 3600.0),
        ("1 Hour", 3600.0),
        ("1 hours", 3600.0),
        ("1 Hours", 3600.0),
        ("15 Minutes", 900.0),
        ("10 minutes", 600.0),
        ("1 minute", 60.0),
        ("2 days", 172800.0),
        ("1 WEEK", 604800.0),
        ("3 years", 94672800.0),
        ("1 month", 2629800.0),
        ("  5   minutes ", 300.0),
        ("007 minutes", 420.0),
    ],
)
def test_a_period_is_read_as_the_guide_spells_it(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "minutes",
        "15",
        "0 minutes",
        "-1 minutes",
        "1.5 hours",
        "15minutes",
        "15 min",
        "15 seconds",
        "an hour",
        "1 hour 5 minutes",
        "#{myTimeout}",
        "#{15} minutes",
        "15 minutes;",
        "15 minutess",
    ],
)
def test_anything_else_is_unknown_rather_than_guessed(text: str) -> None:
    assert seconds(text) is None


@given(st.integers(1, 10**6), st.sampled_from(sorted(UNITS)), st.booleans(), st.booleans())
def test_number_and_unit_multiply(number: int, unit: str, plural: bool, upper: bool) -> None:
    spelled = f"{number} {unit}{'s' if plural else ''}"
    assert seconds(spelled.upper() if upper else spelled) == number * UNITS[unit]


@given(st.text())
def test_any_text_is_a_positive_period_or_none(text: str) -> None:
    value = seconds(text)
    assert value is None or value > 0


@pytest.mark.parametrize("text", ["9" * 400 + " years", "9" * 5000 + " minutes"])
def test_a_number_beyond_all_floats_is_unknown_too(text: str) -> None:
    assert seconds(text) is None
