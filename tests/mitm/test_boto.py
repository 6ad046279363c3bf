"""What boto3 makes of each fault through the real proxy, in forward mode with TLS and in reverse mode."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from tests.faults import boto
from tests.faults.scenes import text

from holter.faults.planfile import parse

from .rig import rig


@pytest.mark.parametrize(("mode", "tls"), [("forward", True), ("reverse", False)])
@pytest.mark.parametrize("row", boto.ROWS, ids=lambda row: row.fault)
def test_the_caller_gets_what_the_page_says(tmp_path: Path, row: boto.Row, mode: str, *, tls: bool) -> None:
    name, members = row.call

    async def main() -> tuple[Any, list[str], float]:
        plans = parse(text(row.rule), "plan.yaml")
        async with rig(tmp_path, mode=mode, tls=tls, plans=plans) as running:
            through = running.address if mode == "reverse" else None
            client = running.client(through=through, **boto.settings(row))
            tries, began = boto.count(client), time.monotonic()
            task = {} if row.call is boto.ALIVE else {"taskId": "a-task-0001"}
            try:
                found = await running.call(name, client, **task, **members)
            except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
                found = why
            elapsed = time.monotonic() - began
            client.close()
            assert running.addon.failures == 0
        return found, tries, elapsed

    boto.judged(row, *asyncio.run(main()), proxied=mode == "forward")
