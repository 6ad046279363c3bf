from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.replay.tapes import beat, handout
from tests.test_replayer import tape
from tests.testing.entering import enter

from holter.errors import CassetteError, HolterError, UsageError
from holter.testing.run import begun
from holter.testing.wanted import Said

pytest.importorskip("botocore", reason="needs botocore")


def said(**words: Any) -> dict[str, Said]:
    return {name: Said(name, value) for name, value in words.items()}


@pytest.mark.parametrize(
    ("policy", "failures", "warnings"), [("ignore", 0, 0), ("warn", 0, 2), ("fail", 2, 0), (None, 0, 0)]
)
def test_what_was_not_played_is_worth_what_is_asked(
    tmp_path: Path, policy: str | None, failures: int, warnings: int
) -> None:
    path = tape(tmp_path / "a.yaml", handout(), beat())
    words = said(unplayed=policy) if policy else {}
    with begun([path], words, "", record="") as run:
        assert (len(run.failures), len(run.warnings)) == (failures, warnings)


def test_an_old_cassette_is_a_warning_or_an_error(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    text = Path(path).read_text()
    began = text.splitlines()[2]
    assert began.startswith("started: ")
    Path(path).write_text(text.replace(began, 'started: "2020-01-02T03:04:05.000000Z"'))
    with begun([path], said(max_age=30), "", record="") as run:
        assert [line.split(":")[0] for line in run.warnings] == [path]
        assert run.failures == []
    with pytest.raises(CassetteError, match=r"days old \(recorded 2020-01-02; max_age 30\): record it anew"):
        enter(begun([path], said(max_age=30, stale="fail"), "", record=""))


@pytest.mark.parametrize("way", ["", "holter_endpoint"])
def test_a_way_in_has_what_belongs_to_it(tmp_path: Path, way: str) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    with begun([path], {}, way, record="") as run:
        assert (run.way, run.url.startswith("http://127.0.0.1:"), run.proxy) == (way, bool(way), None)
        assert run.log == ""


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"pace": "lease"}, "pace lease: needs a scale above 0"),
        ({"mode": "once", "x": 1}, "x: is no argument"),
        ({"profile": "no.yaml"}, "no.yaml"),
        ({"ignore": {"Poll": []}}, "match_on.Poll: is no operation"),
    ],
)
def test_errors_speak_of_arguments_not_of_options(tmp_path: Path, words: dict[str, Any], wrong: str) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    with pytest.raises(HolterError) as refused, begun([path], said(**words), "", record=""):
        pass
    assert wrong in str(refused.value)
    assert "--" not in str(refused.value)


def test_several_cassettes_are_played_but_never_recorded(tmp_path: Path) -> None:
    one, other = tape(tmp_path / "a.yaml", handout()), tape(tmp_path / "b.yaml", handout("task-2"))
    with begun([one, other], {}, "", record="") as run:
        assert run.failures == []
    with pytest.raises(UsageError, match=r"^mode all: needs one cassette, not 2"):
        enter(begun([one, other], said(mode="all"), "", record=""))
