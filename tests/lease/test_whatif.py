"""Other limits for a recording that exists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.errors import UsageError
from holter.lease.profile import DOCUMENTED
from holter.lease.sources import LIMIT_SOURCES
from holter.lease.whatif import LIMITS, changed, duration, what_if

from .history import History


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0), ("90s", 90.0), ("0.5s", 0.5), ("5m", 300.0), ("5 m", 300.0), ("1h", 3600.0),
        ("2d", 172800.0), ("30 minutes", 1800.0), ("1 Hour", 3600.0),
    ],
)  # fmt: skip
def test_a_duration_may_be_spelled_in_many_ways(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "soon", "5 x", "1e3", "nan", "inf", "9" * 400, "5m5s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no duration, such as 90s, 5m, 1h"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ack", "'ack' is not LIMIT=DURATION"),
        ("akk=1", "akk: is no limit (did you mean ack?)"),
        ("zzz=1", "zzz: is no limit (known: reportProgressTimeout, attemptTimeout, ack"),
        ("ack=1,ack=2", "ack stands twice"),
        ("ack=1,", "'' is not LIMIT=DURATION"),
    ],
)
def test_what_is_no_limit_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        what_if(text)

    assert says in str(caught.value)


def test_every_limit_of_a_profile_can_be_set() -> None:
    assert set(LIMITS) == {*LIMIT_SOURCES, "reportProgressTimeout", "attemptTimeout"}
    for name in LIMIT_SOURCES:
        profile = what_if(f"{name}=7s").apply(DOCUMENTED)
        assert (getattr(profile.limits, name), profile.sources[name]) == (7.0, "--what-if")
        assert changed(profile) == {name: 7.0}
    assert changed(DOCUMENTED) == {}


def test_a_what_if_is_scaled_as_the_recording_is() -> None:
    profile = what_if("ack=60s, reportProgressTimeout=5m").apply(DOCUMENTED.scaled(0.01))

    assert changed(profile) == pytest.approx({"ack": 0.6, "reportProgressTimeout": 3.0})
    assert changed(profile.scaled(2)) == pytest.approx({"ack": 1.2, "reportProgressTimeout": 6.0})


@pytest.mark.parametrize("said", [{}, {"reportProgressTimeout": "1 hour"}, {"reportProgressTimeout": "#{x}"}])
def test_a_what_if_goes_before_what_hand_outs_say(said: dict[str, str]) -> None:
    history = History().handed(0, **said).beat(1, 400).finished(401)

    assert history.rules(what_if("reportProgressTimeout=5m").apply(DOCUMENTED)) == ["gap-over-limit"]
    (finding,) = history.findings(what_if("reportProgressTimeout=5m").apply(DOCUMENTED))
    assert finding.limit is not None
    assert (finding.limit.name, finding.limit.seconds, finding.limit.source) == (
        "reportProgressTimeout", 300.0, "--what-if",
    )  # fmt: skip


def test_a_hand_out_that_was_not_seen_is_judged_by_a_what_if_too() -> None:
    assert History().beat(1, 400).rules(what_if("reportProgressTimeout=5m").apply(DOCUMENTED)) == [
        "gap-over-limit"
    ]


@pytest.mark.parametrize("said", [{}, {"attemptTimeout": "1 hour"}, {"attemptTimeout": "#{x}"}])
def test_a_what_if_gives_every_attempt_a_timeout(said: dict[str, str]) -> None:
    history = History().handed(0, **said).beat(1, 50, 100).finished(130)
    profile = what_if("attemptTimeout=2m").apply(DOCUMENTED)

    assert changed(profile.scaled(2)) == {"attemptTimeout": 240.0}
    assert history.rules(profile) == ["attempt-timeout-passed"]
    assert History().beat(1, 50, 200).finished(230).rules(profile) == ["gap-over-advice"]


@given(st.sampled_from(["ack", "advice", "silence", "progress"]), st.integers(1, 2000), st.integers(1, 2000))
def test_a_longer_limit_never_finds_more(name: str, low: int, high: int) -> None:
    history = History().handed(0).beat(100, 180, 500, 1500).finished(1600)
    low, high = sorted((low, high))
    found = [
        sum(
            one.limit is not None and one.limit.name == name
            for one in history.findings(what_if(f"{name}={seconds}").apply(DOCUMENTED))
        )
        for seconds in (low, high)
    ]

    assert found[0] >= found[1]
