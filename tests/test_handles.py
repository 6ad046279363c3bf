"""The limit of open files, in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.processes import ADDONS

from holter.handles import ENOUGH

TELL = """
import resource
from holter.handles import raised
print(raised(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def limits(soft: int, hard: int) -> list[int]:
    """Return what `raised` returns in a process with these limits, and the limits behind it."""
    shell = f'ulimit -S -n {soft}; ulimit -H -n {hard}; exec "$0" -c "$1"'
    ended = subprocess.run(
        ["sh", "-c", shell, sys.executable, TELL],
        env={"PYTHONPATH": str(ADDONS)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(word) for word in ended.stdout.split()]


@pytest.mark.parametrize(
    ("soft", "hard", "then"),
    [(256, 1024, 1024), (1024, 1024, 1024), (256, 18_000, ENOUGH), (17_000, 18_000, 17_000)],
)
def test_it_is_raised_as_far_as_it_may_be_and_never_lowered(soft: int, hard: int, then: int) -> None:
    assert limits(soft, hard) == [then, then, hard]
