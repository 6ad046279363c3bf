"""What every runner here does: poll, acknowledge, beat, stop when asked to, report.

All runners have this command line, whatever they are written in:

    [--endpoint URL] --worker-group NAME --beats N --interval SECONDS --tasks N

and print one line a task, `finished BEATS` or `canceled BEATS`, where the acknowledgement is a beat too.
A call that fails ends them with its error's name on stderr and exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Protocol

NOTE = "<1/3> & 'ä+'"
"""Goes with every beat: what one JSON encoder or another escapes."""


class Client(Protocol):
    """An SDK, as far as a runner needs one."""

    def poll(self, group: str) -> str | None:
        """Return the task that was handed out, if there was one."""

    def beat(self, task: str, fields: list[dict[str, str]]) -> bool:
        """Report progress; return whether the task was canceled."""

    def finish(self, task: str) -> None:
        """Set the task's status to FINISHED."""


def options() -> argparse.Namespace:
    """Return the command line, read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint")
    parser.add_argument("--worker-group", required=True)
    parser.add_argument("--beats", type=int, required=True)
    parser.add_argument("--interval", type=float, required=True)
    parser.add_argument("--tasks", type=int, required=True)
    return parser.parse_args()


def run(client: Client, asked: argparse.Namespace) -> None:
    """Work until all tasks are done; exit 1 when a call fails."""
    try:
        for _ in range(asked.tasks):
            task = None
            while task is None:
                task = client.poll(asked.worker_group)
            sys.stdout.write(f"{_work(client, task, asked)}\n")
            sys.stdout.flush()
    except Exception as why:  # noqa: BLE001 - every SDK has its own
        sys.exit(f"{type(why).__name__}: {why}")


def _work(client: Client, task: str, asked: argparse.Namespace) -> str:
    for beat in range(asked.beats + 1):
        if beat:
            time.sleep(asked.interval)
        if client.beat(task, [{"key": "note", "stringValue": NOTE}]):
            return f"canceled {beat + 1}"
    client.finish(task)
    return f"finished {asked.beats + 1}"
