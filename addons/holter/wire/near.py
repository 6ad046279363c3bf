"""What a wrong word was perhaps meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def near(word: str, words: Iterable[str]) -> str | None:
    """Return the one of some words that is most like another in any case, None where none is much like it."""
    import difflib  # most words are right, and runs without a wrong one start sooner

    spelled = {one.lower(): one for one in words}
    return next((spelled[guess] for guess in difflib.get_close_matches(word.lower(), spelled, 1)), None)
