from __future__ import annotations

import pytest

from holter.lease.conduct.evidence import Heard, Observer, proof, seconds
from holter.wire.message import Broken, Interaction, Origin
from holter.wire.operations import Role


@pytest.mark.parametrize(
    ("call", "told", "taken", "passing"),
    [
        (Interaction("X", {}, status=200), True, True, False),
        (Interaction("X", {}, status=500), True, False, True),
        (Interaction("X", {}, status=429), True, False, True),
        (Interaction("X", {}, status=400, error="ThrottlingException"), True, False, True),
        (Interaction("X", {}, status=400, error="AccessDenied"), True, False, False),
        (Interaction("X", {}, broken=Broken.CLIENT), False, False, True),
        (Interaction("X", {}, broken=Broken.US), False, False, False),
        (Interaction("X", {}, status=200, broken=Broken.CLIENT), False, True, False),
        (Interaction("X", {}, status=200, origin=Origin.FAULT), True, False, False),
        (Interaction("X", {}, status=400, origin=Origin.REFUSED), False, False, False),
    ],
)
def test_what_an_answer_means(call: Interaction, told: bool, taken: bool, passing: bool) -> None:
    heard = Heard(call, Role.BEAT, 0, 1)

    assert (heard.told, heard.taken, heard.passing) == (told, taken, passing)


def test_a_body_that_is_no_object_has_no_members() -> None:
    heard = Heard(Interaction("X", b"x", ["y"]), Role.BEAT, 0, 1)

    assert (heard.request, heard.response, heard.task, heard.caller) == ({}, {}, "", "")


def test_an_observer_does_nothing_by_itself() -> None:
    observer = Observer()
    heard = Heard(Interaction("X", {}), Role.BEAT, 0, 1)

    assert [*observer.ended(heard), *observer.close(1)] == []
    assert not observer.holds("task-1")


def test_words() -> None:
    assert proof(0, 3, 4) == (3, 4)
    assert seconds(1.005) == "1.00 s"
