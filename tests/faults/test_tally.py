"""What a rule counts."""

from __future__ import annotations

from holter.faults.tally import Counts, Keys, Met, Of

from .scenes import POLL, asked


def test_tries_of_one_call_are_one_call() -> None:
    counts = Counts()
    for key, retried in [("a", False), ("b", False), ("a", True), ("a", False)]:
        counts.count(key, retried=retried)

    assert (counts.count("a", retried=True), counts.calls) == (Of(calls=2, tries=4, number=3), 3)


def test_a_further_try_has_the_number_of_its_call_though_others_came_between() -> None:
    counts = Counts()
    first = counts.count("a", retried=False).number
    counts.count("b", retried=False)

    assert counts.count("a", retried=True).number == first == 1


def test_a_try_whose_first_was_not_seen_is_a_call() -> None:
    assert Counts().count("a", retried=True).calls == 1


def test_what_was_met_is_counted_for_all_and_for_each() -> None:
    met = Met()
    for key in ("a", "b", "a"):
        met.add(key)

    assert (met.total, met.active, met.of("a"), met.of("c")) == (3, 3, 2, 0)


def test_counts_of_ten_thousand_tasks_are_kept() -> None:
    counts, met = Counts(), Met()
    for number in range(10_001):
        counts.count(str(number), retried=False)
        met.add(str(number))

    assert [counts.count(key, retried=False).calls for key in ("10000", "5000", "0")] == [2, 2, 1]
    assert [met.of(key) for key in ("10000", "5000", "0")] == [1, 1, 0]


def test_tasks_go_by_their_attempt_so_that_the_order_of_hand_outs_does_not_matter() -> None:
    here, there = Keys(), Keys()
    assert (here.of(asked(task="task-1", attempt="@A")), here.of(asked(task="task-2", attempt="@B"))) == (
        there.of(asked(task="task-2", attempt="@A")),
        there.of(asked(task="task-1", attempt="@B")),
    )


def test_an_attempt_handed_out_again_is_another_task() -> None:
    keys = Keys()
    found = [keys.of(asked(task=task, attempt="@A")) for task in ("task-1", "task-2", "task-1")]

    assert found == ["@A 1", "@A 2", "@A 1"]


def test_the_time_for_which_an_attempt_was_scheduled_does_not_matter() -> None:
    def named(*attempts: str) -> list[str]:
        keys = Keys()
        return [keys.of(asked(task=f"task-{n}", attempt=attempt)) for n, attempt in enumerate(attempts)]

    today = named("@Copy_2026-11-21T08:03:27_Attempt=1", "@Copy_2026-11-21T08:03:27_Attempt=2")
    other = named("@Copy_2027-01-02T00:00:00_Attempt=1", "@Copy_2027-01-02T00:00:00_Attempt=2")
    assert today == other == ["@Copy_Attempt=1 1", "@Copy_Attempt=2 1"]
    assert named("@Copy_2026-11-21T08:00:00_Attempt=1", "@Copy_2026-11-21T09:00:00_Attempt=1") == [
        "@Copy_Attempt=1 1",
        "@Copy_Attempt=1 2",
    ]
    assert named("@Copy_2026-11-21T08:03:27_0_Attempt=1") == ["@Copy_0_Attempt=1 1"]
    assert named("@Of_2026-11-21T08:03:27", "by hand") == ["@Of_2026-11-21T08:03:27 1", "by hand 1"]


def test_without_an_attempt_it_is_the_alias_and_without_a_task_the_runner() -> None:
    keys = Keys()

    assert (keys.of(asked(task="task-3")), keys.of(asked(POLL)), keys.of(asked(POLL, runner=None))) == (
        "task-3",
        "runner runner-1",
        "runner ",
    )
