"""Tests whose calls go through a proxy in a process of its own."""

from __future__ import annotations

import importlib.util

import pytest
from tests.test_pytest_plugin import PLUGIN, inner

from holter.settings import SETTINGS

pytest_plugins = ["pytester"]
__all__ = ["inner"]  # a fixture

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("mitmproxy") is None, reason="needs mitmproxy"),
    pytest.mark.skipif("proxy" not in SETTINGS, reason="holter replay has no --proxy yet"),
]


def test_a_test_goes_through_a_proxy(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLTER_HOME", str(inner.path / "home"))
    inner.makepyfile("""
        from contextlib import suppress
        from pathlib import Path
        import botocore.exceptions, pytest

        @pytest.mark.holter("cassettes/x.yaml")
        def test_played(holter_proxy, client, holter):
            task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
            assert client.report_task_progress(taskId=task)["canceled"] is False
            assert "BEGIN CERTIFICATE" in Path(holter_proxy.ca).read_text()
            assert "hands out task-1" in holter.log

        @pytest.mark.holter("cassettes/x.yaml")
        def test_missed(holter_proxy, client):
            with suppress(botocore.exceptions.ClientError):
                client.list_pipelines()

        @pytest.mark.holter("cassettes/x.yaml", unplayed="fail")
        def test_unplayed(holter_proxy, client):
            client.poll_for_task(workerGroup="wg")
            client.poll_for_task(workerGroup="wg")
    """)
    result = inner.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["no recorded answer for ListPipelines: cassettes/x.yaml holds no *"])
    result.stdout.fnmatch_lines(
        ["test_*.py:*: holter: cassettes/x.yaml:*: SetTaskStatus was never asked for"]
    )
