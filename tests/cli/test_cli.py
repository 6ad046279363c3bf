from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import environment

import holter
from holter.cli import COMMANDS


def run(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "holter", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(Path(holter.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_help_lists_every_command() -> None:
    found = run("--help")
    assert found.returncode == 0
    assert all(f"  {name} " in found.stdout and text[:40] in found.stdout for name, text in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_own_help(name: str) -> None:
    found = run(name, "--help")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(f"Usage: holter {name}")
    assert found.stderr == ""


def test_the_version_is_the_packages() -> None:
    found = run("--version")
    assert (found.returncode, found.stdout) == (0, f"holter, version {holter.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["sing"], "No such command 'sing'"),
        (["--loud"], "No such option"),
        (["audit", "--loud"], "No such option"),
    ],
)
def test_a_wrong_word_is_one_line_and_exit_status_2(arguments: list[str], complaint: str) -> None:
    found = run(*arguments)
    assert found.returncode == 2
    assert complaint in found.stderr
    assert found.stderr.startswith("holter: ")
    assert len(found.stderr.splitlines()) == 1
    assert found.stdout == ""


def test_without_a_command_the_help_is_shown_as_an_error() -> None:
    found = run()
    assert found.returncode == 2
    assert "Usage:" in found.stdout + found.stderr


def test_a_known_error_is_one_line_with_its_own_exit_status(tmp_path: Path) -> None:
    found = run("audit", "missing.yaml", folder=tmp_path)
    assert found.returncode == 2
    assert "missing.yaml" in found.stderr
    assert "Traceback" not in found.stderr


def test_the_help_of_the_group_imports_no_command() -> None:
    code = (
        "import sys, holter.cli as cli; cli.holter.main(['--help'], standalone_mode=False);"
        "print([name for name in sys.modules if name.startswith('holter.') and name.count('.') > 1"
        " or name.split('.')[0] in ('mitmproxy', 'botocore', 'yaml')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(holter.__file__).parents[1])},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.stdout.splitlines()[-1] == "[]"


LEAVING = """
import atexit, sys, types
from holter.cli import main
sys.argv = ["holter", "addon-path"]
sys.modules.update({name: types.ModuleType(name) for name in %r})
atexit.register(print, "torn down")
main()
"""


@pytest.mark.parametrize(("loaded", "torn_down"), [((), True), (("mitmproxy",), False)])
def test_where_mitmproxy_ran_the_interpreter_is_not_taken_down(
    tmp_path: Path, loaded: tuple[str, ...], torn_down: bool
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LEAVING % (loaded,)],
        capture_output=True, text=True, check=False, env=environment(tmp_path),
    )  # fmt: skip

    assert ended.returncode == 0
    assert ended.stdout.splitlines()[0].endswith("datapipeline.py")
    assert ("torn down" in ended.stdout) is torn_down
