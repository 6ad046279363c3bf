from __future__ import annotations

import pytest

from holter.wire.near import near


@pytest.mark.parametrize(
    ("word", "words", "meant"),
    [
        ("repot", ("record", "report", "replay"), "report"),
        ("report", ("report",), "report"),
        ("banana", ("record", "report"), None),
        ("report", (), None),
        ("REPROT", ("record", "Report"), "Report"),
    ],
)
def test_a_word_that_was_perhaps_meant(word: str, words: tuple[str, ...], meant: str | None) -> None:
    assert near(word, words) == meant
