"""Faults in tests: plans beside them, and what plans expect of the code under test."""

from __future__ import annotations

import pytest
from tests.test_pytest_plugin import PLUGIN, inner, run

pytest_plugins = ["pytester"]
__all__ = ["inner"]  # a fixture

PLAN = """
holter-plan: 1
rules:
  - name: the first poll fails
    when: {op: PollForTask, at_most: 1}
    then: {error: InternalServiceError}
"""


def test_faults_and_what_plans_expect_after_them(inner: pytest.Pytester) -> None:
    (inner.path / "plans").mkdir()
    (inner.path / "plans" / "first.yaml").write_text(PLAN)
    inner.makepyfile("""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml", faults="canceled")
        def test_in_process(client): disobey(client)

        @pytest.mark.holter("cassettes/x.yaml", faults="canceled")
        def test_over_an_endpoint(holter_endpoint, client): disobey(client)

        def disobey(client):
            task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
            while not client.report_task_progress(taskId=task)["canceled"]: pass
            client.set_task_status(taskId=task, taskStatus="FAILED")
            client.poll_for_task(workerGroup="wg")

        @pytest.mark.holter("cassettes/x.yaml", faults="plans/first.yaml", seed=7)
        def test_survived(client, holter):
            assert client.poll_for_task(workerGroup="wg")["taskObject"]
            holter.assert_called("PollForTask", times=1)
            assert ([call.status for call in holter.calls], holter.seed) == ([500, 200], 7)

        @pytest.mark.holter("cassettes/x.yaml", faults="nothing.yaml")
        def test_wrong(): pass
    """)
    result = run(inner)
    result.assert_outcomes(failed=2, passed=1, errors=1)
    after = "expectation missed: task-1: after 'cancel the second beat'"
    assert result.stdout.lines.count(f"{after}, it was reported FAILED; expected no status") == 2
    result.stdout.fnmatch_lines(["*: holter: faults: no file nothing.yaml, and no plan of that name*"])
    result.stdout.fnmatch_lines(["holter: faults are armed, drawn by seed *"])


ARMED = """
    import botocore.exceptions, pytest

    def life(client, holter):
        beat = holter.arm("ReportTaskProgress:error=InternalServiceError:at_most=1")
        holter.arm({"name": "later", "when": {"op": "PollForTask"}, "then": {"starve": True}}, seconds=3600)
        assert client.poll_for_task(workerGroup="wg").get("taskObject") is None
        holter.disarm("later")
        task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        assert client.report_task_progress(taskId=task)["canceled"] is False
        assert [(row.name, row.state, row.met) for row in holter.faults] == [
            (beat.name, "over", 1), ("later", "off", 1)
        ]
        holter.fire(beat.name)
        client.report_task_progress(taskId=task)
        assert holter.faults[0].met == 2
        holter.arm('''
            name: the end is refused
            when: {op: SetTaskStatus}
            then: {error: TaskNotFoundException}
        ''')
        with pytest.raises(botocore.exceptions.ClientError, match="TaskNotFound"):
            client.set_task_status(taskId=task, taskStatus="FAILED")
"""


def test_faults_are_changed_while_a_test_goes_on(inner: pytest.Pytester) -> None:
    inner.makepyfile(
        ARMED
        + """
    @pytest.mark.holter("cassettes/x.yaml")
    def test_in_process(client, holter):
        life(client, holter)
        assert holter.seed is not None

    @pytest.mark.holter("cassettes/x.yaml")
    def test_over_an_endpoint(holter_endpoint, client, holter): life(client, holter)

    @pytest.mark.holter("cassettes/x.yaml")
    def test_for_a_while(client, holter):
        rule = holter.arm("PollForTask:starve", seconds=60)
        holter.pass_time(59)
        assert "taskObject" not in client.poll_for_task(workerGroup="wg")
        holter.pass_time(2)
        assert "taskObject" in client.poll_for_task(workerGroup="wg")
        assert [row.state for row in holter.faults] == ["over"]
        holter.arm(rule.name)
        assert "taskObject" not in client.poll_for_task(workerGroup="wg")
    """
    )
    run(inner).assert_outcomes(passed=3)


def test_faults_of_a_proxy_are_changed_by_the_same_words(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("mitmproxy", reason="needs mitmproxy")
    monkeypatch.setenv("HOLTER_HOME", str(inner.path / "home"))
    inner.makepyfile(
        ARMED
        + """
    @pytest.mark.holter("cassettes/x.yaml")
    def test_over_a_proxy(holter_proxy, client, holter): life(client, holter)

    @pytest.mark.holter("cassettes/x.yaml")
    def test_disobeyed(holter_proxy, client, holter):
        holter.arm("{name: cancelled, then: {cancel: true}, expect: {no_status: true}}")
        task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        client.report_task_progress(taskId=task)
        client.set_task_status(taskId=task, taskStatus="FAILED")

    @pytest.mark.holter("cassettes/x.yaml")
    def test_wrong(holter_proxy, holter): holter.arm("PollForTask:starv")
    """
    )
    result = inner.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["*holter: expectation missed: task-1: after 'cancelled', it was reported *"])
    result.stdout.fnmatch_lines(["E *holter.arm: fault 'PollForTask:starv': 'starv' is no fault and no *"])


def test_what_a_rule_armed_in_a_test_expects_and_what_is_wrong_with_it_fails_that_test(
    inner: pytest.Pytester,
) -> None:
    inner.makepyfile("""
        import pytest

        @pytest.mark.holter("cassettes/x.yaml")
        def test_disobeyed(client, holter):
            holter.arm({"name": "now", "then": {"cancel": True}, "expect": {"no_status": True}})
            task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
            client.report_task_progress(taskId=task)
            client.set_task_status(taskId=task, taskStatus="FAILED")

        @pytest.mark.holter("cassettes/x.yaml")
        def test_wrong(holter):
            holter.arm("PollForTask:starv")

        @pytest.fixture
        def armed(holter): holter.fire("nobody")

        @pytest.mark.holter("cassettes/x.yaml")
        def test_wrong_in_a_fixture(armed): pass
    """)
    result = run(inner)
    result.assert_outcomes(failed=2, errors=1)
    result.stdout.fnmatch_lines(["expectation missed: task-1: after 'now', it was reported FAILED; *"])
    result.stdout.fnmatch_lines(
        [
            '>*holter.arm("PollForTask:starv")',
            "E *UsageError: holter.arm: fault 'PollForTask:starv': 'starv' is no fault and no error*",
        ]
    )
    result.stdout.fnmatch_lines(["E *UsageError: holter.fire: there is no rule 'nobody' (known: none)"])
    result.stdout.no_fnmatch_line("*arming.py*")
