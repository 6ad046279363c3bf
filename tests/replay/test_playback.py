"""The player, call by call: what it answers, in which order, for whom, and what it never gives away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.replay.tapes import ALIVE, BEAT, END, POLL, TAPE, Deck, beat, empty, end, handout, recorded, takes

from holter.errors import CassetteError
from holter.replay.miss import Reason
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace, Pacing
from holter.replay.take import Given, Take
from holter.wire.codec import print_of
from holter.wire.decision import Answer, Forward
from holter.wire.message import Interaction, Json, Origin, Try

EVALUATE = "EvaluateExpression"
HANDS: list[Any] = [("by hand", {}), ("recorded", {"seq": 7})]
TROUBLE = recorded(
    POLL, {"workerGroup": "wg"}, {"__type": "InternalServiceError"}, status=500, error="InternalServiceError"
)
REFUSED = "NotRecordedException"


def test_a_whole_task_is_played_in_recorded_order() -> None:
    deck = Deck(takes(empty(), handout(), beat(), beat(canceled=True), end(status="FAILED"), empty()))
    assert deck.poll() is None
    live = deck.poll()
    assert [deck.beat(live), deck.beat(live)] == [False, True]
    assert deck.ask(END, {"taskId": live, "taskStatus": "FAILED", "errorMessage": "why"}) == {}
    assert [take.line for take in deck.player.unplayed] == [60]
    assert deck.poll() is None
    assert deck.player.unplayed == []
    assert (deck.misses, deck.player.missed) == ([], 0)


def test_answers_come_from_the_cassette_and_refusals_say_that_they_are() -> None:
    deck = Deck(takes(handout()))
    answered, refused = deck.decide(POLL, {"workerGroup": "wg"}), deck.decide("ListPipelines", {})
    assert isinstance(answered, Answer)
    assert isinstance(refused, Answer)
    assert (answered.origin, refused.origin) == (Origin.CASSETTE, Origin.REFUSED)
    assert refused.reply.body == {"__type": REFUSED, "message": deck.misses[0].text}


def test_a_task_is_told_of_before_its_id_is_given_away() -> None:
    deck = Deck(takes(handout("task-7")))
    live = deck.poll(at=5.0)
    (bound,) = deck.bound
    assert (bound.alias, bound.live, bound.round) == ("task-7", live, 1)


@pytest.mark.parametrize(
    ("end_policy", "told"),
    [
        (End.HOLD, [False, True, True, True]),
        (End.LOOP, [False, True, True, True]),
        (End.FAIL, [False, True, REFUSED, REFUSED]),
    ],
)
def test_more_beats_than_were_recorded(end_policy: End, told: list[Any]) -> None:
    deck = Deck(takes(handout(), beat(), beat(canceled=True)), Pacing(end=end_policy))
    live = deck.poll()
    assert [deck.beat(live) for _ in told] == told


@pytest.mark.parametrize("end_policy", End)
def test_fewer_beats_than_were_recorded_leave_some_unplayed(end_policy: End) -> None:
    deck = Deck(takes(handout(), beat(), beat(), end()), Pacing(end=end_policy))
    live = deck.poll()
    assert deck.beat(live) is False
    assert deck.ask(END, {"taskId": live, "taskStatus": "FINISHED"}) == {}
    assert [take.line for take in deck.player.unplayed] == [30]


@pytest.mark.parametrize(
    ("tape", "end_policy", "polls"),
    [
        ([handout()], End.HOLD, ["task-1", None, None]),
        ([handout(), empty()], End.HOLD, ["task-1", None, None]),
        ([handout()], End.FAIL, ["task-1", REFUSED, REFUSED]),
        ([handout(), empty()], End.LOOP, ["task-1", None, "task-1", None, "task-1"]),
        ([empty()], End.HOLD, [None, None]),
        ([handout(), TROUBLE], End.HOLD, ["task-1", "InternalServiceError", None]),
        ([TROUBLE], End.HOLD, ["InternalServiceError", None, None]),
    ],
)
def test_more_polls_than_were_recorded(tape: list[Any], end_policy: End, polls: list[Any]) -> None:
    deck = Deck(takes(*tape), Pacing(end=end_policy))
    found = []
    for _ in polls:
        answer = deck.ask(POLL, {"workerGroup": "wg"})
        found.append(answer if isinstance(answer, str) else deck.bound[-1].alias if answer else None)
    assert found == polls
    assert len({bound.live for bound in deck.bound}) == len(deck.bound)


def test_a_loop_gives_every_round_an_id_and_beats_of_its_own() -> None:
    deck = Deck(takes(handout(), beat(), beat(canceled=True), end()), Pacing(end=End.LOOP))
    first, second = deck.poll(), deck.poll()
    assert first != second
    assert [deck.beat(live) for live in (first, second, first, second)] == [False, False, True, True]


def test_tasks_side_by_side_never_merge() -> None:
    tape = [
        handout("task-1"),
        handout("task-2"),
        beat("task-2", canceled=True),
        beat("task-1"),
        beat("task-1", canceled=True),
    ]
    deck = Deck(takes(*tape))
    one, two = deck.poll(), deck.poll()
    assert [deck.beat(one), deck.beat(two), deck.beat(two), deck.beat(one)] == [False, True, True, True]


def test_worker_groups_have_polls_of_their_own() -> None:
    deck = Deck(takes(handout("task-1", "a"), handout("task-2", "b"), handout("task-3", "a")))
    assert [deck.poll("b"), deck.poll("a"), deck.poll("a")] == [bound.live for bound in deck.bound]
    assert [bound.alias for bound in deck.bound] == ["task-2", "task-1", "task-3"]


def test_every_live_runner_stands_for_a_recorded_one() -> None:
    def alive(runner: str, *, terminate: bool = False) -> Any:
        return recorded(ALIVE, {"taskrunnerId": runner, "hostname": "h"}, {"terminate": terminate})

    deck = Deck(takes(alive("r-1"), alive("r-2"), alive("r-1", terminate=True), alive("r-2")))

    def ask(runner: str) -> Any:
        found = deck.ask(ALIVE, {"taskrunnerId": runner})
        return found["terminate"] if isinstance(found, dict) else found

    assert [ask("r-2"), ask("new"), ask("r-2"), ask("new"), ask("third")] == [
        False,
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("age", "told"),
    [(1.0, False), (10.0, False), (39.0, False), (41.0, True), (90.0, True)],
)
@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_at_the_pace_of_the_lease_a_cancel_comes_at_the_same_age(
    age: float, told: bool, scale: float
) -> None:
    tape = takes(
        handout(asked=3.0, took=7.0),
        *(beat(asked=at) for at in (20.0, 30.0, 40.0)),
        beat(asked=50.0, canceled=True),
    )
    deck = Deck(tape, Pacing(pace=Pace.LEASE, scale=scale))
    live = deck.poll(at=100.0)
    begun = 100.0 + 7.0 * scale
    assert deck.beat(live, at=begun + age * scale) is told


def test_at_the_pace_of_the_lease_what_was_passed_over_counts_as_played() -> None:
    deck = Deck(
        takes(handout(asked=0.0), beat(asked=10.0), beat(asked=20.0), beat(asked=30.0), end(asked=31.0)),
        Pacing(pace=Pace.LEASE),
    )
    live = deck.poll()
    deck.beat(live, at=25.0)
    assert [take.line for take in deck.player.unplayed] == [40, 50]
    deck.ask(END, {"taskId": live, "taskStatus": "FINISHED"}, at=26.0)
    assert deck.beat(live, at=27.0) == REFUSED


def test_a_further_try_of_a_call_gets_the_same_answer_again() -> None:
    deck = Deck(takes(handout(), beat(), beat(canceled=True), end()))
    poll: Json = {"workerGroup": "wg"}
    first = [deck.ask(POLL, poll, tried=Try("a", number)) for number in (1, 2)]
    assert first[0] == first[1]
    live = deck.bound[0].live
    assert [deck.beat(live, tried=Try("b", number)) for number in (1, 2, 3)] == [False] * 3
    assert deck.beat(live, tried=Try("c", 1)) is True
    over = [
        deck.ask(END, {"taskId": live, "taskStatus": "FINISHED"}, tried=Try("d", number)) for number in (1, 2)
    ]
    assert over == [{}, {}]


def test_a_further_try_of_a_long_poll_is_answered_when_the_first_was_due() -> None:
    deck = Deck(takes(handout(asked=0.0, took=80.0)))
    tries = [(0.0, 1), (60.0, 2), (90.0, 3)]
    decisions = [deck.decide(POLL, {"workerGroup": "wg"}, at=at, tried=Try("a", n)) for at, n in tries]
    assert [decision.delay for decision in decisions] == [80.0, 20.0, 0.0]
    assert len({str(decision.reply) for decision in decisions if isinstance(decision, Answer)}) == 1


def test_a_further_try_after_a_failure_gets_what_the_recorded_one_got() -> None:
    failed = recorded(BEAT, {"taskId": "task-1"}, {"message": "m"}, status=500, error="InternalServiceError")
    deck = Deck(takes(handout(), failed, beat(canceled=True)))
    live = deck.poll()
    decisions = [deck.decide(BEAT, {"taskId": live}, tried=Try("a", number)) for number in (1, 2)]
    assert [decision.reply.status for decision in decisions if isinstance(decision, Answer)] == [500, 200]


def test_an_answer_that_was_written_by_hand_is_filled_and_a_recorded_one_is_not() -> None:
    body = {"evaluatedExpression": "{{n}} {{now}} {{task}}"}
    deck = Deck(takes(*(recorded(EVALUATE, {"expression": name}, body, **more) for name, more in HANDS)))
    asked: list[Json] = [{"expression": "by hand"}, {"expression": "by hand"}, {"expression": "recorded"}]
    found = [deck.ask(EVALUATE, one, at=60.0) for one in asked]
    assert found == [
        {"evaluatedExpression": "1 1970-01-01T00:01:00 "},
        {"evaluatedExpression": "2 1970-01-01T00:01:00 "},
        body,
    ]


def test_a_hand_out_by_hand_names_its_live_task() -> None:
    task: Json = {"taskId": "mine", "attemptId": "{{task}}", "objects": {}}
    handed = recorded(POLL, {"workerGroup": "wg"}, {"taskObject": task})
    deck = Deck(takes(handed, beat("mine", canceled=True)))
    found = deck.ask(POLL, {"workerGroup": "wg"})
    live = deck.bound[0].live
    assert found == {"taskObject": {"taskId": live, "attemptId": live, "objects": {}}}
    assert deck.beat(live) is True


def test_a_document_that_is_damaged_is_refused_with_its_place() -> None:
    class Damaged:
        def request(self) -> Json:
            return {"workerGroup": "wg"}

        def given(self) -> Given:
            raise CassetteError("run.yaml:7: document 2 is damaged")

        def whole(self) -> Interaction:
            raise CassetteError("run.yaml:7: document 2 is damaged")

    deck = Deck([Take(POLL, TAPE, 7, Damaged())])
    assert deck.ask(POLL, {"workerGroup": "wg"}) == REFUSED
    assert deck.misses[0].reason is Reason.DAMAGED
    assert "run.yaml:7: document 2 is damaged" in deck.misses[0].text


def test_delays_are_handed_on() -> None:
    deck = Deck(
        takes(handout(asked=1.0, took=40.0), beat(asked=50.0, took=0.5)), Pacing(scale=0.1, hold=90.0)
    )
    decisions = [deck.decide(POLL, {"workerGroup": "wg"}), deck.decide(POLL, {"workerGroup": "wg"})]
    decisions.append(deck.decide(BEAT, {"taskId": deck.bound[0].live}))
    assert [decision.delay for decision in decisions] == pytest.approx([4.0, 9.0, 0.05])


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.ONCE])
def test_a_task_that_the_tape_does_not_hand_out_is_met_by_its_first_call(mode: Mode) -> None:
    real = "QUFB+/==:bWFj:1"
    deck = Deck(takes(beat("task-1", print=print_of(real)), beat("task-2", canceled=True)), mode=mode)
    assert [deck.beat(real), deck.beat("task-2"), deck.beat("other")] == [False, True, REFUSED]
    assert [bound.made for bound in deck.bound] == [False, False]


def test_new_episodes_passes_on_what_is_unknown_but_nothing_about_a_task_of_the_tape() -> None:
    deck = Deck(takes(handout(), beat()), Pacing(end=End.FAIL), mode=Mode.NEW_EPISODES)
    live = deck.poll()
    assert deck.beat(live) is False
    assert deck.beat(live) == REFUSED
    assert deck.decide(BEAT, {"taskId": "a-live-one"}) == Forward()
    assert deck.decide(POLL, {"workerGroup": "wg"}) == Forward()
    assert deck.decide(BEAT, {"taskId": "task-1"}) == Forward()


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.PASSTHROUGH])
def test_modes_that_never_play_pass_everything_on(mode: Mode) -> None:
    deck = Deck(takes(handout(), beat()), mode=mode)
    assert deck.decide(POLL, {"workerGroup": "wg"}) == Forward()
    assert deck.decide(BEAT, {"taskId": "task-1"}) == Forward()


CALLS = st.one_of(
    st.tuples(st.just(POLL), st.sampled_from(["a", "b", "c"])),
    st.tuples(st.just(BEAT), st.integers(0, 5)),
    st.tuples(st.just(END), st.integers(0, 5)),
)


@given(st.lists(CALLS, max_size=40), st.sampled_from(End), st.sampled_from(Mode))
def test_no_id_from_the_tape_ever_goes_live(asked: list[Any], end_policy: End, mode: Mode) -> None:
    tape = [handout("task-1", "a"), beat("task-1"), handout("task-2", "b"), end("task-2"), empty("a")]
    deck = Deck(takes(*tape), Pacing(end=end_policy), mode=mode)
    for op, what in asked:
        made = [bound.live for bound in deck.bound]
        ids = [*made, "real-1"]
        body: Any = (
            {"workerGroup": what}
            if op == POLL
            else {"taskId": ids[what % len(ids)], "taskStatus": "FINISHED"}
        )
        decision = deck.decide(op, body)
        assert not (isinstance(decision, Forward) and body.get("taskId") in made)
        if isinstance(decision, Forward):
            assert mode not in (Mode.NONE, Mode.ONCE)
