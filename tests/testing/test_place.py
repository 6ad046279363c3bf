from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.testing.place import default, named, safe, shown

ROOT = Path("/root-of/tests")


@pytest.mark.parametrize(
    ("module", "names", "folder", "path"),
    [
        ("test_a.py", ["test_x"], None, "cassettes/test_a/test_x.yaml"),
        ("deep/test_a.py", ["test_x"], None, "deep/cassettes/test_a/test_x.yaml"),
        ("test_a.py", ["TestB", "test_x"], None, "cassettes/test_a/TestB.test_x.yaml"),
        ("test_a.py", ["test_x[1-wg]"], None, "cassettes/test_a/test_x[1-wg].yaml"),
        ("test_a.py", ["test_x[../a/b]"], None, "cassettes/test_a/test_x[..%2Fa%2Fb].yaml"),
        ("deep/test_a.py", ["test_x"], "tapes", "tapes/deep/test_a/test_x.yaml"),
        ("/elsewhere/test_a.py", ["test_x"], "tapes", "tapes/test_a/test_x.yaml"),
        ("test_a.py", ["test_x"], "/tapes", "/tapes/test_a/test_x.yaml"),
    ],
)
def test_a_tests_own_cassette(module: str, names: list[str], folder: str | None, path: str) -> None:
    assert default(ROOT / module, names, root=ROOT, folder=folder) == str(ROOT / path)


def test_a_named_cassette_is_seen_from_the_test() -> None:
    assert named(ROOT / "deep/test_a.py", "tapes/x.yaml") == str(ROOT / "deep/tapes/x.yaml")
    assert named(ROOT / "test_a.py", "/tapes/x.yaml") == "/tapes/x.yaml"


def test_a_path_is_short_where_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(str(tmp_path / "a" / "b.yaml")) == str(Path("a/b.yaml"))
    assert shown(str(tmp_path.parent / "b.yaml")) == str(tmp_path.parent / "b.yaml")


TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


@given(TEXT, TEXT)
def test_every_name_is_a_files_and_no_two_are_one(one: str, other: str) -> None:
    found = safe(one)
    assert "/" not in found
    assert found.isascii()
    assert found.isprintable()
    assert len(f"{found}.yaml") < 255
    assert (found == safe(other)) == (one == other)


def test_long_names_stay_apart() -> None:
    assert safe("x" * 1000 + "a") != safe("x" * 1000 + "b")
