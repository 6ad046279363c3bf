"""malformed, as a plan asks for it."""

from __future__ import annotations

import json

import pytest

from holter.wire.message import Payload

from .scenes import after, given, live


@pytest.mark.parametrize("body", [{"canceled": False}, {}, [1], b"<html>", "text"])
def test_no_parser_takes_it(body: Payload) -> None:
    found = given(after("then: {malformed: true}", live(body))).body

    assert isinstance(found, bytes)
    with pytest.raises(ValueError, match="property name"):
        json.loads(found)
