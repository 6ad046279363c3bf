from __future__ import annotations

from pathlib import Path

import pytest

from holter.cli.files import cassettes
from holter.errors import UsageError


def test_a_folder_stands_for_its_cassettes_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "c.txt"):
        (tmp_path / name).touch()
    other = tmp_path / "none"

    assert list(cassettes([other, tmp_path])) == [other, tmp_path / "a.yaml", tmp_path / "b.yaml"]


def test_a_folder_without_cassettes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no cassette"):
        list(cassettes([tmp_path]))
