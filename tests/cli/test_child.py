from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from holter.cli.child import Signals, must_exist
from holter.errors import CommandNotStartedError


def ended(*command: str, **environment: str) -> int:
    async def main() -> int:
        with Signals() as signals:
            return await signals.run(command, environment)

    return asyncio.run(main())


def test_the_command_gets_our_environment_and_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "one")
    out = tmp_path / "out"

    assert ended("sh", "-c", f"echo $OURS $MORE > {out}", MORE="two") == 0
    assert out.read_text() == "one two\n"


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -TERM $$", 143)])
def test_the_code_is_the_commands_own(script: str, code: int) -> None:
    assert ended("sh", "-c", script) == code


def test_a_signal_goes_to_the_command_while_it_runs(tmp_path: Path) -> None:
    ready = tmp_path / "ready"

    async def main() -> int:
        with Signals() as signals:
            script = f"trap 'exit 5' USR1; touch {ready}; while :; do sleep 0.02; done"
            running = asyncio.create_task(signals.run(("sh", "-c", script), {}))
            while not ready.exists():
                await asyncio.sleep(0.01)
            os.kill(os.getpid(), signal.SIGUSR1)
            code = await running
            assert not signals.ended.is_set()
            return code

    assert asyncio.run(main()) == 5


def test_a_signal_before_the_command_is_started_ends_the_run_without_it(tmp_path: Path) -> None:
    out = tmp_path / "out"

    async def main() -> int:
        with Signals() as signals:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(signals.ended.wait(), 5)
            return await signals.run(("touch", str(out)), {})

    assert asyncio.run(main()) == 128 + signal.SIGTERM
    assert not out.exists()


def test_a_signal_that_ends_nobody_is_no_end() -> None:
    async def main() -> bool:
        with Signals() as signals:
            os.kill(os.getpid(), signal.SIGUSR2)
            await asyncio.sleep(0.05)
            return signals.ended.is_set()

    assert asyncio.run(main()) is False


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)

    must_exist([str(broken)])
    with pytest.raises(CommandNotStartedError, match="cannot be started"):
        ended(str(broken))
    with pytest.raises(CommandNotStartedError, match="no such command"):
        must_exist(["no-such-command"])
