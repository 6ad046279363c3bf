"""The plugin in real runs of pytest: inner tests are written as a user would write them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.endpoint.test_replay import site as service
from tests.replay.tapes import beat, empty, end, handout
from tests.test_replayer import tape

from holter import pytest_plugin
from holter.cassette.format import Header
from holter.cassette.reader import load
from holter.settings import MODE
from holter.testing.wanted import ARGUMENTS
from holter.wire.message import Interaction

pytest.importorskip("botocore", reason="needs botocore")
pytest_plugins = ["pytester"]

ADDONS = Path(pytest_plugin.__file__).parents[1]
PLUGIN = ("-p", "no:holter", "-p", "holter.pytest_plugin", "-p", "no:cacheprovider")
WHOLE = [handout(), beat(), beat(canceled=True), end("task-1", "FAILED"), empty()]

CLIENT = """
import os
import pytest
import botocore.session

@pytest.fixture
def client():
    url = os.environ.get("SERVICE")
    return botocore.session.Session().create_client("datapipeline", endpoint_url=url)
"""


_LONGER = ("CI", "BUILD_NUMBER")
"""With one of them set, pytest cuts no line of its summary, and says things twice."""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder of tests with a fixture `client`, and a cassette of a task that is cancelled."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "PYTEST_")) or name in _LONGER or "proxy" in name.lower():
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(ADDONS))
    pytester.makeconftest(CLIENT)
    (pytester.path / "cassettes").mkdir()
    tape(pytester.path / "cassettes" / "x.yaml", *WHOLE, header=Header("x"))
    return pytester


def run(inner: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return inner.runpytest_inprocess(*PLUGIN, *arguments)


def test_a_marked_test_is_answered_in_process_and_may_claim_things(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import os, pytest

        @pytest.mark.holter("cassettes/x.yaml", unplayed="fail")
        def test_cancelled(client, holter):
            task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
            holter.pass_time(100)
            beats = [client.report_task_progress(taskId=task)["canceled"] for _ in range(2)]
            client.set_task_status(taskId=task, taskStatus="FAILED")
            client.poll_for_task(workerGroup="wg")
            assert beats == [False, True]
            assert os.environ["AWS_ACCESS_KEY_ID"] == "holter"
            holter.assert_called("ReportTaskProgress", times=2, task="task-1")
            holter.assert_order(["PollForTask", "ReportTaskProgress", "SetTaskStatus", "PollForTask"])
            holter.assert_acked_within(120)
            holter.assert_stopped_after_cancel(within=60, beats=0)
            holter.assert_no_findings()
            assert holter.calls[1].response == {"canceled": False}
            assert (holter.unplayed, holter.misses) == ([], [])

        def test_after_it():
            assert "AWS_ACCESS_KEY_ID" not in os.environ
    """)
    run(inner).assert_outcomes(passed=2)


def test_a_lease_of_15_minutes_is_lost_in_no_time(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml")
        def test_late(client, holter):
            task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
            client.report_task_progress(taskId=task)
            holter.pass_time(901)
            assert "gap-over-limit" in {finding.rule for finding in holter.findings}
            holter.assert_no_findings()
    """)
    result = run(inner)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*error gap-over-limit: task-1 had no beat for 901.* s*"])
    result.stdout.fnmatch_lines(["*Captured holter call*", "*PollForTask  task-1*-> hands out task-1*"])


def test_a_test_goes_over_an_endpoint(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import os, subprocess, sys, pytest

        @pytest.mark.holter("cassettes/x.yaml")
        def test_it(holter_endpoint, client, holter):
            assert os.environ["AWS_ENDPOINT_URL_DATA_PIPELINE"] == holter_endpoint
            task = client.poll_for_task(workerGroup="wg", hostname="me")["taskObject"]["taskId"]
            holter.pass_time(121)
            assert client.report_task_progress(taskId=task)["canceled"] is False
            assert [finding.rule for finding in holter.findings] == ["ack-late"]
            assert {call.caller for call in holter.calls} == {"me"}
            holter.assert_called("PollForTask", times=1)

        @pytest.mark.holter("cassettes/x.yaml")
        def test_a_runner_of_its_own(holter_endpoint, holter):
            code = "import botocore.session as b; c = b.Session().create_client('datapipeline');"
            subprocess.run([sys.executable, "-c", code + "c.poll_for_task(workerGroup='wg')"], check=True)
            holter.assert_called("PollForTask", times=1)
    """)
    run(inner).assert_outcomes(passed=2)


MISS = (
    "no recorded answer for ListPipelines: cassettes/x.yaml holds no ListPipelines; "
    "record it: holter record --mode new_episodes -o cassettes/x.yaml -- CMD"
)


