"""What boto3 makes of each fault at the replay endpoint."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.faults import boto
from tests.faults.scenes import text
from tests.replay.tapes import ALIVE, beat, end, handout, recorded
from tests.test_replayer import tape

from holter.faults.planfile import parse

from .test_replay import site

WHOLE = [
    handout(),
    *(beat() for _ in range(4)),
    end("task-1"),
    recorded(ALIVE, {"taskrunnerId": "r"}, {"terminate": False}),
]
ROWS = [row for row in boto.ROWS if not row.needs_service]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_the_caller_gets_what_the_page_says(tmp_path: Path, row: boto.Row) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    name, members = row.call
    with site(path, plans=parse(text(row.rule), "p")) as running:
        client = running.client(**boto.settings(row))
        task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        tries, began = boto.count(client), time.monotonic()
        about = {} if row.call is boto.ALIVE else {"taskId": task}
        try:
            found: Any = getattr(client, name)(**about, **members)
        except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
            found = why
        elapsed = time.monotonic() - began
        client.close()

    boto.judged(row, found, tries, elapsed)
