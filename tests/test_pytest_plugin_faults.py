"""Faults in tests: plans beside them, and what plans expect of the code under test."""

from __future__ import annotations

import pytest
from tests.test_pytest_plugin import inner, run

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