def test_a_miss_fails_a_test_in_the_words_of_the_log(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import pytest
        from contextlib import suppress
        from botocore.exceptions import ClientError

        @pytest.mark.holter("cassettes/x.yaml")
        def test_swallowed(client):
            with suppress(ClientError):
                client.list_pipelines()

        @pytest.mark.holter("cassettes/x.yaml")
        def test_raised(client):
            client.list_pipelines()

        @pytest.mark.holter("cassettes/x.yaml")
        def test_failed_otherwise(client):
            with suppress(ClientError):
                client.list_pipelines()
            assert 1 == 2
    """)
    result = run(inner)
    result.assert_outcomes(failed=3)
    lines = result.stdout.lines
    assert lines.count(MISS) == 1
    assert [line.startswith("E") for line in lines if line.endswith(MISS)].count(True) == 2
    assert lines.count(f"holter: {MISS}") == 3


@pytest.mark.parametrize(
    ("policy", "passed", "warned"), [("ignore", 1, False), ("warn", 1, True), ("fail", 0, False)]
)
def test_what_was_not_played(inner: pytest.Pytester, policy: str, passed: int, warned: bool) -> None:
    inner.makepyfile(f"""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml", unplayed="{policy}")
        def test_it(client):
            client.poll_for_task(workerGroup="wg")
            client.poll_for_task(workerGroup="wg")
    """)
    result = inner.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=passed, failed=1 - passed, warnings=3 * warned)
    shown = [line for line in result.stdout.lines if line.endswith("was never asked for")]
    assert len(shown) == (0 if policy == "ignore" else 3)
    assert [" HolterWarning: cassettes/x.yaml:" in line for line in shown] == [warned] * len(shown)


WRONG = {
    '"cassettes/x.yaml", mode="som"': "mode: 'som' is none of none, once, new_episodes, all, passthrough",
    '"cassettes/x.yaml", mods="all"': "mods: is no argument (did you mean mode?)",
    '"cassettes/x.yaml", pace="lease"': "pace lease: needs a scale above 0, or all answers come at one age",
    '"cassettes/x.yaml", scale="x"': "scale: 'x' is not a number above 0, such as 0.01",
    "3": "3 is no path of a cassette",
    '"y.yaml"': "y.yaml: is not there; record it: pytest --holter-mode once test_bad.py::NAME",
    "": "cassettes/test_bad/NAME.yaml: is not there; record it: pytest --holter-mode once test_bad.py::NAME",
}


@pytest.mark.parametrize("fixture", ["client", "holter_endpoint"])
def test_a_wrong_word_is_one_line(inner: pytest.Pytester, fixture: str) -> None:
    tests = [
        f"@pytest.mark.holter({marker})\ndef test_{number}({fixture}): pass\n"
        for number, marker in enumerate(WRONG)
    ]
    inner.makepyfile(test_bad="\n".join(["import pytest", *tests]))
    result = run(inner)
    result.assert_outcomes(errors=len(WRONG))
    lines = result.stdout.lines
    for number, said in enumerate(WRONG.values()):
        begun = next(at for at, line in enumerate(lines) if f"ERROR at setup of test_{number} " in line)
        where = f"test_bad.py:{2 + 3 * number}: holter: "
        assert lines[begun + 1] == where + said.replace("NAME", f"test_{number}")
        assert lines[begun + 2][:4] in ("====", "____")


def test_an_endpoint_passes_nothing_on_and_a_test_goes_one_way(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml", mode="all")
        def test_live(holter_endpoint): pass

        @pytest.mark.holter("cassettes/x.yaml")
        def test_both(holter_endpoint, holter_proxy): pass

        @pytest.mark.holter("cassettes/x.yaml")
        def test_late(request, client): request.getfixturevalue("holter_endpoint")
    """)
    result = run(inner)
    result.assert_outcomes(errors=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_*.py:3: holter: mode all: holter_endpoint passes no call on to a service: *",
            "holter: a test goes over holter_endpoint or over holter_proxy, not both",
            "holter: holter_endpoint must be among the arguments of the test or of its fixtures",
        ]
    )


def test_without_mitmproxy_holter_proxy_says_what_to_install(inner: pytest.Pytester) -> None:
    inner.makeconftest("import importlib.util\nimportlib.util.find_spec = lambda name: None")
    inner.makepyfile("""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml")
        def test_it(holter_proxy): pass
    """)
    result = inner.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(errors=1)
    needs = "holter_proxy needs mitmproxy, which is not installed: pip install 'holter[[]proxy[]]'"
    result.stdout.fnmatch_lines([f"test_*.py:3: holter: {needs}"])


RECORDED = """
    import pytest

    class TestIt:
        @pytest.mark.holter
        @pytest.mark.parametrize("group", ["wg"])
        def test_it(self, client, holter, group):
            task = client.poll_for_task(workerGroup=group)["taskObject"]
            assert task["attemptId"].startswith("@Copy_task-")
            assert holter.path == "cassettes/test_recorded/TestIt.test_it[wg].yaml"
"""


