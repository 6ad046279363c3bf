"""The example in docs/cassette-format.md runs, and prints what it is said to print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "cassette-format.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_example_runs_and_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(block("python"), {})

    said = capsys.readouterr().out
    assert said.endswith(block("text"))
    assert (tmp_path / "hand.yaml").read_text().startswith('holter: 1\nrecording: "by-hand"\n---\n')
