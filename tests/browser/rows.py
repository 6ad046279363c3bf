"""What a test reads from the page, as somebody who cannot see it would."""

from __future__ import annotations

from typing import Any

ROWS = "#table tbody tr[role=row]"


def table(page: Any) -> list[dict[str, str]]:
    """Return the rows of the table in sight, by their columns."""
    found: list[dict[str, str]] = page.evaluate("probes.rows()")
    return found


def choose(page: Any, tab: str) -> None:
    """Show a tab."""
    page.get_by_role("tab", name=tab).click()


def detail(page: Any) -> dict[str, str]:
    """Return the facts of what is opened."""
    found: dict[str, str] = page.evaluate("probes.facts()")
    return found


def colours(page: Any) -> dict[str, int]:
    """Return how many pixels of the lanes are of each strong colour of the theme."""
    found: dict[str, int] = page.evaluate("probes.colours()")
    return found
