"""What a test reads from the page, as somebody who cannot see it would."""

from __future__ import annotations

from typing import Any

ROWS = "#table tbody tr[role=row]"


def table(page: Any) -> list[dict[str, str]]:
    """Return the rows of the table in sight, by their columns."""
    found: list[dict[str, str]] = page.evaluate(
        """() => {
          const heads = [...document.querySelectorAll("#table th button")].map((one) => one.dataset.sort);
          return [...document.querySelectorAll("#table tbody tr[role=row]")].map((row) =>
            Object.fromEntries([...row.cells].map((cell, place) => [heads[place], cell.textContent])));
        }"""
    )
    return found


def choose(page: Any, tab: str) -> None:
    """Show a tab."""
    page.get_by_role("tab", name=tab).click()


def detail(page: Any) -> dict[str, str]:
    """Return the facts of what is opened."""
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#detail > dl > dt")].map(
          (name) => [name.textContent, name.nextElementSibling.textContent]))"""
    )
    return found


def colours(page: Any) -> dict[str, int]:
    """Return how many pixels of the lanes are of each strong colour of the theme."""
    found: dict[str, int] = page.evaluate(
        """() => {
          const lanes = document.getElementById("lane-canvas");
          const copy = new OffscreenCanvas(lanes.width, lanes.height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(lanes, 0, 0);
          const { data } = copy.getImageData(0, 0, lanes.width, lanes.height);
          const style = getComputedStyle(document.documentElement);
          const found = {};
          for (const name of ["red", "orange", "blue", "purple", "green"]) {
            const [r, g, b] = style.getPropertyValue(`--${name}`).trim().match(/[0-9a-f]{2}/g).map((hex) => parseInt(hex, 16));
            found[name] = 0;
            for (let at = 0; at < data.length; at += 4) {
              const near = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 12;
              found[name] += near && data[at + 3] > 250;
            }
          }
          return found;
        }"""
    )
    return found
