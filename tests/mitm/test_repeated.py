"""A recording under faults, made through the real proxy and played through it: the client sees the same."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from tests.faults.scenes import text
from tests.told import Kept

from holter.faults.planfile import parse
from holter.replayer import Replay
from holter.wire.message import Json, Mark

from .rig import Rig, rig

RULES = (
    "when: {op: ReportTaskProgress, nth: 1}, then: {stale_date: 7200}",
    "when: {op: ReportTaskProgress, nth: 2}, then: {content_type: text/plain}",
    "when: {op: ReportTaskProgress, nth: 3}, then: {gzip: true}",
    "when: {op: ReportTaskProgress, nth: 4}, then: {html: 502}",
    "when: {op: ReportTaskProgress, nth: 5}, then: [{error: InternalServiceError}, {stale_date: 9999}]",
    "when: {op: ReportTaskProgress, nth: 6}, then: {cut: true}",
    "when: {op: ReportTaskProgress, nth: 7}, then: [{malformed: true}, {cut: true}]",
    "when: {op: ReportTaskProgress, nth: 8}, then: [{patch: {canceled: true}}, {content_type: text/html}]",
    "when: {op: ReportTaskProgress, nth: 9}, then: {refuse: 60}",
)
BEATS, TURNED_AWAY = 10, 3


@dataclass
class Seen:
    """What a client saw: of each call its outcome, and how its answer was dressed."""

    outcomes: list[Any] = field(default_factory=list)
    dressed: list[tuple[str | None, str | None, bool]] = field(default_factory=list)

    def heard(self, response_dict: Any, **_: Any) -> None:
        headers = {name.lower(): value for name, value in response_dict["headers"].items()}
        late = "date" in headers and time.time() - parsedate_to_datetime(headers["date"]).timestamp() > 3600
        self.dressed.append((headers.get("content-type"), headers.get("content-encoding"), late))


async def lived(running: Rig) -> Seen:
    """Go through the beats of a task; during the ninth and after it, nobody may connect."""
    seen, client, clock = Seen(), running.client(), running.addon.clock
    client.meta.events.register("before-parse.data-pipeline", seen.heard)
    task = (await running.call("poll_for_task", client, workerGroup="wg"))["taskObject"]["taskId"]
    for beat in range(BEATS):
        for _ in range(TURNED_AWAY + 1 if beat == BEATS - 2 else 1):
            seen.outcomes.append(await tried(running, client, task))
        if beat == BEATS - 2:
            clock.skip(61)
    client.close()
    return seen


async def tried(running: Rig, client: Any, task: str) -> Any:
    try:
        found = await running.call("report_task_progress", client, taskId=task)
    except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
        return type(why).__name__
    return found.get("canceled")


def decided(kept: Kept) -> list[dict[str, Json]]:
    said = [dict(one.more) for one in kept.entries if isinstance(one, Mark) and one.what == "fault"]
    return [mark for mark in said if mark["did"] in ("decided", "refused")]


def spied(running: Rig) -> Kept:
    kept, tape = Kept(), running.recorder.session.tape

    class Both(Kept):
        def interaction(self, interaction: Any) -> bool:
            return kept.interaction(interaction) and tape.interaction(interaction)

        def mark(self, mark: Mark) -> bool:
            return kept.mark(mark) and tape.mark(mark)

    running.recorder.session.tape = Both()
    return kept


def test_what_faults_did_is_done_again_headers_broken_and_refused_connections_and_all(tmp_path: Path) -> None:
    async def main(folder: Path, **asked: Any) -> tuple[Seen, Kept, int]:
        folder.mkdir()
        async with rig(folder, **asked) as running:
            kept = spied(running)
            seen = await lived(running)
            await running.until(lambda: not running.recorder.session.in_flight)
            assert running.addon.failures == 0
            return seen, kept, running.service.connections

    plans = parse(text(*RULES), "plan.yaml")
    then, told, _ = asyncio.run(main(tmp_path / "then", plans=plans))
    replay = Replay((str(tmp_path / "then" / "run.yaml"),), scale=0.0, allow_faults=True)
    now, again, served = asyncio.run(main(tmp_path / "now", replay=replay))

    assert now == then
    assert served == 0
    assert decided(again) == decided(told)
    assert [late for _, _, late in then.dressed] == [False, True, *[False] * 3, True, *[False] * 4]
    assert [mark["did"] for mark in decided(told)] == ["decided"] * 9 + ["refused"] * TURNED_AWAY
