from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holter.cassette import byhand, document
from holter.cassette.byhand import WrongLineError
from holter.cassette.format import interaction_text, mark_text, value_of
from holter.wire.message import NOTHING, Interaction, Mark

from .values import interactions, marks


@given(st.one_of(interactions, marks), st.data())
@settings(max_examples=300, deadline=None)
def test_a_document_cut_anywhere_is_left_out_or_complete(
    value: Interaction | Mark, data: st.DataObject
) -> None:
    text = mark_text(value) if isinstance(value, Mark) else interaction_text(value).removesuffix("...\n")
    raw = text.encode()
    cut = data.draw(st.integers(0, len(raw) - 1))
    kept = document.whole(raw[:cut])
    if kept:
        assert value_of(document.parse(kept)) == value


@given(interactions.filter(lambda found: found.response is not NOTHING))
@settings(deadline=None)
def test_a_whole_last_document_is_kept(interaction: Interaction) -> None:
    raw = interaction_text(interaction).encode()
    assert document.whole(raw) == raw


CALL = b'call: {"op":"X"}\nrequest: {}\n'


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (CALL + b'response: {"a":1}\n', CALL + b'response: {"a":1}\n'),
        (CALL + b'response: {"a":1}', CALL + b'response: {"a":1}'),
        (CALL + b"response: {}\n--", CALL + b"response: {}\n"),
        (CALL + b"response: {}\n\0\0\0", CALL + b"response: {}\n"),
        (CALL + b"response: 12", b""),
        (CALL + b"response: tru", b""),
        (CALL + b"response:\n", b""),
        (CALL + b"response:\n  {\n", b""),
        (CALL + b'response:\n  {\n    "a": [\n', b""),
        (CALL + b'response: "\xc3', b""),
        (CALL, b""),
        (b"call:", b""),
        (b"ma", b""),
        (b"-", b""),
        (b"\0\0", b""),
        (b"", b""),
        (b"call:\n  op: X\nrequest: {}\nresponse: {a: no", b"call:\n  op: X\nrequest: {}\nresponse: {a: no"),
        (CALL + b"response: {canceled: no}\n", CALL + b"response: {canceled: no}\n"),
    ],
)
def test_the_last_document_is_kept_as_far_as_it_is_whole(raw: bytes, kept: bytes) -> None:
    assert document.whole(raw) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("call: {op: X}\n", "\ncall: 1\n", "call: 1\ncall: 2\n", "call: {\n", "words\n", "# a"),
        *(
            "call: 1\n# a\n",
            " # a\ncall: 1\n",
            "# a\rcall: 2\ncall: 1\n",
            "# a\r\ncall: 1\n",
            "# a\n\ncall: 1\n",
        ),
    ],
)
def test_a_text_that_is_not_in_our_layout_is_left_to_yaml(text: str) -> None:
    assert document.own(text) is None


@pytest.mark.parametrize("comment", ["# shows: a beat\n", '#\n## "{[:\n# holter: 2\n'])
def test_comments_before_a_document_leave_it_in_our_layout(comment: str) -> None:
    text = 'holter: 1\nby: "# x"\n'
    assert document.own(comment + text) == document.own(text) == byhand.load(comment + text)


def test_an_edited_document_is_read_as_yaml() -> None:
    assert document.parse(b"# mine\ncall: {op: X}\r\nrequest: {}\r\n") == {"call": {"op": "X"}, "request": {}}


@pytest.mark.parametrize(
    ("raw", "why", "below"),
    [
        (b"call: {}\nrequest: \0\n", "NUL", 1),
        (b'call: {}\nrequest: "\xe9"\n', "is not UTF-8 .byte 0xE9.", 1),
        (b"call: {}\n\xff\xfe", "is not UTF-8", 1),
        ('call: {}\nrequest: "a\x85b"\n'.encode(), r"raw U\+0085", 1),
        ('call: {"a":"\u2028"}\n'.encode(), r"write \\u2028 in quotes", 0),
        (b'call: {"a":"\x7f"}\n', r"raw U\+007F", 0),
    ],
)
def test_bytes_that_readers_disagree_on_are_refused(raw: bytes, why: str, below: int) -> None:
    with pytest.raises(WrongLineError, match=why) as caught:
        document.parse(raw)
    assert caught.value.below == below
