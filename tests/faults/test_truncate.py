"""truncate, as a plan asks for it."""

from __future__ import annotations

import pytest

from .scenes import after, before, given, live, refusal


@pytest.mark.parametrize(
    ("share", "found"), [("0.5", b'{"cancele'), ("1", b'{"canceled":false'), ("0.01", b"")]
)
def test_only_a_share_comes_and_never_all(share: str, found: bytes) -> None:
    assert given(after(f"then: {{truncate: {share}}}")).body == found


def test_what_is_empty_stays_empty() -> None:
    assert given(after("then: [{empty: true}, {truncate: 0.5}]", live())).body == b""


def test_an_answer_that_is_ours_can_be_truncated_too() -> None:
    assert given(before("then: [{cancel: true}, {truncate: 0.5}]")).body == b'{"cancel'


@pytest.mark.parametrize("share", ["0", "1.5", "-1", "half"])
def test_a_share_is_above_nothing_and_at_most_all(share: str) -> None:
    assert "then.truncate: must be" in refusal(f"then: {{truncate: {share}}}")
