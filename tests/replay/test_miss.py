from __future__ import annotations

from holter.replay.matching import Difference
from holter.replay.miss import CODE, Miss, Reason
from holter.wire.codec import error_code
from holter.wire.message import NOTHING
from holter.wire.operations import ERROR_STATUS


def test_one_line_says_what_why_where_and_what_to_do() -> None:
    differences = [
        Difference("$.workerGroup", "nightly", "weekly"),
        Difference("$.hostname", NOTHING, "etl-7"),
    ]
    miss = Miss("PollForTask", Reason.DIFFERS, "it differs", ("a b.yaml",), None, "a b.yaml:12", differences)
    assert miss.text == (
        'no recorded answer for PollForTask: it differs; nearest is a b.yaml:12; $.workerGroup was "nightly" '
        'and is "weekly", $.hostname was missing and is "etl-7"; '
        "record it: holter record --mode new_episodes -o 'a b.yaml' -- CMD"
    )


def test_what_is_long_is_cut() -> None:
    differences = [Difference(f"$.a[{index}]", "x" * 500, index) for index in range(9)]
    text = Miss("SetTaskStatus", Reason.DIFFERS, "it differs", ("a.yaml",), "task-1", None, differences).text
    assert "of task-1: " in text
    assert "and 6 more" in text
    assert len(text) < 500


def test_the_answer_is_an_error_of_no_service_that_says_the_same() -> None:
    miss = Miss("PollForTask", Reason.NO_OPERATION, "a.yaml holds no PollForTask", ("a.yaml",))
    reply = miss.reply
    assert (reply.status, error_code(reply)) == (400, CODE)
    assert reply.body == {"__type": CODE, "message": miss.text}
    assert CODE not in ERROR_STATUS
    assert not any(word in CODE for word in ("Throttl", "Timeout", "Expired", "Clock", "Skew", "Limit"))
