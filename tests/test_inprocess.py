"""Calls answered in this process: real clients of the SDK, and no socket."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import sdk
from tests.endpoint.test_replay import Site as Service
from tests.endpoint.test_replay import site as service
from tests.replay.tapes import beat, empty, end, handout, recorded
from tests.test_replayer import tape
from tests.told import Told

from holter.cassette.reader import load
from holter.errors import MissingExtraError
from holter.faults.plans import Mode
from holter.faults.sources import gathered
from holter.inprocess import InProcess, answering
from holter.recorder import Recorder, Recording
from holter.replayer import Replay, Replayer
from holter.wire.decision import Break, Cut, Decision
from holter.wire.message import Broken, Call, Interaction, Origin

session = pytest.importorskip("botocore.session", reason="needs botocore")
exceptions = pytest.importorskip("botocore.exceptions", reason="needs botocore")

WHOLE = [handout(), beat(), beat(canceled=True), end("task-1", "FAILED"), empty()]


def client(service: str = "datapipeline", url: str | None = None, **more: Any) -> Any:
    retries = {"total_max_attempts": 2, "mode": "standard"}
    return sdk.client(url, service, **{"retries": retries, "read_timeout": 60, **more})


@pytest.fixture(autouse=True)
def no_socket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to connect to anywhere, unless a test says that it needs to."""

    def refuse(*_: Any) -> None:
        pytest.fail("a socket was connected")

    if "live" not in request.fixturenames:
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)


class Site:
    """A replay in this process, and what it told."""

    def __init__(self, replayer: Replayer, told: Told, here: InProcess) -> None:
        self.replayer, self.told, self.here = replayer, told, here
        self.slept: list[float] = []


@contextmanager
def site(path: str, **more: Any) -> Iterator[Site]:
    told, slept = Told(), list[float]()
    replayer = Replayer(Replay((path,), **more), told)
    with answering(replayer, sleep=slept.append) as here:
        found = Site(replayer, told, here)
        found.slept = slept
        yield found
    replayer.close()


def decided(here: Site, decision: Callable[[Decision], Decision]) -> None:
    """Let a replay decide otherwise."""
    decide = here.replayer.player.decide

    def other(call: Call, asked: Interaction) -> Decision:
        return decision(decide(call, asked))

    here.replayer.player.decide = other  # type: ignore[method-assign]


