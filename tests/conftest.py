"""What CI also runs on the other Python line: everything marked smoke, and these rooms unless marked slow."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.clients.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]  # here, where the process that tells of several workers finds it too

_HERE = Path(__file__).parent
_SMOKE = frozenset(
    {
        "odd",
        "wire",
        "cassette",
        "lease",
        "faults",
        "mitm",
        "cli",
        "sandbox",
        "endpoint",
        "board",
        "screen",
        "testing",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the rooms that a new Python or mitmproxy could break."""
    for item in items:
        rooms = item.path.relative_to(_HERE).parts if item.path.is_relative_to(_HERE) else ()
        if rooms[:1] and rooms[0] in _SMOKE and not item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.smoke)
