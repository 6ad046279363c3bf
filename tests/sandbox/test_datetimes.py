from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holter.sandbox.datetimes import FUNCTIONS, Value, moment, show, stamp

MY = datetime(2011, 5, 24, 17, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "given", "result"),
    [
        ("day", (), "24"),
        ("dayOfYear", (), "144"),
        ("firstOfMonth", (), "2011-05-01T17:10:00"),
        ("hour", (), "17"),
        ("midnight", (), "2011-05-24T00:00:00"),
        ("minusDays", (1,), "2011-05-23T17:10:00"),
        ("minusHours", (1,), "2011-05-24T16:10:00"),
        ("minusMinutes", (1,), "2011-05-24T17:09:00"),
        ("minusMonths", (1,), "2011-04-24T17:10:00"),
        ("minusMonths", (3,), "2011-02-24T17:10:00"),
        ("minusMonths", (5,), "2010-12-24T17:10:00"),
        ("minusWeeks", (1,), "2011-05-17T17:10:00"),
        ("minusYears", (1,), "2010-05-24T17:10:00"),
        ("minute", (), "10"),
        ("month", (), "5"),
        ("plusDays", (1,), "2011-05-25T17:10:00"),
        ("plusHours", (1,), "2011-05-24T18:10:00"),
        ("plusMinutes", (1,), "2011-05-24T17:11:00"),
        ("plusMonths", (1,), "2011-06-24T17:10:00"),
        ("plusMonths", (8,), "2012-01-24T17:10:00"),
        ("plusWeeks", (1,), "2011-05-31T17:10:00"),
        ("plusYears", (1,), "2012-05-24T17:10:00"),
        ("sunday", (), "2011-05-22T17:10:00"),
        ("year", (), "2011"),
        ("yesterday", (), "2011-05-23T17:10:00"),
        ("format", ("YYYY-MM-dd HH:mm:ss z",), "2011-05-24 17:10:00 UTC"),
        ("format", ("YYYY-MM-dd'T'hh:mm:ss a",), "2011-05-24T05:10:00 PM"),
        ("format", ("EEE, d MMM yy; EEEE MMMM D",), "Tue, 24 May 11; Tuesday May 144"),
        ("format", ("H 'o''clock' ''S Z",), "17 o'clock '0 +0000"),
    ],
)
def test_the_functions_give_what_the_developer_guide_says(
    name: str, given: tuple[Value, ...], result: str
) -> None:
    count, function = FUNCTIONS[name]
    assert count == len(given) + 1
    assert show(function(MY, *given)) == result
    assert show(function(show(MY), *given)) == result


def test_a_sunday_stays_the_same_sunday() -> None:
    assert show(FUNCTIONS["sunday"][1]("2011-05-22T17:10:00")) == "2011-05-22T17:10:00"


def test_dates_are_made_from_numbers() -> None:
    assert show(FUNCTIONS["makeDate"][1](2011, 5, 24)) == "2011-05-24T00:00:00"
    assert show(FUNCTIONS["makeDateTime"][1](2011, 5, 24, 14, 21)) == "2011-05-24T14:21:00"


def test_the_last_day_of_a_month_stays_in_its_month() -> None:
    assert show(FUNCTIONS["plusMonths"][1]("2012-01-31T00:00:00", 1)) == "2012-02-29T00:00:00"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("day", ("yesterday",)),
        ("plusDays", (MY, "many")),
        ("plusDays", (MY, 10**8)),
        ("plusYears", (MY, 10**5)),
        ("makeDate", (2011, 13, 1)),
        ("format", (MY, "QQ")),
        ("format", (MY, "'open")),
    ],
)
def test_what_makes_no_sense_raises(name: str, given: tuple[Value, ...]) -> None:
    with pytest.raises((ValueError, OverflowError)):
        FUNCTIONS[name][1](*given)


def test_moments_have_one_spelling() -> None:
    assert stamp(0) == "1970-01-01T00:00:00"
    assert moment("2011-05-24T17:10:00Z") == MY
