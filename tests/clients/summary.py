"""Tells at the end of a test run what became of each client over each road."""

from __future__ import annotations

from collections import defaultdict

import pytest
from tests.clients.catalogue import CLIENTS, ROADS

MARKS = {"passed": "", "failed": "FAILED", "skipped": "skipped"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the matrix, if any of it was run."""
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outcome, mark in MARKS.items():
        for report in terminalreporter.getreports(outcome):
            about = dict(report.user_properties)
            if {"client", "road", "phase"} <= about.keys():
                word = f"{about['phase']} {mark}".strip()
                cells[str(about["client"]), str(about["road"])].append(word)
    if not cells:
        return
    rows = [["client", *map(str, ROADS)]]
    for client in CLIENTS:
        found = [cells.get((client.name, str(road)), []) for road in ROADS]
        if any(found):
            rows.append([client.name, *(", ".join(sorted(words)) for words in found)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    terminalreporter.section("clients through Holter")
    for row in rows:
        line = "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True))
        terminalreporter.write_line(line.rstrip())
