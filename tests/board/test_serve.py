"""The control API on a port, and its file."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from tests.told import Told

from holter.board.serve import Board, asked, controlled
from holter.control import Control
from holter.errors import UsageError
from holter.faults.plans import Mode, Plans
from holter.lease.profile import DOCUMENTED
from holter.trial import Trial


def board(path: Path) -> Board:
    found = asked(Told(), file=str(path))
    assert found is not None
    return found


def test_it_is_served_while_the_run_lasts_and_its_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "control.json"
    made = board(file)

    async def run() -> None:
        async with controlled(made, Trial(Plans(), DOCUMENTED, made.watch), Mode.SANDBOX):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert json.loads(file.read_text())["url"].startswith("http://127.0.0.1:")
            found = await asyncio.to_thread(Control(str(file)).ask, "GET", "/v1/state")
            assert found["calls"] == 0
            said = json.loads(file.read_text())
            (tmp_path / "other.json").write_text(json.dumps({**said, "token": "wrong"}))
            with pytest.raises(UsageError, match="does not take this token"):
                await asyncio.to_thread(Control(str(tmp_path / "other.json")).ask, "GET", "/v1/state")

    asyncio.run(run())
    assert not file.exists()


def test_what_is_not_asked_for_is_not_served() -> None:
    async def run() -> None:
        async with controlled(None, Trial(Plans(), DOCUMENTED, Told()), Mode.SANDBOX):
            pass

    asyncio.run(run())
    assert asked(Told()) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_addresses_of_this_machine_will_do(tmp_path: Path, host: str) -> None:
    found = asked(Told(), control=(host, 0), file=str(tmp_path / "c"))

    assert found is not None
    assert found.address == (host, 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.com"])
def test_no_other_address_will(tmp_path: Path, host: str) -> None:
    with pytest.raises(UsageError, match="can be reached from elsewhere"):
        asked(Told(), control=(host, 0), file=str(tmp_path / "c"))


def test_a_token_that_nobody_could_learn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give --control-file too"):
        asked(Told(), control=("127.0.0.1", 0))

    async def run() -> None:
        made = board(tmp_path / "gone" / "control.json")
        async with controlled(made, Trial(Plans(), DOCUMENTED, made.watch), Mode.SANDBOX):
            pass

    with pytest.raises(UsageError, match="cannot be written"):
        asyncio.run(run())
