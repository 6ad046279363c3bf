from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.replay.templates import TEMPLATES, Facts, filled, unknown

FACTS = Facts(now=1795224003.512345, n=3, task="h+/=:", seed="run.yaml:7")


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("{{now}}", "2026-11-21T01:20:03"),
        ("{{now+5m}}", "2026-11-21T01:25:03"),
        ("{{now-90s}}", "2026-11-21T01:18:33"),
        ("{{now+2h}} {{now-1d}}", "2026-11-21T03:20:03 2026-11-20T01:20:03"),
        ("{{now+999999999d}}", "9999-12-31T23:59:59"),
        ("{{now-999999999d}}", "1970-01-01T00:00:00"),
        ("run {{n}} of {{task}}", "run 3 of h+/=:"),
        ("{{!mustache}} {{!}}", "{{mustache}} {{}}"),
        ("{now} #{n} {{ {{", "{now} #{n} {{ {{"),
    ],
)
def test_a_template_is_filled(text: str, becomes: str) -> None:
    assert filled(text, FACTS) == becomes
    assert filled({"a": [text, 1, None]}, FACTS) == {"a": [becomes, 1, None]}
    assert unknown(text) == []


def test_ids_look_random_and_are_the_same_in_every_run() -> None:
    found = filled("{{uuid}}", FACTS)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", str(found))
    assert found == filled("{{uuid}}", Facts(0.0, n=3, seed="run.yaml:7"))
    assert found != filled("{{uuid}}", Facts(0.0, n=4, seed="run.yaml:7"))


@pytest.mark.parametrize("name", ["", "nwo", " now", "now+5", "now+5w", "now5m", "N", "task-1"])
def test_what_is_no_template_is_found(name: str) -> None:
    assert unknown({"a": [{"b": f"x{{{{{name}}}}}y"}], "c": 1}) == [name]


def test_every_template_of_the_table_is_known() -> None:
    assert unknown([f"{{{{{name}}}}}" for name in TEMPLATES]) == []


@given(st.text())
def test_every_text_is_either_filled_or_found(text: str) -> None:
    if not unknown(text):
        assert isinstance(filled(text, FACTS), str)
