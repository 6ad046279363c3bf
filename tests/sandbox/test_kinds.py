from __future__ import annotations

import pytest

from holter.sandbox.component import Component, texts
from holter.sandbox.kinds import Kind, kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ShellCommandActivity", Kind.ACTIVITY),
        ("CopyActivity", Kind.ACTIVITY),
        ("EmrActivity", Kind.ACTIVITY),
        ("Exists", Kind.PRECONDITION),
        ("ShellCommandPrecondition", Kind.PRECONDITION),
        ("S3KeyExists", Kind.PRECONDITION),
        ("DynamoDBTableExists", Kind.PRECONDITION),
        ("Schedule", Kind.OTHER),
        ("S3DataNode", Kind.OTHER),
        ("Ec2Resource", Kind.OTHER),
        (None, Kind.OTHER),
    ],
)
def test_a_type_makes_work_a_check_or_neither(name: str | None, expected: Kind) -> None:
    assert kind(Component("A", "A", texts({"type": name} if name else {}))) is expected
