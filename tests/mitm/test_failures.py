"""What is ours and goes wrong: the runner's call goes on, and the failure is loud."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from holter.wire.message import Broken

from .rig import BROKEN, Rig, kept, marks, rig


@pytest.mark.parametrize("strict", [False, True])
def test_an_error_of_ours_never_breaks_the_runners_call_unless_strict(
    tmp_path: Path, strict: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> Rig:
        async with rig(tmp_path, strict=strict) as running:
            session = running.addon.session
            assert session is not None
            monkeypatch.setattr(session, "on_reply", None)
            if strict:
                with pytest.raises(BROKEN):
                    await running.call("report_task_progress", taskId="t")
            else:
                assert (await running.call("report_task_progress", taskId="t"))["canceled"] is False
            monkeypatch.undo()
        return running

    running = asyncio.run(main())

    assert running.addon.failures == 1
    assert any("internal error in response" in text for text in running.told.troubles)
    assert any(mark.what == "note" for mark in marks(running.cassette))


def test_a_call_that_we_fail_on_is_kept_as_broken_by_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with rig(tmp_path) as running:
            session = running.addon.session
            assert session is not None
            monkeypatch.setattr(session, "_redactor", Failing(session._redactor))
            assert (await running.call("report_task_progress", taskId="t"))["canceled"] is False
        assert session.in_flight == 0

    asyncio.run(main())

    (call,) = kept(tmp_path / "run.yaml")
    assert (call.op, call.broken) == ("ReportTaskProgress", Broken.US)


class Failing:
    """A redactor that cannot redact answers."""

    def __init__(self, redactor: Any) -> None:
        self.call, self.text, self.caller = redactor.call, redactor.text, redactor.caller

    def reply(self, op: str, reply: object) -> None:
        raise RuntimeError("cannot redact")
