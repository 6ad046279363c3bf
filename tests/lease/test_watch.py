"""The gaps of one lease, without a lease: shortest and longest reading, what breaks, what is due."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.lease.finding import Gap, Limit
from holter.lease.handout import Handout
from holter.lease.judge import Span
from holter.lease.profile import DOCUMENTED, PIPELINE_SOURCE, Profile
from holter.lease.verdict import Verdict
from holter.lease.watch import Broken, Doubt, Watch

KNOWN = Handout(None, None, None, None, Limit("progress", 900.0, "source"), True)
INFINITE = float("inf")


def watch(profile: Profile = DOCUMENTED, *, handout: Handout = KNOWN) -> Watch:
    """A watch whose lease began at 0."""
    found = Watch(profile, handout)
    found.begin(0.0, 0.0, 1)
    return found


def beat(
    found: Watch, asked: float, answered: float, call: int, verdict: Verdict = Verdict.TAKEN
) -> list[Broken]:
    """Measure and move as a lease does."""
    sure = Span.BEAT if verdict is Verdict.TAKEN else None
    broken = list(found.measure(Span.BEAT, asked, answered, call, sure=sure, unheard=verdict is Verdict.OURS))
    found.move(asked, answered, call, verdict)
    return broken


def told(broken: list[Broken]) -> list[tuple[str, str, str | None]]:
    return [(one.bar.rule, str(one.certainty), one.cause) for one in broken]


def test_before_it_begins_there_is_nothing_to_say() -> None:
    found = Watch(DOCUMENTED, KNOWN)
    found.unseen(100.0)

    assert list(found.measure(Span.BEAT, 5000.0, 5000.0, 1, sure=Span.BEAT, proof=True)) == []
    assert list(found.due(Span.BEAT, 5000.0)) == []
    assert (found.age(5000.0), found.next_due(Span.BEAT), found.doubt) == (None, INFINITE, False)


def test_a_gap_within_the_limits_breaks_nothing() -> None:
    assert beat(watch(), 75.0, 75.0, 2) == []


def test_a_broken_bar_carries_both_readings_the_calls_and_when_it_passed() -> None:
    found = Watch(DOCUMENTED, KNOWN)
    found.begin(10.0, 2.0, 4)
    (one,) = beat(found, 1000.0, 1003.0, 5)

    assert told([one]) == [("gap-over-limit", "certain", None)]
    assert one.gap == Gap(certain=990.0, possible=995.0)
    assert (one.passed, one.calls) == (910.0, (4, 5))


def test_a_gap_that_only_the_longest_reading_breaks_is_possible() -> None:
    found = watch()
    beat(found, 10.0, 20.0, 2)
    note, one = beat(found, 318.0, 325.0, 3)

    assert told([note]) == [("gap-over-advice", "certain", None)]
    assert told([one]) == [("gap-over-5min", "possible", None)]
    assert one.gap == Gap(certain=298.0, possible=315.0)
    assert one.passed == 310.0


def test_a_certain_note_and_a_possible_error_are_both_told_and_the_lesser_doubt_is_not() -> None:
    found = watch()
    beat(found, 1.0, 1.0, 2)
    beat(found, 800.0, 800.0, 3, Verdict.PERHAPS)
    broken = beat(found, 1000.0, 1000.0, 4)

    assert told(broken) == [("gap-over-advice", "certain", None), ("gap-over-limit", "possible", None)]
    assert beat(found, 1001.0, 1001.0, 5) == []


def test_a_beat_that_perhaps_came_ends_the_runners_silence_only() -> None:
    found = watch()
    assert told(beat(found, 70.0, 74.0, 2, Verdict.PERHAPS)) == []

    assert found.age(100.0) == 26.0
    assert told(beat(found, 140.0, 140.0, 3)) == [("gap-over-advice", "possible", None)]


def test_beats_that_a_fault_kept_from_the_service_are_blamed_on_the_fault() -> None:
    found = watch()
    for number in range(1, 6):
        assert beat(found, number * 70.0, number * 70.0, number + 1, Verdict.OURS) == []
    broken = beat(found, 400.0, 400.0, 7)

    assert told(broken) == [("gap-over-5min", "certain", "fault")]
    assert broken[0].gap == Gap(400.0, 400.0)
    assert told(beat(found, 800.0, 800.0, 8)) == [("gap-over-5min", "certain", None)]


def test_the_age_is_the_services_view_and_never_negative() -> None:
    found = watch()
    found.move(10.0, 12.0, 2, Verdict.TAKEN)
    found.move(50.0, 52.0, 3, Verdict.OURS)

    assert [found.age(at) for at in (11.0, 12.0, 60.0)] == [0.0, 0.0, 48.0]


def test_an_answer_that_comes_out_of_order_never_moves_a_beginning_back() -> None:
    found = watch()
    found.move(90.0, 91.0, 3, Verdict.TAKEN)
    found.move(50.0, 60.0, 2, Verdict.TAKEN)

    assert found.age(100.0) == 9.0
    assert beat(found, 165.0, 165.0, 4) == []


def test_proof_makes_the_longest_reading_certain_when_it_breaks_the_limit() -> None:
    found = watch()
    beat(found, 1.0, 5.0, 2)
    broken = list(found.measure(Span.BEAT, 899.0, 901.0, 3, sure=Span.BEAT, proof=True))

    assert told(broken) == [("gap-over-limit", "certain", None)]
    assert broken[0].gap == Gap(894.0, 900.0)


def test_proof_of_a_loss_that_no_limit_explains_makes_nothing_certain() -> None:
    broken = list(watch().measure(Span.BEAT, 400.0, 400.0, 2, sure=Span.BEAT, proof=True))

    assert told(broken) == [("gap-over-5min", "certain", None)]


@pytest.mark.parametrize("slack", [0.0, 2.0])
def test_the_networks_tolerance_counts_only_where_there_is_proof(slack: float) -> None:
    profile = replace(DOCUMENTED, tolerance={"network": slack})
    proven = list(watch(profile).measure(Span.BEAT, 899.0, 899.0, 2, sure=Span.BEAT, proof=True))
    seen = list(watch(profile).measure(Span.BEAT, 899.0, 899.0, 2, sure=Span.BEAT))

    assert [one.bar.rule for one in proven] == ["gap-over-limit" if slack else "gap-over-5min"]
    assert [one.bar.rule for one in seen] == ["gap-over-5min"]


def test_refused_beats_are_named_until_a_gap_has_ended() -> None:
    found = watch()
    found.refused("ThrottlingException")
    found.refused(None)
    (one,) = beat(found, 100.0, 100.0, 2)

    assert one.refused == ("ThrottlingException", "an error")
    assert [one.refused for one in beat(found, 200.0, 200.0, 3)] == [()]


@pytest.mark.parametrize("why", Doubt)
def test_doubt_makes_every_finding_possible_until_the_service_takes_a_beat(why: Doubt) -> None:
    found = watch()
    found.doubtful(why)
    assert told(beat(found, 1000.0, 1000.0, 2)) == [("gap-over-limit", "possible", None)]
    assert not found.doubt
    assert told(beat(found, 2000.0, 2000.0, 3)) == [("gap-over-limit", "certain", None)]


def test_a_doubt_that_is_dispelled_leaves_the_others() -> None:
    found = watch()
    found.doubtful(Doubt.UNSEEN)
    found.doubtful(Doubt.ENDED)
    found.dispel(Doubt.ENDED)
    assert told(list(found.due(Span.BEAT, 76.0))) == [("gap-over-advice", "possible", None)]

    found.dispel(Doubt.UNSEEN)
    assert told(list(found.due(Span.BEAT, 301.0))) == [("gap-over-5min", "certain", None)]


def test_after_blind_time_the_runner_begins_anew_and_the_lease_is_in_doubt() -> None:
    found = watch()
    beat(found, 1.0, 1.0, 2)
    found.unseen(1000.0)

    assert list(found.due(Span.BEAT, 1075.0)) == []
    assert told(list(found.due(Span.BEAT, 1076.0))) == [("gap-over-advice", "possible", None)]
    assert told(beat(found, 1077.0, 1077.0, 3)) == [
        ("gap-over-advice", "possible", None),
        ("gap-over-limit", "possible", None),
    ]


@pytest.mark.parametrize(
    ("unacked", "certainty"), [(None, "certain"), (121.0, "certain"), (119.0, "possible")]
)
def test_a_lost_lease_is_only_possible_while_its_ack_may_still_be_in_time(
    unacked: float | None, certainty: str
) -> None:
    short = Limit("reportProgressTimeout", 60.0, PIPELINE_SOURCE)
    found = watch(handout=replace(KNOWN, limit=short))

    (due,) = found.due(Span.BEAT, 61.0, unacked=unacked)
    assert (due.bar.rule, due.certainty) == ("gap-over-limit", certainty)
    assert told(list(found.measure(Span.BEAT, 61.0, 61.0, 2, unacked=unacked))) == [
        ("gap-over-limit", certainty, None)
    ]


def test_a_limit_that_could_not_be_read_is_never_broken_for_certain() -> None:
    limit = Limit("progress", 900.0, PIPELINE_SOURCE)
    found = watch(handout=replace(KNOWN, limit=limit, limit_known=False))

    assert told(beat(found, 1000.0, 1000.0, 2)) == [("gap-over-limit", "possible", None)]
    assert told(beat(found, 1400.0, 1400.0, 3)) == [("gap-over-5min", "certain", None)]


def test_each_bar_is_due_once_and_again_in_the_next_gap() -> None:
    found = watch()
    assert found.next_due(Span.BEAT) == 75.0
    assert list(found.due(Span.BEAT, 75.0)) == []
    assert [one.bar.rule for one in found.due(Span.BEAT, 75.5)] == ["gap-over-advice"]
    assert list(found.due(Span.BEAT, 299.0)) == []
    assert found.next_due(Span.BEAT) == 300.0
    assert [one.bar.rule for one in found.due(Span.BEAT, 5000.0)] == ["gap-over-limit"]
    assert (list(found.due(Span.BEAT, 9000.0)), found.next_due(Span.BEAT)) == ([], INFINITE)

    found.move(9000.0, 9000.0, 2, Verdict.TAKEN)
    assert found.next_due(Span.BEAT) == 9075.0
    assert [one.passed for one in found.due(Span.BEAT, 9400.0)] == [9300.0]


def test_where_all_rules_are_off_nothing_is_ever_due() -> None:
    rules = dict.fromkeys(("gap-over-advice", "gap-over-5min", "gap-over-limit"), "off")

    assert watch(replace(DOCUMENTED, rules=rules)).next_due(Span.BEAT) == INFINITE


STEPS = st.lists(
    st.tuples(st.integers(1, 1000), st.integers(0, 60), st.sampled_from(Verdict)), min_size=1, max_size=12
)


@given(STEPS)
def test_the_shortest_reading_is_never_longer_than_the_longest(
    steps: list[tuple[int, int, Verdict]],
) -> None:
    found, at = watch(), 0.0
    for call, (gap, latency, verdict) in enumerate(steps, 2):
        asked = at + gap
        at = asked + latency
        if verdict is Verdict.REFUSED:
            found.refused("x")
            continue
        for one in beat(found, asked, at, call, verdict):
            assert one.gap.certain <= one.gap.possible
            assert one.gap.possible > one.bar.seconds
            assert one.certainty == "possible" or one.gap.certain > one.bar.seconds
