from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from holter.parsing import address, count, detour, scale


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (scale, "0.02", 0.02),
        (scale, "1", 1.0),
        (scale, "1e-3", 0.001),
        (count, "1", 1),
        (count, "12", 12),
        (address, "127.0.0.1:8080", ("127.0.0.1", 8080)),
        (address, "[::1]:0", ("::1", 0)),
        (address, "localhost:65535", ("localhost", 65535)),
        (detour, "a:1:b:2", (("a", 1), ("b", 2))),
    ],
)
def test_an_options_text_becomes_its_value(read: Callable[[str], Any], text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((scale, text) for text in ("", "0", "-1", "nan", "inf", "-inf", "1e999", "fast", "1,5")),
        *((count, text) for text in ("", "0", "-1", "1.0", "one", " 1", "²")),
        *(
            (address, text)
            for text in ("", "8080", ":8080", "host", "host:", "host:x", "host:65536", "host:-1", "h:²")
        ),
        *((detour, text) for text in ("", "a:1", "a:1:b", "a:1:b:x", "a:1:b:2:c", ":1:b:2")),
    ],
)
def test_a_wrong_text_is_refused_with_what_it_should_be(read: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match="is not") as refused:
        read(text)
    assert repr(text) in str(refused.value) or read is detour
