"""Several recordings on one axis."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holter.lease.audit import Audit, audited
from holter.lease.edges import Kind, Timeline
from holter.lease.parts import begun, merged
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Json, Mark

from .history import ZERO, History


def began(at: float) -> History:
    """A recording that began so many seconds after the first."""
    history = History()
    history.entries[0] = Mark("started", ZERO + at, 0.0)
    return history


def judged(*histories: History) -> Audit:
    audit = Audit(DOCUMENTED)
    audit.take(merged([begun(history.entries) for history in histories], audit.timeline))
    audit.close()
    return audit


def rules(audit: Audit) -> list[str]:
    return [finding.rule + ("?" if finding.certainty == "possible" else "") for finding in audit.findings]


def blind(audit: Audit) -> list[tuple[float, float, str]]:
    return [(one.since - ZERO, one.until - ZERO, one.why) for one in audit.blind]


def test_a_part_begins_with_its_mark_else_with_its_first_call() -> None:
    history = History().handed(5)

    assert begun(history.entries).start == ZERO
    assert begun(history.entries[1:]).start == ZERO
    assert begun([Mark("note")]).start is None
    assert list(begun(history.entries[1:]).entries) == history.entries[1:]


def test_edges_of_all_parts_come_in_the_order_of_time() -> None:
    first, second = History().beat(1, 30, 50), began(10).beat(5, 25)
    found = list(merged([begun(first.entries), begun(second.entries)], timeline := Timeline()))

    asked = [(edge.at, edge.part) for edge in found if edge.kind is Kind.ASKED]
    assert asked == [(1.0, 0), (15.0, 1), (30.0, 0), (35.0, 1), (50.0, 0)]
    assert (timeline.zero, timeline.seen) == (ZERO, 50.0)
    assert list(merged([], Timeline())) == []


def test_a_restart_into_a_new_file_takes_up_the_open_lease() -> None:
    first = History().handed(0).beat(1, 50).mark("stopped", 60)
    again = judged(began(100).beat(10).beat(1200).finished(1201).mark("stopped", 1202), first)

    assert blind(again) == [(60.0, 100.0, "Holter was stopped")]
    assert rules(again) == ["gap-over-limit"]
    assert [lease.outcome for lease in again.leases] == ["finished"]
    assert again.findings[0].gap is not None
    assert again.findings[0].gap.certain == 1190.0


def test_time_that_another_proxy_saw_is_not_blind() -> None:
    broken = History().mark("stopped", 60)
    broken.entries += [Mark("started", ZERO + 500, 0.0), Mark("stopped", ZERO + 510, 10.0)]
    other = began(20).handed(0).beat(1, 901 + 2).finished(904).mark("stopped", 1000)
    audit = judged(broken, other)

    assert blind(audit) == []
    assert rules(audit) == ["gap-over-limit"]


def test_what_no_part_saw_is_blind_once() -> None:
    first = History().mark("stopped", 60)
    second = began(20).mark("alive", 80)
    audit = judged(first, second, began(200).mark("stopped", 5), began(203).mark("stopped", 50))

    assert blind(audit) == [(100.0, 200.0, "Holter ended without stopping")]


def test_a_runner_whose_own_proxy_saw_nothing_is_not_blamed_for_sure() -> None:
    mine = History().handed(0).beat(1).mark("stopped", 60)
    other = History().mark("stopped", 3000)

    assert rules(judged(mine, other)) == ["abandoned?"]
    assert rules(judged(other, mine)) == ["abandoned?"]
    assert rules(judged(History().handed(0).beat(1).mark("stopped", 3000), other)) == ["abandoned"]


def test_a_runner_that_comes_back_through_any_proxy_is_not_blamed_for_what_was_not_seen() -> None:
    mine = History().handed(0).beat(1).mark("stopped", 60)
    mine.entries += [Mark("started", ZERO + 2000, 0.0)]
    mine.beat(5).finished(6).mark("stopped", 7)
    other = History().mark("stopped", 3000)

    assert rules(judged(mine, other)) == ["gap-over-limit?"]
    mine = History().handed(0).beat(1).mark("stopped", 60)
    over = History().beat(2005).finished(2006).mark("stopped", 3000)
    assert rules(judged(mine, over)) == ["gap-over-limit?"]


def test_a_clock_that_is_behind_is_told() -> None:
    ahead = began(100).handed(0).mark("stopped", 10)
    behind = History().beat(1).mark("stopped", 300)
    (found,) = judged(ahead, behind).disorder

    assert (found.task, found.behind, found.ahead, found.seconds) == ("task-1", 1, 0, 99.0)
    assert judged(History().handed(0), behind).disorder == []


@given(
    st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=12),
    st.integers(0, 3),
)
def test_calls_spread_over_proxies_side_by_side_are_judged_as_in_one_recording(
    gaps: list[tuple[int, bool]], offset: int
) -> None:
    whole = History().handed(5)
    sides = [History().handed(5), began(offset)]
    at = 5
    for gap, second in gaps:
        at += gap
        whole.beat(at)
        sides[second].beat(at - offset * second)
    for history, began_at in ((whole, 0), (sides[0], 0), (sides[1], offset)):
        history.mark("stopped", at + 10 - began_at)

    both, one = judged(*sides), audited(whole.entries, DOCUMENTED)
    assert [(found.rule, found.certainty, found.gap) for found in both.findings] == [
        (found.rule, found.certainty, found.gap) for found in one.findings
    ]


def test_what_was_open_when_the_last_part_was_stopped_is_told_as_of_one_recording() -> None:
    first = History().handed(0).beat(10).finished(11).mark("stopped", 20)
    later = {"task": "task-2", "attempt": "Other_2026-01-02T00:00:00_Attempt=1"}
    stopped = began(15).handed(5, **later).beat(6, task="task-2").mark("stopped", 100)
    killed = began(15).handed(5, **later).beat(6, task="task-2").mark("alive", 100)
    told = "terminal-missing-at-exit?"

    assert (told in rules(judged(first, stopped)), told in rules(judged(first, killed))) == (True, False)
    assert told not in rules(judged(first, stopped, began(50).beat(1, task="task-2").mark("alive", 200)))


def test_a_recorder_that_begins_while_another_is_paused_has_not_seen_what_that_one_missed() -> None:
    paused = History().handed(0).beat(10).mark("paused", 20).mark("resumed", 1000).beat(1010)
    paused.finished(1011).mark("stopped", 1020)
    other = began(30).mark("stopped", 2000)
    alone, both = judged(paused), judged(paused, other)

    assert [one.gap for one in both.findings] == [one.gap for one in alone.findings] != []
    assert rules(both) == rules(alone) == ["gap-over-limit?"]
    assert (blind(alone), blind(both)) == (
        [(20.0, 1000.0, "Holter was paused")],
        [(20.0, 30.0, "Holter was paused")],
    )


def test_recorders_that_are_paused_in_turn_blame_nobody_for_what_their_own_did_not_see() -> None:
    first = History().handed(0).beat(10, 60).mark("paused", 110).mark("resumed", 2000).beat(2010)
    first.finished(2011).mark("stopped", 2100)
    second = began(150).mark("paused", 1500).mark("resumed", 2500).mark("stopped", 2600)

    alone, both = judged(first), judged(first, second)
    assert [one.gap for one in both.findings] == [one.gap for one in alone.findings] != []
    assert rules(both) == rules(alone) == ["gap-over-limit?"]
    assert [(since, until) for since, until, _ in blind(both)] == [(110, 150), (1650, 2000), (2100, 2650)]


OVER = {"ack-missing", "ack-late", "gap-over-limit", "abandoned"}
PAUSES = st.lists(st.tuples(st.integers(1, 1500), st.integers(1, 1500)), max_size=3)
GAPS = st.lists(st.sampled_from([30, 60, 200, 500, 950, 1500]), min_size=1, max_size=12)


def watched(at: int, gaps: list[int], pauses: list[tuple[int, int]], number: int) -> History:
    """A recording begun at a moment, of one runner with a task of its own, and with pauses."""
    history, task = began(at), f"task-{number}"
    moments = [(sum(gaps[:place]), "beat" if place else "hand-out") for place in range(len(gaps) + 1)]
    since = 0
    for wait, length in pauses:
        moments += [(since + wait, "paused"), (since + wait + length, "resumed")]
        since += wait + length
    unseen = False
    for moment, what in sorted(moments):
        if what in ("paused", "resumed"):
            unseen = what == "paused"
            more: dict[str, Json] = {"since": moment, "oldest": moment} if unseen else {}
            history.entries.append(Mark(what, ZERO + at + moment, float(moment), more))
        elif not unseen and what == "beat":
            history.beat(moment, task=task)
        elif not unseen:
            history.handed(moment, task, f"Copy{number}_2026-01-02T00:00:00_Attempt=1")
    last = max(moments)[0] + 5
    history.entries.append(Mark("stopped", ZERO + at + last, float(last)))
    return history


@given(GAPS, GAPS, PAUSES, PAUSES, st.integers(0, 3000))
def test_runners_seen_by_a_recorder_each_are_blamed_for_sure_as_if_there_were_no_other(
    mine: list[int],
    theirs: list[int],
    away: list[tuple[int, int]],
    elsewhere: list[tuple[int, int]],
    later: int,
) -> None:
    first, second = watched(0, mine, away, 1), watched(later, theirs, elsewhere, 2)

    def blamed(*histories: History) -> list[float]:
        """When each lease was lost of which it is sure that it was."""
        found = judged(*histories).findings
        return sorted(one.at for one in found if one.rule in OVER and one.certainty == "certain")

    assert blamed(first, second) == sorted([*blamed(first), *blamed(second)])