def test_a_client_is_answered_from_the_cassette(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        runner = client()
        task = runner.poll_for_task(workerGroup="wg", hostname="other")["taskObject"]
        beats = [runner.report_task_progress(taskId=task["taskId"])["canceled"] for _ in range(3)]
        runner.set_task_status(taskId=task["taskId"], taskStatus="FAILED", errorMessage="new words")
        assert "taskObject" not in runner.poll_for_task(workerGroup="wg")
        assert here.replayer.player.unplayed == []

    assert beats == [False, True, True]
    assert {call.origin for call, _ in here.told.calls} == {Origin.CASSETTE}
    assert {call.caller for call, _ in here.told.calls} == {"other"}
    assert here.slept == []


def test_boto3_is_met_by_its_default_session_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3 = pytest.importorskip("boto3", reason="needs boto3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with site(tape(tmp_path / "a.yaml", *WHOLE)):
        runner = boto3.client("datapipeline", region_name="eu-west-1")
        assert runner.poll_for_task(workerGroup="wg")["taskObject"]["attemptId"] == "@Copy_task-1"


def test_a_client_that_was_made_before_is_met_and_let_go_after(tmp_path: Path) -> None:
    runner = client(retries={"total_max_attempts": 1})
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        assert runner.poll_for_task(workerGroup="wg")["taskObject"]
    with pytest.raises(pytest.fail.Exception, match="a socket was connected"):
        runner.poll_for_task(workerGroup="wg")
    assert len(here.told.calls) == 1


def test_of_two_blocks_the_inner_one_answers(tmp_path: Path) -> None:
    runner, one = client(), tape(tmp_path / "a.yaml", handout("task-1"))
    with site(one) as outer, site(tape(tmp_path / "b.yaml", handout("task-7"))) as inner:
        assert runner.poll_for_task(workerGroup="wg")["taskObject"]["attemptId"] == "@Copy_task-7"
    assert (len(outer.told.calls), len(inner.told.calls)) == (0, 1)


def test_a_client_without_credentials_is_answered_where_nothing_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    nobody = session.Session().create_client("datapipeline", region_name="us-east-1")
    other = session.Session().create_client("swf", region_name="us-east-1")
    replayer = Replayer(Replay((tape(tmp_path / "a.yaml", *WHOLE),), scale=0.0), Told())
    with answering(replayer, signed=False):
        assert nobody.poll_for_task(workerGroup="wg")["taskObject"]
        with pytest.raises(exceptions.NoCredentialsError):
            other.list_domains(registrationStatus="REGISTERED")
    with answering(replayer), pytest.raises(exceptions.NoCredentialsError):
        nobody.poll_for_task(workerGroup="wg")


def test_other_services_are_left_alone(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        with pytest.raises(pytest.fail.Exception, match="a socket was connected"):
            client("swf", retries={"total_max_attempts": 1}).list_domains(registrationStatus="REGISTERED")
        assert here.told.calls == []


def test_a_miss_is_an_error_that_is_not_tried_again(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        runner = client()
        with pytest.raises(runner.exceptions.ClientError) as refused:
            runner.list_pipelines()
    error = refused.value.response["Error"]
    assert error["Code"] == "NotRecordedException"
    assert here.told.troubles == [error["Message"]]
    assert len(here.told.calls) == 1


def test_an_error_of_the_service_is_the_clients_own(tmp_path: Path) -> None:
    code = "TaskNotFoundException"
    body = {"__type": code, "message": "no such task"}
    gone = recorded("ReportTaskProgress", {"taskId": "task-1"}, body, task="task-1", status=400, error=code)
    with site(tape(tmp_path / "a.yaml", handout(), gone)):
        runner = client()
        task = runner.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        with pytest.raises(runner.exceptions.TaskNotFoundException):
            runner.report_task_progress(taskId=task)


def test_a_delay_is_slept_as_told_and_not_at_all_without_one(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty(asked=0.0, took=20.0))
    with site(path, scale=0.5) as here:
        client().poll_for_task(workerGroup="wg")
    with site(path, scale=0.0) as quick:
        client().poll_for_task(workerGroup="wg")
    assert (here.slept, quick.slept) == ([10.0], [])


def test_a_client_that_waits_less_gives_up_as_on_a_wire(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty(asked=0.0, took=90.0))
    with site(path) as here, pytest.raises(exceptions.ReadTimeoutError):
        client(read_timeout=5).poll_for_task(workerGroup="wg")
    assert here.slept == [5.0, 5.0]
    assert [call.broken for call, _ in here.told.calls] == [Broken.CLIENT] * 2
    assert [call.tried.n for call, _ in here.told.calls if call.tried] == [1, 2]


@pytest.mark.parametrize("cut", [Cut.CLOSE, Cut.RESET])
def test_a_broken_connection_is_botocores_error_after_its_own_tries(tmp_path: Path, cut: Cut) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        decided(here, lambda _: Break("a test", delay=2.0, cut=cut))
        with pytest.raises(exceptions.ConnectionClosedError):
            client().poll_for_task(workerGroup="wg")
    assert [call.broken for call, _ in here.told.calls] == [Broken.US] * 2
    assert here.slept[:1] == [2.0]


def test_a_cut_in_the_middle_gives_half_an_answer(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        decided(here, lambda found: Break("a test", cut=Cut.MIDDLE, reply=getattr(found, "reply", None)))
        assert "taskObject" not in client().poll_for_task(workerGroup="wg")
    assert [call.broken for call, _ in here.told.calls] == [Broken.US]


def faults(*spelled: str, mode: Mode = Mode.REPLAY) -> Any:
    return gathered(faults=[f"PollForTask:{one}" for one in spelled], mode=mode)


BROKEN = {
    "reset=true": (exceptions.ConnectionClosedError, []),
    "close=true": (exceptions.ConnectionClosedError, []),
    "hold=30": (exceptions.ReadTimeoutError, [20.0]),
    "hold=5": (exceptions.ConnectionClosedError, [5.0]),
    "delay=30": (exceptions.ReadTimeoutError, [20.0]),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_that_breaks_a_connection_is_botocores_own_error(tmp_path: Path, fault: str) -> None:
    error, slept = BROKEN[fault]
    runner = client(read_timeout=20, retries={"total_max_attempts": 1})
    with site(tape(tmp_path / "a.yaml", *WHOLE), scale=0.0, plans=faults(fault)) as here:
        with pytest.raises(error):
            runner.poll_for_task(workerGroup="wg")
        assert here.slept == slept
    assert {call.broken for call, _ in here.told.calls} <= {Broken.US, Broken.CLIENT}
    assert len(here.told.calls) == 1


def test_while_connections_are_refused_no_call_comes(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    runner = client(retries={"total_max_attempts": 1})
    with site(path, scale=0.0, plans=faults("refuse=60:at_most=1")) as here:
        with pytest.raises(exceptions.ConnectionClosedError):
            runner.poll_for_task(workerGroup="wg")
        with pytest.raises(exceptions.EndpointConnectionError):
            runner.list_pipelines()
        here.replayer.clock.skip(61)
        assert runner.poll_for_task(workerGroup="wg")["taskObject"]
    assert [call.op for call, _ in here.told.calls] == ["PollForTask", "PollForTask"]


def test_an_answer_may_be_late_and_is_kept_as_it_was_released(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    with site(path, scale=0.0, plans=faults("delay=3")) as here:
        assert client().poll_for_task(workerGroup="wg")["taskObject"]
        assert here.slept == [3.0]
    assert [call.fault is not None for call, _ in here.told.calls] == [True]


def test_runners_in_threads_get_their_own_answers(tmp_path: Path) -> None:
    names = [f"task-{number}" for number in range(1, 65)]
    calls = [
        call
        for name in names
        for call in (
            handout(name, name),
            beat(name),
            recorded("SetTaskStatus", {"taskId": name, "taskStatus": "FINISHED"}, {}, task=name),
        )
    ]
    runner, together = client(), threading.Barrier(16)

    def run(name: str) -> str:
        together.wait(30)
        task = runner.poll_for_task(workerGroup=name)["taskObject"]
        assert runner.report_task_progress(taskId=task["taskId"])["canceled"] is False
        runner.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
        return str(task["attemptId"])

    with site(tape(tmp_path / "a.yaml", *calls)) as here, ThreadPoolExecutor(16) as pool:
        assert list(pool.map(run, names)) == [f"@Copy_{name}" for name in names]
        assert here.here.call(lambda: here.replayer.player.unplayed) == []
    assert [lease.outcome for lease in here.replayer.audit.leases] == ["finished"] * 64


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Service]:
    """An endpoint on this machine, which takes the place of the real service."""
    with service(tape(tmp_path / "service.yaml", *WHOLE)) as there:
        yield there


def test_what_a_recorder_passes_on_is_recorded(tmp_path: Path, live: Service) -> None:
    path = str(tmp_path / "new.yaml")
    recorder = Recorder(Recording(path, plans=gathered(cancel_on=2, mode=Mode.PROXY)), Told())
    runner = client(url=live.url)
    with answering(recorder):
        task = runner.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        beats = [runner.report_task_progress(taskId=task)["canceled"] for _ in range(2)]
        with pytest.raises(runner.exceptions.ClientError):
            runner.list_pipelines()
    recorder.close()

    calls = [entry.value for entry in load(path) if isinstance(entry.value, Interaction)]
    assert beats == [False, True]
    assert [(call.op, call.origin) for call in calls] == [
        ("PollForTask", Origin.LIVE),
        ("ReportTaskProgress", Origin.LIVE),
        ("ReportTaskProgress", Origin.FAULT),
        ("ListPipelines", Origin.LIVE),
    ]
    assert calls[0].task == "task-1"
    assert calls[3].error == "NotRecordedException"


@pytest.mark.parametrize(
    ("fault", "asked", "slept"), [("duplicate=2", 2, []), ("delay=3", 1, [3.0]), ("empty=true", 1, [])]
)
def test_faults_in_front_of_a_service(
    tmp_path: Path, live: Service, fault: str, asked: int, slept: list[float]
) -> None:
    told, waited = Told(), list[float]()
    plans = faults(fault, mode=Mode.PROXY)
    recorder = Recorder(Recording(str(tmp_path / "new.yaml"), plans=plans), told)
    with answering(recorder, sleep=waited.append):
        client(url=live.url).poll_for_task(workerGroup="wg")
    recorder.close()
    assert [call.fault is not None for call, _ in told.calls] == [True]
    assert (waited, len(live.told.calls)) == (slept, asked)


def test_a_broken_answer_of_a_service_was_asked_for_and_is_lost(tmp_path: Path, live: Service) -> None:
    told = Told()
    plans = gathered(faults=["ReportTaskProgress:swallow_ack=true"], mode=Mode.PROXY)
    recorder = Recorder(Recording(str(tmp_path / "new.yaml"), plans=plans), told)
    runner = client(url=live.url, retries={"total_max_attempts": 1})
    with answering(recorder):
        task = runner.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        with pytest.raises(exceptions.ConnectionClosedError):
            runner.report_task_progress(taskId=task)
    recorder.close()
    assert [call.broken for call, _ in told.calls] == [None, Broken.US]
    assert [call.op for call, _ in live.told.calls] == ["PollForTask", "ReportTaskProgress"]


def test_a_service_that_is_not_there_is_taken_in_and_raised(tmp_path: Path, live: Service) -> None:
    told = Told()
    recorder = Recorder(Recording(str(tmp_path / "new.yaml")), told)
    with socket.socket() as taken, answering(recorder):
        taken.bind(("127.0.0.1", 0))
        runner = client(url=f"http://127.0.0.1:{taken.getsockname()[1]}", retries={"total_max_attempts": 1})
        with pytest.raises(exceptions.EndpointConnectionError):
            runner.poll_for_task(workerGroup="wg")
    recorder.close()
    assert [call.broken for call, _ in told.calls] == [Broken.UPSTREAM]


def test_without_botocore_there_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.httpsession", None)
    replayer = Replayer(Replay((tape(tmp_path / "a.yaml", *WHOLE),)), Told())
    with (
        pytest.raises(MissingExtraError, match=r"needs botocore, .* pip install 'holter\[proxy\]'"),
        answering(replayer),
    ):
        pass
