from __future__ import annotations

import pytest

from holter.report.place import File, named


@pytest.mark.parametrize(
    ("names", "whole"), [([], None), ([None], None), (["a"], "a"), (["a", None, "b"], "a+b")]
)
def test_recordings_are_named_together(names: list[str | None], whole: str | None) -> None:
    assert named([File("run.yaml", name) for name in names]) == whole
