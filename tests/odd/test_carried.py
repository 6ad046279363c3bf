"""Each odd request over each road: whole at the service, whole back at the client, kept or left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from tests.clients.catalogue import HOST, ROADS, Road
from tests.clients.stage import Holter, serving
from tests.odd.cases import ALONE, CASES, MARK, OTHER, TASK, Case
from tests.odd.receiver import Answer, Receiver, receiver
from tests.odd.talk import KEYS, Way, answer, name, parsed, request, said, sent
from tests.processes import command, environment, started, until

from holter.cassette.reader import open_cassette
from holter.clientenv import TRUST
from holter.endpoint.thread import in_thread
from holter.wire import signing
from holter.wire.message import Broken, Interaction

TUNNEL, ENDPOINT = Road("forward", "https"), Road("reverse", "http")
pytestmark = pytest.mark.timeout(600)

RUN = re.compile(r"odd/[\w.-]+\.(?:forward|reverse)-https?")
RUNS = [
    (case, road) for case in CASES for road in ROADS if road.mode in case.only and road.scheme in case.schemes
]
NAMES = [f"{case.name}.{road}" for case, road in RUNS]
TUNNEL, ENDPOINT = Road("forward", "https"), Road("reverse", "http")


@dataclass(frozen=True)
class Outcome:
    """What one run was to send and to get, and what came of it."""

    due: list[bytes]
    arrived: list[bytes]
    answers: list[bytes]
    back: list[bytes]
    connections: int


@dataclass(frozen=True)
class Ran:
    """All runs, and what the recordings hold of them."""

    outcomes: dict[tuple[str, Road], Outcome]
    calls: dict[str, list[Interaction]]
    tapes: list[Path]
    texts: str
    said: str


def record(stack: ExitStack, home: Path, service: Receiver) -> dict[str, Holter]:
    """Start a forward and a reverse proxy in front of the receiver."""
    trust = ("--upstream-ca", str(service.authority))
    detours = [
        f"{host}:{port}:127.0.0.1:{service.ports[scheme]}"
        for host in (HOST, OTHER)
        for scheme, port in (("http", 80), ("https", 443))
    ]
    ways = {
        "forward": [word for detour in detours for word in ("--connect-to", detour)],
        "reverse": ["--upstream", f"https://localhost:{service.ports['https']}"],
    }
    return {
        mode: stack.enter_context(
            serving(
                home, mode, "record", "-o", str(home / f"{mode}.yaml"), *way, *trust, "--fail-on", "never"
            )
        )
        for mode, way in ways.items()
    }


def run(case: Case, way: Way, service: Receiver) -> Outcome:
    """Say all of a case over one connection."""
    known = name(case, way.road)
    plain = [request(message, way, known) for message in case.messages]
    lines = [sent(data, message, way) for data, message in zip(plain, case.messages, strict=True)]
    due = lines if way.road == TUNNEL else plain  # what is said within a tunnel is the service's own
    service.answers[known] = [
        Answer(message.answer, message.closes or message.gone) for message in case.messages
    ]
    back = at_once(way, lines) if case.at_once else one_by_one(way, case, lines, service)
    got = service.got.get(known, [])
    return Outcome(
        [message.arrives(data) for data, message in zip(due, case.messages, strict=True)],
        [one.data for one in got],
        [message.returns(message.answer) for message in case.messages],
        back,
        len({one.connection for one, message in zip(got, case.messages, strict=False) if not message.host}),
    )


def at_once(way: Way, lines: list[bytes]) -> list[bytes]:
    """Say all requests before the first answer; return the answers."""
    with way.connect() as made:
        made.sendall(b"".join(lines))
        return [answer(made) for _ in lines]


def one_by_one(way: Way, case: Case, lines: list[bytes], service: Receiver) -> list[bytes]:
    """Say each request when the one before has its answer; return the answers."""
    known, back = name(case, way.road), []
    with ExitStack() as stack:
        made = stack.enter_context(way.connect())
        for line, message in zip(lines, case.messages, strict=True):
            if message.reconnects:
                made.close()
                made = stack.enter_context(way.connect())
            due = service.ended[known] + message.closes
            said(made, line)
            back.append(answer(made))
            until(partial(has_ended, service, known, due))
    return back


def has_ended(service: Receiver, known: str, due: int) -> bool:
    """Tell whether as many of a run's connections have ended as are due to."""
    return service.ended[known] >= due


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run every case over every road through two proxies; the big ones last."""
    home = tmp_path_factory.mktemp("odd")
    with ExitStack() as stack:
        service = stack.enter_context(in_thread(partial(receiver, home))).value
        holters = record(stack, home, service)
        trust = next(holters["forward"].pasted[variable] for variable in TRUST)
        outcomes = {}
        for case, road in RUNS:
            outcomes[case.name, road] = run(case, Way(road, holters[road.mode].port, trust), service)
    tapes = [holter.cassette for holter in holters.values()]
    texts = "".join(tape.read_text() for tape in tapes)
    said = "".join((home / f"{mode}.log").read_text() for mode in holters)
    return Ran(outcomes, kept(tapes), tapes, texts, said)


def kept(tapes: list[Path]) -> dict[str, list[Interaction]]:
    """Return the recorded calls of each run."""
    calls: dict[str, list[Interaction]] = {}
    for tape in tapes:
        for entry in open_cassette(str(tape)):
            if isinstance(entry.value, Interaction):
                found = RUN.search(json.dumps(entry.value.request))
                calls.setdefault(found[0] if found else "", []).append(entry.value)
    return calls


@pytest.mark.parametrize(("case", "road"), RUNS, ids=NAMES)
def test_it_passes_unharmed(case: Case, road: Road, ran: Ran) -> None:
    outcome = ran.outcomes[case.name, road]

    assert outcome.arrived == outcome.due
    assert outcome.back == outcome.answers
    assert outcome.connections == 1 + sum(
        message.reconnects or earlier.closes for earlier, message in pairwise(case.messages)
    )


@pytest.mark.parametrize(("case", "road"), RUNS, ids=NAMES)
def test_its_signature_stays_good(case: Case, road: Road, ran: Ran) -> None:
    secrets = {KEYS.access: KEYS.secret}.get
    arrived = ran.outcomes[case.name, road].arrived

    assert [signing.verify(parsed(data), secrets, datetime.now(UTC)) for data in arrived] == (
        [None] * len(case.messages)
    )


@pytest.mark.parametrize(("case", "road"), RUNS, ids=NAMES)
def test_it_is_recorded_as_what_it_says_or_left_alone(case: Case, road: Road, ran: Ran) -> None:
    calls = ran.calls.get(name(case, road), [])
    messages = [message for message in case.messages if message.kept]

    assert [(call.op, call.status, call.broken) for call in calls] == [
        (message.kept, None, Broken.UPSTREAM) if message.gone else (message.kept, 200, None)
        for message in messages
    ]
    for call, message in zip(calls, messages, strict=True):
        said = message.body.replace(MARK.encode(), name(case, road).encode())
        assert call.request == read(said, call.task)
        if call.status and call.op != "EvaluateExpression":
            assert call.response == read(message.means, call.task)
        assert call.notes == {}


def read(body: bytes, task: str | None) -> object:
    """Return what a body says, its task under the alias that it has in the recording."""
    return json.loads(json.dumps(json.loads(body)).replace(TASK, task or ""))


def test_what_is_no_call_of_data_pipeline_is_never_stored(ran: Ran) -> None:
    assert set(ran.calls) == {name(*one) for one in RUNS}
    assert [word for word in ALONE if word in ran.texts] == []


def test_only_a_call_that_the_service_broke_is_told_of(ran: Ran) -> None:
    lines = ran.said.splitlines()
    told = [line for line in lines if line.startswith("holter: ") and "start the runner" not in line]
    gone = [road for case, road in RUNS if any(message.gone for message in case.messages)]

    assert len(told) == len(gone)
    assert all("the service broke the connection" in line for line in told)


@pytest.fixture(scope="module")
def endpoints(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Way]]:
    """A sandbox, and a replay of what was recorded, both without a proxy."""
    home = tmp_path_factory.mktemp("endpoints")
    lines = {
        "sandbox": ("sandbox", "--scale", "0.001"),
        "replay": ("replay", *map(str, ran.tapes), "--unplayed", "ignore"),
    }
    with ExitStack() as stack:
        ways = {}
        for which, line in lines.items():
            port = home / f"{which}.port"
            serves = command(*line, "--port-file", str(port))
            stack.enter_context(started(serves, environment(home), home / f"{which}.log"))
            until(port.is_file)
            ways[which] = Way(ENDPOINT, int(port.read_text()), "")
        yield ways


@pytest.mark.parametrize(
    "case", [case for case, road in RUNS if road == ENDPOINT], ids=lambda case: case.name
)
@pytest.mark.parametrize("which", ["sandbox", "replay"])
def test_an_endpoint_understands_it_as_well(case: Case, which: str, endpoints: dict[str, Way]) -> None:
    way = endpoints[which]
    for message in case.messages:
        if message.kept in ("PollForTask", ""):
            with way.connect() as made:
                said(made, sent(request(message, way, name(case, ENDPOINT)), message, way))
                head, _, body = answer(made).partition(b"\r\n\r\n")
        if message.kept == "PollForTask":
            assert head.startswith(b"HTTP/1.1 200 ")
            assert json.loads(body).keys() == (
                json.loads(message.means).keys() if which == "replay" else set()
            )
        elif not message.kept:
            assert head.startswith(b"HTTP/1.1 400 ")
            assert b"X-Amz-Target" in body
