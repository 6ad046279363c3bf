from __future__ import annotations

import pytest

from holter.lease.conduct.rates import Rates
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Origin

from .stories import Story


def calls(count: int, every: float, op: str = "QueryObjects", origin: Origin = Origin.LIVE) -> Story:
    story = Story()
    for number in range(count):
        story.call(op, round(number * every, 6), origin=origin)
    return story


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (calls(103, 0), []),
        (calls(106, 0), ["rate-over-limit"]),
        (calls(400, 0.5), []),
        (calls(400, 0.25), ["rate-over-limit"]),
        (calls(400, 0, "AddTags"), []),
        (calls(400, 0, origin=Origin.FAULT), []),
        (calls(400, 0, origin=Origin.CASSETTE), []),
    ],
    ids=["a burst", "more than a burst", "the rate", "twice the rate", "no rate", "ours", "a cassette's"],
)
def test_an_operation_has_a_bucket(story: Story, expected: list[str]) -> None:
    assert story.shows(*expected)


def test_the_rate_is_scaled() -> None:
    assert calls(400, 0.25).shows(profile=DOCUMENTED.scaled(0.5))


def test_calls_that_are_late_in_ending_count_as_they_were_asked() -> None:
    story = Story()
    for number in range(400):
        story.call("QueryObjects", number * 0.5, latency=300 - number * 0.5)

    assert story.shows()


def test_the_finding_names_the_operation() -> None:
    (found,) = calls(400, 0).found()

    assert found.caller == "QueryObjects"
    assert found.message.startswith("QueryObjects came more often than 2 times a second and 100 at once; ")


@pytest.mark.parametrize("origin", [Origin.FAULT, Origin.CASSETTE])
def test_a_call_that_was_too_much_is_forgotten_when_the_service_did_not_answer_it(origin: Origin) -> None:
    rates = Rates(DOCUMENTED)
    for key in range(400):
        rates.count("QueryObjects", 0.0, key)
    late = max(key for key in rates.over if isinstance(key, int))
    assert not rates.spares(late, Interaction("QueryObjects", {}, origin=Origin.LIVE))
    assert late in rates.over
    assert rates.spares(late, Interaction("QueryObjects", {}, origin=origin))
    assert late not in rates.over
