"""Each SDK under `holter record -- COMMAND` and `holter replay FILE -- COMMAND`, as a user would start it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.clients.catalogue import INSTALLED, Client, Road
from tests.clients.service import Strict, strict
from tests.clients.stage import BEATS, group, ways
from tests.clients.tape import read
from tests.processes import holter_run

from holter.endpoint.thread import in_thread

pytestmark = [pytest.mark.slow]

ALONE = Road("forward", "https")
OPTIONS = ("--beats", str(BEATS), "--interval", "0.1", "--tasks", "1")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strict]:
    """A service with a task for each."""
    groups = [group(client, ALONE) for client in INSTALLED]
    with in_thread(partial(strict, tmp_path_factory.mktemp("service"), groups)) as hosted:
        yield hosted.value


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One user's data folder: its authority and trust store are made once."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("client", INSTALLED, ids=lambda client: client.name)
def test_it_is_led_to_holter_by_its_environment_alone(
    client: Client, service: Strict, home: Path, tmp_path: Path
) -> None:
    if client.missing:
        pytest.skip(client.missing)
    tape, line = tmp_path / "run.yaml", [*client.command, "--worker-group", group(client, ALONE), *OPTIONS]
    offline = shlex.join(line)
    if not client.heeds_endpoint:
        offline += ' --endpoint "$AWS_ENDPOINT_URL_DATA_PIPELINE"'

    recorded = holter_run(
        "record", "-o", str(tape), *ways(service)["forward"], "--fail-on", "note", "--", *line,
        home=home, cwd=tmp_path, **client.variables,
    )  # fmt: skip
    replayed = holter_run(
        "replay",
        str(tape),
        "--unplayed",
        "fail",
        "--",
        "sh",
        "-c",
        offline,
        home=home,
        cwd=tmp_path,
        **client.variables,
    )

    for ended in (recorded, replayed):
        assert ended.returncode == 0, ended.stderr
        assert f"finished {BEATS + 1}" in ended.stdout
    assert len(read(tape).calls[group(client, ALONE)]) == BEATS + 3