def test_a_test_is_recorded_once_and_then_played_without_the_service(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner.makepyfile(test_recorded=RECORDED)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with service(tape(inner.path / "service.yaml", handout("task-1"), handout("task-2"))) as there:
        monkeypatch.setenv("SERVICE", there.url)
        run(inner).assert_outcomes(errors=1)
        for _ in range(2):
            run(inner, "--holter-mode", "once").assert_outcomes(passed=1)
        assert len(there.told.calls) == 1
        run(inner, "--holter-mode", "all").assert_outcomes(passed=1)
        assert len(there.told.calls) == 2
    run(inner).assert_outcomes(passed=1)
    path = inner.path / "cassettes" / "test_recorded" / "TestIt.test_it[wg].yaml"
    calls = [entry.value for entry in load(str(path)) if isinstance(entry.value, Interaction)]
    assert [(call.op, call.task) for call in calls] == [("PollForTask", "task-1")]
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_the_ini_file_says_it_for_all_and_markers_over_it(inner: pytest.Pytester) -> None:
    inner.makeini("""
        [pytest]
        holter_cassette_dir = tapes
        holter_unplayed = fail
        holter_ignore =
            PollForTask=workerGroup
    """)
    inner.makepyfile(
        test_ini="""
        import pytest

        @pytest.mark.holter(unplayed="ignore")
        class TestIt:
            def test_inherited(self, client):
                client.poll_for_task(workerGroup="another")

            @pytest.mark.holter(ignore={"PollForTask": []}, unplayed="fail")
            def test_own(self, client): pass

        def test_by_its_fixture(client, holter): pass
    """
    )
    for name in ("TestIt.test_inherited", "TestIt.test_own", "test_by_its_fixture"):
        path = inner.path / "tapes" / "test_ini" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        tape(path, *WHOLE)
    run(inner).assert_outcomes(passed=1, failed=2)


def test_a_wrong_word_in_the_ini_file_or_on_the_command_line(inner: pytest.Pytester) -> None:
    inner.makeini("[pytest]\nholter_scale = fast\n")
    inner.makepyfile("def test_it(holter): pass")
    result = run(inner)
    result.stdout.fnmatch_lines(
        ["*.py:1: holter: holter_scale: 'fast' is not a number above 0, such as 0.01"]
    )
    result = run(inner, "--holter-mode", "som")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*argument --holter-mode: invalid choice: 'som'*"])


def test_unittests_are_answered_too(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import unittest
        import botocore.session, pytest

        @pytest.mark.holter("cassettes/x.yaml")
        class TestIt(unittest.TestCase):
            def test_it(self):
                client = botocore.session.Session().create_client("datapipeline")
                assert client.poll_for_task(workerGroup="wg")["taskObject"]
    """)
    run(inner).assert_outcomes(passed=1)


def test_only_marked_parameters_are_answered(inner: pytest.Pytester) -> None:
    inner.makepyfile("""
        import os
        import pytest

        @pytest.mark.parametrize("ours", [
            False, pytest.param(True, marks=pytest.mark.holter("cassettes/x.yaml")),
        ])
        def test_it(ours):
            assert ("AWS_ACCESS_KEY_ID" in os.environ) is ours
    """)
    run(inner).assert_outcomes(passed=2)


def test_workers_side_by_side(inner: pytest.Pytester) -> None:
    pytest.importorskip("xdist", reason="needs pytest-xdist")
    inner.makepyfile("""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml")
        @pytest.mark.parametrize("number", range(12))
        @pytest.mark.parametrize("way", ["in process", "endpoint"])
        def test_it(client, holter, number, way):
            task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
            beats = [client.report_task_progress(taskId=task)["canceled"] for _ in range(3)]
            assert beats == [False, True, True]

        @pytest.mark.holter(mode="once")
        @pytest.mark.parametrize("number", range(4))
        def test_nothing_is_recorded(holter, number): pass
    """)
    inner.runpytest_subprocess(*PLUGIN, "-n", "2").assert_outcomes(passed=28)
    assert [path.name for path in (inner.path / "cassettes").rglob("*.yaml")] == ["x.yaml"]


def test_an_idle_plugin_imports_nothing_and_hooks_nothing(inner: pytest.Pytester) -> None:
    inner.makeconftest("")
    inner.makepyfile("""
        import sys

        def test_it(pytestconfig):
            ours = {name for name in sys.modules if name.split(".")[0] == "holter"}
            assert ours == {"holter", "holter.pytest_plugin"}
            assert not pytestconfig.pluginmanager.has_plugin("holter-judge")
    """)
    inner.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_what_the_ini_file_may_say_are_the_settings() -> None:
    assert list(ARGUMENTS) == list(pytest_plugin.SETTINGS)
    assert pytest_plugin.MODES == MODE
    assert {name for name in pytest_plugin.SETTINGS if ARGUMENTS[name].many} == set(pytest_plugin.LISTS)


def test_strict_markers_know_ours(inner: pytest.Pytester) -> None:
    inner.makepyfile("import pytest\n@pytest.mark.holter('cassettes/x.yaml')\ndef test_it(): pass")
    run(inner, "--strict-markers").assert_outcomes(passed=1)
    run(inner, "--markers").stdout.fnmatch_lines(["@pytest.mark.holter(?cassettes, mode=*"])
