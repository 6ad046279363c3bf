"""Replay and record through the proxy as a user runs them: modes, the way out, what is told at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.test_replay import BEATING, RUNNER, working
from tests.mitm.rig import kept
from tests.processes import HOST, Sandbox, command, holter_run, sandbox
from tests.replay.tapes import BEAT, END, POLL, empty, end
from tests.test_replayer import tape

from holter.wire.message import Origin

THROUGH = (*RUNNER, "--endpoint", f"https://{HOST}")
LIST = f"""
import botocore.session, sys
client = botocore.session.Session().create_client("datapipeline", endpoint_url="https://{HOST}")
for name in sys.argv[1:]:
    try:
        getattr(client, name)(**({{"pipelineIds": ["df-1"]}} if name == "describe_pipelines" else {{}}))
    except client.exceptions.ClientError as refused:
        print(refused.response["Error"]["Code"])
"""


def listing(*names: str) -> list[str]:
    """A client that makes calls of the control plane."""
    return ["--", sys.executable, "-c", LIST, *names]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("sandbox"), "--scale", "0.01") as running:
        yield running


def live(service: Sandbox) -> list[str]:
    """The options that lead to the sandbox."""
    return [*service.detour, "--upstream-ca", str(service.ca)]


def test_a_runner_that_means_the_service_gets_its_life_from_the_tape(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", working(), *BEATING, end(), empty())
    ended = holter_run("replay", path, "--proxy", "--scale", "0", "--", *command(*THROUGH[1:]), home=tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert f"holter: playing {path} (--mode none)" in ended.stderr
    assert "SetTaskStatus  task-1  FINISHED" in ended.stderr
    assert len(kept(Path(path))) == 6


def test_in_reverse_mode_the_runner_gets_an_endpoint(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", working(), *BEATING, end(), empty())
    way = ["--proxy", "--upstream", "https://nobody.invalid", "--scale", "0"]
    ended = holter_run("replay", path, *way, "--", *command(*RUNNER[1:]), home=tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert "SetTaskStatus  task-1  FINISHED" in ended.stderr


@pytest.mark.parametrize(("mode", "own"), [("none", False), ("passthrough", True)])
def test_credentials_are_made_up_only_where_no_service_is_asked(tmp_path: Path, mode: str, own: bool) -> None:
    path = tape(tmp_path / "a.yaml", empty())
    print_it = "import os, json; print(json.dumps(dict(os.environ)))"
    ended = holter_run(
        *("replay", path, "--proxy", "--mode", mode, "--", sys.executable, "-c", print_it), home=tmp_path
    )
    found = json.loads(ended.stdout)

    assert found["HTTPS_PROXY"].startswith("http://127.0.0.1:")
    assert "AWS_ENDPOINT_URL" not in found or found["AWS_ENDPOINT_URL"] == os.environ["AWS_ENDPOINT_URL"]
    assert (found["AWS_ACCESS_KEY_ID"] == "AKIDEXAMPLE") is own


def test_once_records_the_first_time_and_plays_the_second(tmp_path: Path, service: Sandbox) -> None:
    path = tmp_path / "a.yaml"
    asked = ["replay", str(path), "--proxy", "--mode", "once"]
    first = holter_run(*asked, *live(service), *listing("list_pipelines"), home=tmp_path)
    second = holter_run(*asked, *listing("list_pipelines", "describe_pipelines"), home=tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert [(call.op, call.origin) for call in kept(path)] == [("ListPipelines", Origin.LIVE)]
    assert second.stdout == "NotRecordedException\n"


@pytest.mark.parametrize("how", ["record", "replay"])
def test_new_episodes_adds_what_is_new(tmp_path: Path, service: Sandbox, how: str) -> None:
    path = tmp_path / "a.yaml"
    asked = ["record", "-o", str(path)] if how == "record" else ["replay", str(path), "--proxy"]
    for names in (["list_pipelines"], ["list_pipelines", "describe_pipelines"]):
        mode = ["--mode", "new_episodes", *live(service)]
        ended = holter_run(*asked, *mode, *listing(*names), home=tmp_path)
        assert ended.returncode == 0, ended.stderr

    assert [call.op for call in kept(path)] == ["ListPipelines", "DescribePipelines"]


def test_all_makes_all_anew_but_only_when_it_is_complete(tmp_path: Path, service: Sandbox) -> None:
    path = tmp_path / "a.yaml"
    tape(path, working(), *BEATING)
    before = path.read_bytes()
    asked = ["record", "-o", str(path), "--mode", "all", *live(service)]
    nothing = holter_run(*asked, "--", "true", home=tmp_path)
    assert "is left as it was, because no call was recorded" in nothing.stderr
    assert path.read_bytes() == before

    ended = holter_run(*asked, *listing("list_pipelines"), home=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert [call.op for call in kept(path)] == ["ListPipelines"]
    assert not path.with_name("a.yaml.new").exists()


def test_a_recording_that_is_killed_leaves_the_old_one(tmp_path: Path, service: Sandbox) -> None:
    path = tmp_path / "a.yaml"
    tape(path, working(), *BEATING)
    before = path.read_bytes()
    kill = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"
    asked = ["record", "-o", str(path), "--mode", "all", *live(service)]
    ended = holter_run(*asked, "--", sys.executable, "-c", f"{LIST}\n{kill}", "list_pipelines", home=tmp_path)

    assert ended.returncode == -9
    assert path.read_bytes() == before
    again = holter_run(*asked, "--", "true", home=tmp_path)
    assert (again.returncode, "did not come to its end: move it away" in again.stderr) == (2, True)


def test_a_runner_that_records_all_its_life_plays_it_after(tmp_path: Path) -> None:
    path, definition = tmp_path / "a.yaml", Path(__file__).parents[2] / "docs" / "examples" / "pipeline.json"
    runner = [*command("runner", "--worker-group", "wg", "--scale", "0.01"), "--exit-when-idle"]
    runner += ["--endpoint", f"https://{HOST}"]
    asked = ["replay", str(path), "--proxy", "--mode", "once"]
    with sandbox(tmp_path, "--scale", "0.01", "--definition", str(definition)) as service:
        first = holter_run(*asked, "--scale", "0.01", *live(service), "--", *runner, home=tmp_path)
    second = holter_run(*asked, "--", *runner, home=tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert {call.op for call in kept(path)} >= {POLL, BEAT, END}
    ends = [line.split("  ", 1)[1] for line in first.stderr.splitlines() if "SetTaskStatus" in line]
    assert ends
    assert [word.split("  ")[:3] for word in ends] == [
        line.split("  ", 1)[1].split("  ")[:3]
        for line in second.stderr.splitlines()
        if "SetTaskStatus" in line
    ]


def test_a_client_that_was_given_credentials_is_not_said_to_lack_them(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())

    def said(*arguments: str) -> str:
        words = (*arguments, "--", "true")
        return holter_run(*words, home=tmp_path, HOME=str(tmp_path), AWS_ACCESS_KEY_ID="").stderr

    assert "nothing connected to the proxy, likely because true makes no such" in said(
        "replay", path, "--proxy"
    )
    assert "because true found no credentials" in said("record", "-o", str(tmp_path / "new.yaml"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay", "FILE", "--upstream", "http://localhost:1"], "--upstream: only with --proxy"),
        (["replay", "FILE", "--strict"], "--strict: only with --proxy"),
        (["replay", "FILE", "--proxy", "--upstream", "localhost"], "--upstream: 'localhost' is no URL"),
        (["replay", "FILE", "--proxy", "--region", "x"], "--region: only with --resign"),
        (["replay", "FILE", "--proxy", "--mode", "some"], "--mode: 'some' is none of none, once,"),
        (["replay", "MISSING", "--proxy"], "cannot be read"),
        (["replay", "FILE", "FILE", "--proxy", "--mode", "all"], "--mode all: needs one cassette, not 2"),
        (["record", "-o", "FILE", "--mode", "none"], "--mode: 'none' is none of once, new_episodes, all"),
        (["record", "-o", "FILE", "--mode", "all", "--append"], "--append and --mode: give one of them"),
    ],
)
def test_wrong_words_are_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    names = {"FILE": tape(tmp_path / "a.yaml", empty()), "MISSING": str(tmp_path / "b.yaml")}
    ended = holter_run(*(names.get(word, word) for word in arguments), home=tmp_path, cwd=tmp_path)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_without_mitmproxy_the_extra_is_named(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())
    code = (
        "import sys; sys.modules['mitmproxy'] = None\n"
        "from holter.cli import main\n"
        f"sys.argv = ['holter', 'replay', {path!r}, '--proxy']\n"
        "sys.exit(main())\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert "holter replay --proxy needs mitmproxy" in ended.stderr
    assert "pip install 'holter[proxy]'" in ended.stderr
