"""Every client over every road: recorded by Holter, played without a service, canceled.

The proxies and the service are shared, each run has a worker group of its own, and several run at a time;
what became of them is told at the end of the test run, a line for each client.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from tests.clients.catalogue import CLIENTS, ROADS, Client, Road
from tests.clients.service import Seen, Strict, strict
from tests.clients.stage import BEATS, Case, Stage, group, serving, ways
from tests.clients.tape import Tape, read
from tests.test_docs_clients import rows

from holter.endpoint.thread import in_thread

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HONEST = ["PollForTask", *["ReportTaskProgress"] * (BEATS + 1), "SetTaskStatus"]
FINISHED = f"finished {BEATS + 1}"
CANCELED_ON = 2
ALWAYS_SIGNED = {"content-type", "host", "x-amz-date", "x-amz-target"}
GONE = "127.0.0.1:9"  # discard: nobody listens there


@dataclass(frozen=True)
class Live:
    """What came of the runs with a service."""

    stage: Stage
    told: dict[tuple[str, Case], str]
    tapes: dict[str, Tape]
    files: dict[str, Path]
    service: Strict


def cases(request: pytest.FixtureRequest) -> list[Case]:
    """The cases of the clients that were chosen and are there."""
    chosen = {
        item.callspec.params["client"].name
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec") and "client" in item.callspec.params
    }
    return [(one, road) for one in CLIENTS if one.name in chosen and not one.missing for road in ROADS]


@pytest.fixture(scope="module")
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """Run all that needs the service: honest runs, and runs that are canceled."""
    stage, chosen = Stage(tmp_path_factory.mktemp("clients")), cases(request)
    names = {
        f"{phase}-{mode}": (phase, mode) for phase in ("record", "cancel") for mode in ("forward", "reverse")
    }
    groups = [group(*case, phase) for case in chosen for phase in ("record", "cancel")]
    files = {name: stage.home / f"{name}.yaml" for name in names}
    with ExitStack() as stack:
        service = stack.enter_context(in_thread(partial(strict, stage.home, groups))).value
        holters = {}
        for name, (phase, mode) in names.items():
            more = ("--cancel-on", str(CANCELED_ON)) if phase == "cancel" else ()
            line = ("record", "-o", str(files[name]), *ways(service)[mode], *more)
            holters[name] = stack.enter_context(serving(stage.home, name, *line))
        stage.learn(holters["record-forward"])
        runs = {
            (phase, case): stage.run(case, holters[f"{phase}-{case[1].mode}"], phase)
            for case in chosen
            for phase in ("record", "cancel")
        }
        wait(runs.values())
    told = {key: run.result() for key, run in runs.items()}
    return Live(stage, told, {name: read(file) for name, file in files.items()}, files, service)


@pytest.fixture(scope="module")
def replayed(request: pytest.FixtureRequest, live: Live) -> dict[Case, str]:
    """Run the same again with nothing but the recordings: by the endpoint, and by the proxy."""
    stage, chosen = live.stage, cases(request)
    tapes = {mode: str(live.files[f"record-{mode}"]) for mode in ("forward", "reverse")}
    lines = {
        "forward": ("replay", "--proxy", tapes["forward"]),
        "reverse": ("record", "--mode", "once", "-o", tapes["reverse"], "--upstream", f"https://{GONE}"),
    }
    with ExitStack() as stack:
        proxies = {
            mode: stack.enter_context(serving(stage.home, f"replay-{mode}", *line))
            for mode, line in lines.items()
        }
        endpoint = stack.enter_context(serving(stage.home, "replay-endpoint", "replay", tapes["reverse"]))
        runs = {
            case: stage.run(case, endpoint if str(case[1]) == "reverse-http" else proxies[case[1].mode])
            for case in chosen
        }
        wait(runs.values())
    return {case: run.result() for case, run in runs.items()}


@pytest.fixture
def cell(
    client: Client, road: Road, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Case:
    """Say for the summary what the test is about; skip it where the client is not there."""
    record_property("client", client.name)
    record_property("road", str(road))
    record_property("phase", request.function.__name__.removeprefix("test_"))
    if client.missing:
        pytest.skip(client.missing)
    return client, road


every = [
    pytest.mark.parametrize("road", ROADS, ids=str),
    pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name),
]


def everywhere(test: Callable[..., None]) -> Callable[..., None]:
    for mark in every:
        test = mark(test)
    return test


@everywhere
def test_record(cell: Case, request: pytest.FixtureRequest) -> None:
    live: Live = request.getfixturevalue("live")
    tape = live.tapes[f"record-{cell[1].mode}"]

    assert live.told["record", cell] == FINISHED
    calls = tape.calls[group(*cell)]
    assert [call.op for call in calls] == HONEST
    assert {call.status for call in calls} == {200}


@everywhere
def test_cancel(cell: Case, request: pytest.FixtureRequest) -> None:
    live: Live = request.getfixturevalue("live")
    tape = live.tapes[f"cancel-{cell[1].mode}"]

    assert live.told["cancel", cell] == f"canceled {CANCELED_ON}"
    assert [call.op for call in tape.calls[group(*cell, "cancel")]] == HONEST[: 1 + CANCELED_ON]


@everywhere
def test_replay(cell: Case, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue("replayed")[cell] == FINISHED


def test_audit_of_all_is_clean_and_every_signature_good(live: Live) -> None:
    assert live.service.refused == []
    for name, tape in live.tapes.items():
        assert [str(found) for found in tape.findings] == [], name


def told_of(seen: Seen) -> str:
    """Say how a client uses its connections; one that it keeps may still time out on a busy machine."""
    kept = len(seen.peers) <= len(HONEST) // 2
    return "one" if kept else "one a call"


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_the_page_tells_what_was_seen(client: Client, request: pytest.FixtureRequest) -> None:
    if client.missing:
        pytest.skip(client.missing)
    seen = request.getfixturevalue("live").service.seen
    found = [seen[group(client, road)] for road in ROADS]
    (signed,) = {frozenset(one.signed) for one in found}
    connections = [told_of(found[ROADS.index(Road(mode, "https"))]) for mode in ("forward", "reverse")]
    told = rows("What each needs and sends").get(client.name)

    assert told == [
        "its environment" if client.heeds_proxy else "a proxy in its program",
        "its environment" if client.heeds_endpoint else "an endpoint in its program",
        ", ".join(f"`{name}`" for name in sorted(signed - ALWAYS_SIGNED)),
        connections[0]
        if connections[0] == connections[1]
        else f"{connections[0]}; {connections[1]} in reverse",
    ]
