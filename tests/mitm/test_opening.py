"""What the script's options ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.replay.tapes import beat, empty, handout
from tests.test_replayer import tape
from tests.told import Told

from holter.errors import UsageError
from holter.faults.node import PlanError
from holter.mitm.opening import check, mode, opened
from holter.mitm.options import OPTIONS
from holter.recorder import Recorder
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace
from holter.replayer import Replayer

DEFAULTS = {name: setting.default for name, setting in OPTIONS.items()}


def asked(**values: Any) -> dict[str, Any]:
    return {**DEFAULTS, **{name: str(one) if isinstance(one, Path) else one for name, one in values.items()}}


def test_a_recording_is_opened(tmp_path: Path) -> None:
    recorder = opened(asked(record=tmp_path / "a.yaml", scale=0.5, redact_key=("mine",)), Told())
    recorder.close()

    assert isinstance(recorder, Recorder)
    assert recorder.audit.profile.scale == 0.5
    assert "redact_keys" in (tmp_path / "a.yaml").read_text()


def test_a_replay_is_opened_with_all_that_is_asked_of_it(tmp_path: Path) -> None:
    files = tuple(tape(tmp_path / name, handout(), beat()) for name in ("a.yaml", "b.yaml"))
    more = {"pace": "ordinal", "end": "loop", "ignore": (("PollForTask", ("workerGroup",)),), "scale": 0.0}
    replayer = opened(asked(replay=files[:1], fault=("ReportTaskProgress:close",), **more), Told())
    replayer.close()

    assert isinstance(replayer, Replayer)
    assert (replayer.row.live, replayer.player.unplayed[0].place) == (False, f"{files[0]}:7")
    pacing = replayer.player.pacing
    assert (pacing.pace, pacing.end, pacing.scale) == (Pace.ORDINAL, End.LOOP, 0.0)
    assert [one.rule.name for one in replayer.plans.rules] == ["ReportTaskProgress:close"]


def test_a_recording_upon_a_cassette_makes_use_of_it(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())
    replayer = opened(asked(record=path, mode="new_episodes"), Told())
    replayer.close()

    assert isinstance(replayer, Replayer)
    assert replayer.row.live


def test_faults_that_need_a_service_are_refused_where_there_is_none(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())

    with pytest.raises(PlanError, match="duplicate"):
        opened(asked(replay=(path,), fault=("ReportTaskProgress:duplicate",)), Told())


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            {"record": "a", "replay": ("b",)},
            "holter_record and holter_replay: give one of them",
        ),
        ({"record": "a", "append": True, "mode": "all"}, "holter_append and holter_mode: give one of them"),
        ({"replay": ("a",), "append": True}, "holter_append: only with holter_record"),
        ({"record": "a", "scale": 0.0}, "holter_scale: 0 is only for a replay"),
        ({"record": "a", "pace": "lease"}, "holter_pace: only with holter_replay"),
        ({"record": "a", "end": "hold"}, "holter_end: only with holter_replay"),
        ({"record": "a", "max_age": 1}, "holter_max_age: only with holter_replay"),
        ({"record": "a", "allow_faults": True}, "holter_allow_faults: only with holter_replay"),
        ({"record": "a", "ignore": (("PollForTask", ()),)}, "holter_ignore: only with holter_replay"),
    ],
)
def test_what_does_not_go_together_is_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(asked(**values))
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("word", ["none", "passthrough"])
def test_a_recording_has_only_modes_that_record(word: str) -> None:
    with pytest.raises(UsageError, match=f"holter_mode: '{word}' is none of once, new_episodes, all"):
        opened(asked(record="a.yaml", mode=word), Told())


def test_the_mode_of_a_replay_is_none_unless_another_is_asked_for() -> None:
    assert mode(asked(replay=("a",))) is Mode.NONE
    assert mode(asked(replay=("a",), mode="all")) is Mode.ALL
    check(asked(replay=("a",), mode="all", scale=0.0))
