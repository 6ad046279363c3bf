"""Where plans come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from holter.faults.checks import HAS, check
from holter.faults.node import PlanError
from holter.faults.plans import Mode, Plans
from holter.faults.sources import gathered, names, read

from .scenes import text


@pytest.mark.parametrize("name", names())
def test_every_plan_that_comes_with_holter_is_right(name: str) -> None:
    found = read(name)
    check(found.rules, Mode.PROXY)
    check(found.rules, Mode.SANDBOX)

    assert found.rules
    assert found.seed is None


def test_there_are_plans_for_the_everyday_cases() -> None:
    assert {"flaky-service", "canceled", "lost-lease", "outage", "throttled", "unheard"} <= set(names())


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text("then: {close: true}"))

    assert read(str(tmp_path / "mine.yaml")).seed == 7


def test_what_is_no_file_and_no_name_is_refused() -> None:
    with pytest.raises(PlanError, match=r"no file flaky-servise, and .*did you mean flaky-service\?"):
        read("flaky-servise")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(PlanError, match=r"mine.yaml: cannot be read"):
        read(str(tmp_path / "mine.yaml"))


def test_all_that_is_asked_for_is_one_plan(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text("when: {after: cancel on beat 3}, then: {close: true}"))
    found = gathered(str(tmp_path / "mine.yaml"), ["*:hold=3:p=0.5"], 3, mode=Mode.PROXY)

    assert [one.rule.name for one in found.rules] == ["cancel on beat 3", "*:hold=3:p=0.5", "r1"]
    assert found.seed == 7
    assert gathered(mode=Mode.PROXY) == Plans(())


def test_it_is_checked_as_one() -> None:
    with pytest.raises(PlanError, match="'\\*:close' before it meets every such call"):
        gathered("flaky-service", ["*:close"], mode=Mode.PROXY)
    with pytest.raises(PlanError, match=f"needs a connection of its own to break, which {Mode.IN_PROCESS}"):
        gathered("outage", mode=Mode.IN_PROCESS)


def test_every_mode_says_what_it_has() -> None:
    assert set(HAS) == set(Mode)
