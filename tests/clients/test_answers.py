"""What each SDK does when its acknowledgement is answered with a fault, again and again."""

from __future__ import annotations

import json
from concurrent.futures import wait
from contextlib import ExitStack
from functools import partial

import pytest
from tests.clients.catalogue import INSTALLED, Client, Road
from tests.clients.service import strict
from tests.clients.stage import Stage, group, serving, ways
from tests.clients.tape import read
from tests.test_docs_clients import rows

from holter.endpoint.thread import in_thread

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

REVERSE = Road("reverse", "http")
ANSWERS = {
    "throttled": {"error": "ThrottlingException"},
    "failed": {"error": "InternalServiceError"},
    "lost": {"error": "TaskNotFoundException"},
    "expired": {"error": "ExpiredTokenException"},
    "closed": {"close": True},
}
"""In the order of the page's columns: ExpiredTokenException comes with the status 400 here."""


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Client, str], tuple[str, int]]:
    """Run each SDK against each answer: how it ended, and how often it had tried."""
    stage = Stage(tmp_path_factory.mktemp("answers"))
    runs = [(client, answer) for client in INSTALLED if not client.missing for answer in ANSWERS]
    groups = [group(client, REVERSE, answer) for client, answer in runs]
    rules = [
        {"name": answer, "when": {"op": "ReportTaskProgress", "worker_group": f"*-{answer}"}, "then": fault}
        for answer, fault in ANSWERS.items()
    ]
    plan, tape = stage.home / "plan.yaml", stage.home / "answers.yaml"
    plan.write_text(json.dumps({"holter-plan": 1, "rules": rules}))
    with ExitStack() as stack:
        service = stack.enter_context(in_thread(partial(strict, stage.home, groups))).value
        line = (
            "record",
            "-o",
            str(tape),
            *ways(service)["reverse"],
            "--faults",
            str(plan),
            "--fail-on",
            "never",
        )
        holter = stack.enter_context(serving(stage.home, "answers", *line))
        told = {run: stage.run((run[0], REVERSE), holter, run[1]) for run in runs}
        wait(told.values())
    calls = read(tape).calls
    counts = [sum(call.op == "ReportTaskProgress" for call in calls[name]) for name in groups]
    return {run: (told[run].result(), count) for run, count in zip(runs, counts, strict=True)}


@pytest.mark.parametrize("client", INSTALLED, ids=lambda client: client.name)
def test_it_tries_as_often_as_the_page_tells_and_fails(
    client: Client, request: pytest.FixtureRequest
) -> None:
    if client.missing:
        pytest.skip(client.missing)
    found = [request.getfixturevalue("tries")[client, answer] for answer in ANSWERS]

    assert [str(count) for _, count in found] == rows("What each does with an answer").get(client.name)
    assert [outcome.partition(":")[0] == "0" or outcome.startswith("finished") for outcome, _ in found] == (
        [False] * len(ANSWERS)
    )
