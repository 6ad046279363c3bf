"""A proxy in a process of its own: a real command, here the one that records."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.processes import command as holter_command
from tests.testing.entering import enter

from holter.errors import HolterError, MissingExtraError, UsageError
from holter.testing import proxy
from holter.testing.proxy import Proxy, Unseen, command, proxied
from holter.testing.wanted import Said, wanted

needs_mitmproxy = pytest.mark.skipif(
    importlib.util.find_spec("mitmproxy") is None, reason="needs mitmproxy, in the extra proxy"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(proxy.__file__).parents[2]))
    monkeypatch.setenv("HOLTER_HOME", str(tmp_path / "home"))


@needs_mitmproxy
def test_clients_are_led_through_a_proxy_while_it_runs(tmp_path: Path) -> None:
    before = dict(os.environ)
    words = holter_command("record", "-o", str(tmp_path / "a.yaml"))
    with proxied(words) as found:
        assert found.url.startswith("http://127.0.0.1:")
        assert os.environ["HTTPS_PROXY"] == os.environ["https_proxy"] == found.url
        assert os.environ["AWS_CA_BUNDLE"] == found.ca
        assert "BEGIN CERTIFICATE" in Path(found.ca).read_text()
        assert os.environ["AWS_ACCESS_KEY_ID"] == "holter"
        assert "recording to" in Unseen(found).log
        assert "export" not in Unseen(found).log
    assert dict(os.environ) == before


@needs_mitmproxy
def test_a_proxy_that_does_not_start_is_told_in_the_commands_own_words(tmp_path: Path) -> None:
    words = holter_command("record", "-o", str(tmp_path / "a.yaml"), "--listen", "nowhere")
    with pytest.raises(HolterError, match=r"the proxy did not start: .*--listen: 'nowhere' is not HOST:PORT"):
        enter(proxied(words))


@needs_mitmproxy
def test_a_command_that_says_nothing_is_told_too() -> None:
    with pytest.raises(HolterError, match="the proxy did not start: it said nothing"):
        enter(proxied([sys.executable, "-c", ""]))


@needs_mitmproxy
@pytest.mark.parametrize(
    ("told", "left"),
    [
        (
            "holter: a.yaml:8: SetTaskStatus was never asked for",
            "a.yaml:8: SetTaskStatus was never asked for",
        ),
        (
            "12:00:00.000  ERROR expectation-missed: task-1: after 'x', it was",
            "expectation missed: task-1: after 'x', it was",
        ),
    ],
)
def test_what_is_told_at_the_end_is_raised(told: str, left: str) -> None:
    code = (
        "import pathlib, signal, sys\n"
        "print('  export HTTPS_PROXY=http://127.0.0.1:9', flush=True)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "pathlib.Path(sys.argv[-1]).write_text('9')\n"
        "signal.sigwait([signal.SIGTERM])\n"
        f"print({told!r})\n"
    )
    with pytest.raises(HolterError, match=f"^{re.escape(left)}$"):
        enter(proxied([sys.executable, "-c", code]))


def test_without_mitmproxy_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"^holter_proxy needs mitmproxy, .*'holter\[proxy\]'$"):
        enter(proxied(["true"]))


def words(**said: Any) -> list[str]:
    return command(wanted(["a.yaml", "b.yaml"], {name: Said(name, value) for name, value in said.items()}))[
        3:
    ]


def test_what_is_wanted_in_a_commands_words() -> None:
    common = ["--profile", "documented", "--stale", "warn", "--unplayed", "ignore", "--fail-on", "never"]
    begun = ["replay", "a.yaml", "b.yaml", "--proxy", "--mode", "none"]
    assert words() == [*begun, "--scale", "0", *common]
    found = words(pace="lease", end="fail", scale=0.001, max_age=9, allow_faults=True)
    assert found[6:12] == ["--pace", "lease", "--end", "fail", "--scale", "0.001"]
    assert found[-1] == "--allow-faults"
    assert found[found.index("--max-age") + 1] == "9"
    found = words(ignore={"PollForTask": ["hostname", "workerGroup"], "ListPipelines": []})
    assert found[-4:] == ["--ignore", "PollForTask=hostname,workerGroup", "--ignore", "ListPipelines="]
    found = words(unplayed="fail")
    assert found[found.index("--unplayed") + 1] == "fail"
    found = words(faults="canceled", fault=["PollForTask:throttle=1"], seed=7)
    assert found[-6:] == ["--faults", "canceled", "--seed", "7", "--fault", "PollForTask:throttle=1"]


def test_of_a_proxy_the_log_is_known_and_nothing_else(tmp_path: Path) -> None:
    output = tmp_path / "output"
    miss = "no recorded answer for ListPipelines: a.yaml holds no ListPipelines; record it: holter record"
    output.write_text(f"12:00:00  PollForTask\nholter: {miss}\nholter: 1 call had no recorded answer\n")
    seen = Unseen(Proxy("url", "ca", output, tmp_path / "control"))
    assert seen.missed == [miss]
    assert "PollForTask" in seen.log
    with pytest.raises(UsageError, match=r"^holter.calls: the calls of a proxy"):
        _ = seen.calls
