"""The line put together by hand is the line that the table of keys gives, whatever a call holds."""

from __future__ import annotations

from hypothesis import given

from holter.cassette import fields, yamltext
from holter.cassette.callline import call_line
from holter.wire.message import Interaction

from .values import interactions


@given(interactions)
def test_the_line_says_what_the_table_says(call: Interaction) -> None:
    assert yamltext.safe(call_line(call)) == yamltext.one_line(fields.call_of(call))


def test_a_call_of_which_nothing_is_known_but_its_operation() -> None:
    assert call_line(Interaction("X", {})) == '{"op":"X"}'
