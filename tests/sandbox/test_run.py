from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from holter.sandbox.component import Component, Field, texts
from holter.sandbox.instance import Instance
from holter.sandbox.run import Effect, Run, Timers
from holter.sandbox.status import ACTIVE, BROKEN, ENDED, Status


def instance(name: str, needs: Iterable[str] = (), **fields: str) -> Instance:
    made = Component(name, name, texts({"type": "ShellCommandActivity", **fields}))
    return Instance(f"@{name}_t", made, made, 0.0, 0.0, 1, "wg", tuple(f"@{one}_t" for one in needs))


def run(*instances: Instance) -> Run:
    made = Run("p", 1.0, Timers())
    made.launch(0.0, instances)
    return made


def taken(made: Run) -> list[tuple[str, str]]:
    found = [(effect.value, attempt.id) for effect, _, attempt in made.effects]
    made.effects.clear()
    return found


def take(made: Run, attempt_id: str) -> None:
    made.start(0.0, attempt_id)
    made.running(attempt_id, "h1")


def test_what_is_ready_is_queued_and_the_rest_follows() -> None:
    made = run(instance("A"), instance("B", ["A"]))
    assert taken(made) == [("queue", "@A_t_Attempt=1")]
    take(made, "@A_t_Attempt=1")
    made.ended(1.0, "@A_t_Attempt=1", "FINISHED")
    assert taken(made) == [("queue", "@B_t_Attempt=1")]
    assert not made.over


def test_a_word_about_an_attempt_that_has_ended_changes_nothing() -> None:
    made = run(instance("A", maximumRetries="1"))
    take(made, "@A_t_Attempt=1")
    made.ended(1.0, "@A_t_Attempt=1", "FAILED")
    made.due(121.0, made.instances["@A_t"])
    taken(made)
    made.lost(130.0, "@A_t_Attempt=1")
    made.ended(130.0, "@A_t_Attempt=1", "FAILED")
    assert made.instances["@A_t"].status is Status.WAITING_FOR_RUNNER
    assert taken(made) == []


def test_an_unknown_attempt_is_ignored() -> None:
    made = run(instance("A"))
    made.lost(1.0, "@X_t_Attempt=1")
    made.tell("@X_t_Attempt=1", (Field("a", "b"),))
    made.tell("@A_t_Attempt=7", (Field("a", "b"),))
    assert made.instances["@A_t"].attempts[0].told == ()


def test_a_paused_instance_keeps_its_attempt() -> None:
    made = run(instance("A"))
    made.pause(made.instances["@A_t"])
    made.resume(1.0, made.instances["@A_t"])
    assert taken(made) == [
        ("queue", "@A_t_Attempt=1"),
        ("retire", "@A_t_Attempt=1"),
        ("queue", "@A_t_Attempt=1"),
    ]


def test_what_runs_cannot_be_paused_and_what_has_ended_cannot_be_cancelled() -> None:
    made = run(instance("A"))
    take(made, "@A_t_Attempt=1")
    made.pause(made.instances["@A_t"])
    assert made.instances["@A_t"].status is Status.RUNNING
    made.ended(1.0, "@A_t_Attempt=1", "FINISHED")
    taken(made)
    made.cancel(2.0, made.instances["@A_t"], "why")
    made.resume(2.0, made.instances["@A_t"])
    assert (made.instances["@A_t"].status, taken(made)) == (Status.FINISHED, [])


def test_rerunning_what_has_not_ended_does_nothing() -> None:
    made = run(instance("A"))
    taken(made)
    made.rerun(1.0, made.instances["@A_t"])
    assert taken(made) == []


@given(st.data())
def test_any_graph_comes_to_its_end(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 7))
    mode = data.draw(st.sampled_from(["cascade", "none"]))
    made = run(
        *(
            instance(
                str(n),
                [str(one) for one in data.draw(st.sets(st.integers(0, n - 1)))] if n else (),
                failureAndRerunMode=mode,
                maximumRetries=data.draw(st.sampled_from("012")),
            )
            for n in range(size)
        )
    )
    now, live = 0.0, []
    for _ in range(200):
        live += [attempt.id for effect, _, attempt in made.effects if effect is Effect.QUEUE]
        made.effects.clear()
        if not live and made.over:
            break
        if live:
            attempt = live.pop(data.draw(st.integers(0, len(live) - 1)))
            take(made, attempt)
            made.ended(now, attempt, data.draw(st.sampled_from(["FINISHED", "FAILED"])))
        else:
            now += 120
            for one in made.instances.values():
                made.due(now, one)
    assert made.over
    for one in made.instances.values():
        needed = [made.instances[need].status for need in one.needs]
        assert one.status not in ACTIVE
        if one.attempts:
            assert set(needed) <= {Status.FINISHED}
        if one.status is Status.WAITING_ON_DEPENDENCIES:
            assert set(needed) & (BROKEN | {Status.WAITING_ON_DEPENDENCIES})
        if mode == "cascade":
            assert one.status in ENDED
