"""How calls come to a cassette; the ways themselves are gone by real tests in test_pytest_plugin."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.replay.tapes import handout
from tests.test_replayer import tape
from tests.testing.entering import enter

from holter.errors import UsageError
from holter.testing.notebook import Notebook
from holter.testing.wanted import Said, Wanted, wanted
from holter.testing.ways import must_be_offline, on_endpoint, opened


def asked(path: Path, **said: Any) -> Wanted:
    return wanted([str(path)], {name: Said(name, value) for name, value in said.items()})


def test_a_cassette_that_is_missing_is_told_with_the_command_that_records_it(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with pytest.raises(UsageError, match=r"a.yaml: is not there; record it: pytest x$"):
        enter(opened(asked(path), Notebook(), record="pytest x"))
    assert not path.exists()


def test_a_recording_without_a_call_is_not_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.yaml"
    with opened(asked(path, mode="once"), Notebook(), record=""):
        assert path.exists()
    assert not path.exists()


def test_a_replay_is_closed_at_the_end_whatever_happens(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    with pytest.raises(ZeroDivisionError), opened(asked(Path(path)), Notebook(), record="") as replayer:
        1 / 0  # noqa: B018
    assert replayer.session.closed


def test_an_endpoint_is_served_and_clients_are_led_there(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    with opened(asked(Path(path)), Notebook(), record="") as replayer, on_endpoint(replayer) as (url, hosted):
        assert os.environ["AWS_ENDPOINT_URL_DATA_PIPELINE"] == url
        assert os.environ["AWS_ACCESS_KEY_ID"] == "holter"
        request = urllib.request.Request(
            url, b'{"workerGroup":"wg"}', {"X-Amz-Target": "DataPipeline.PollForTask"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            assert "taskObject" in json.load(answer)
        assert hosted.call(lambda: replayer.audit.calls) == 1
    assert os.environ.get("AWS_ENDPOINT_URL_DATA_PIPELINE") != url


@pytest.mark.parametrize(
    ("mode", "there", "refused"),
    [
        ("none", True, False),
        ("none", False, False),
        ("once", True, False),
        ("once", False, True),
        ("new_episodes", True, True),
        ("all", True, True),
        ("passthrough", True, True),
    ],
)
def test_an_endpoint_passes_nothing_on(tmp_path: Path, mode: str, there: bool, refused: bool) -> None:
    path = tmp_path / "a.yaml"
    if there:
        path.touch()
    if not refused:
        must_be_offline(asked(path, mode=mode))
        return
    with pytest.raises(UsageError, match=f"^mode {mode}: holter_endpoint passes no call on to a service"):
        must_be_offline(asked(path, mode=mode))
