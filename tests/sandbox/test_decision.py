from __future__ import annotations

from holter.sandbox.decision import Job, Step


def test_the_same_attempt_id_in_two_pipelines_is_two_attempts() -> None:
    assert Job("p1", "@A_Attempt=1", "wg").key != Job("p2", "@A_Attempt=1", "wg").key


def test_the_names_of_the_ground_truth_are_stable() -> None:
    assert [str(step) for step in Step] == [
        "queued",
        "withdrawn",
        "handed",
        "acked",
        "beat",
        "cancel-asked",
        "canceled",
        "expired",
        "finished",
        "refused",
        "poll-empty",
        "poll-gone",
    ]
