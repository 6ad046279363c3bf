"""Lines to paste, pasted into the real shells that are here."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys

import pytest

from holter import clientenv
from holter.cli.shells import SHELLS, docker, fish, java, powershell, sh, systemd

PROXY, BUNDLE = "http://127.0.0.1:8080", "/a b/bundle.pem"
FORWARD = clientenv.forward(PROXY, BUNDLE, {"NO_PROXY": "a.example"})
WITH_JAVA = {**FORWARD, clientenv.JAVA: f"-Xmx1g {clientenv.java(FORWARD, '/a b/java.store')}"}
REVERSE = clientenv.reverse(PROXY, {})

ODD = ["", "/with space", "a;b", "$HOME/x `id`", "it's", 'say "x"', "a*,b", "back\\slash\\", "100%n", "ä€"]
VALUES = {f"VALUE_{number}": value for number, value in enumerate(ODD)}
TELL = f"import os; print([os.environ.get(name) for name in {list(VALUES)}])"
"""A program, for the shells' own `echo` and `printf` would tell of their quoting too."""


def told(shell: str, lines: list[str], *, separator: str = "; ") -> str:
    """Return what a program started by a shell finds in its environment."""
    script = separator.join([*lines, f"{shlex.quote(sys.executable)} -c {shlex.quote(TELL)}"])
    return subprocess.run(
        [shell, "-c", script], env={"LANG": "C.UTF-8"}, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "zsh", "ksh"])
def test_posix_shells_take_any_value_as_it_is(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")

    assert told(shell, sh(VALUES)) == f"{ODD}\n"


def test_fish_takes_any_value_as_it_is() -> None:
    if not shutil.which("fish"):
        pytest.skip("needs fish")

    assert told("fish", fish(VALUES)) == f"{ODD}\n"


def test_powershell_takes_any_value_as_it_is() -> None:
    if not shutil.which("pwsh"):
        pytest.skip("no PowerShell here: its rule is in the table below")
    script = "; ".join([*powershell(VALUES), f"& '{sys.executable}' -c '{TELL}'"])
    found = subprocess.run(["pwsh", "-NoProfile", "-c", script], capture_output=True, text=True, check=True)

    assert found.stdout == f"{['' if value is None else value for value in ODD]}\n"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("plain", "$env:NAME = 'plain'"),
        ("", "$env:NAME = ''"),
        ("it's", "$env:NAME = 'it''s'"),
        ("$x `n $(y)", "$env:NAME = '$x `n $(y)'"),
        ('say "x"', "$env:NAME = 'say \"x\"'"),
        ("'", "$env:NAME = ''''"),
        ("\u2018\u2019\u201a\u201b", "$env:NAME = '\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'"),
        ("\u201cdouble\u201d", "$env:NAME = '\u201cdouble\u201d'"),
        ("back\\slash\\", "$env:NAME = 'back\\slash\\'"),
    ],
)
def test_powershell_doubles_quotes_and_nothing_else(value: str, line: str) -> None:
    assert powershell({"NAME": value}) == [line]


def test_docker_gets_the_hosts_network_and_the_files_that_are_named() -> None:
    (line,) = docker(WITH_JAVA)
    words = shlex.split(line)

    assert words[:2] == ["--network", "host"]
    volumes = [words[at + 1] for at, word in enumerate(words) if word == "--volume"]
    assert volumes == [f"{BUNDLE}:{BUNDLE}:ro", "/a b/java.store:/a b/java.store:ro"]
    variables = [words[at + 1] for at, word in enumerate(words) if word == "--env"]
    assert variables == [f"{name}={value}" for name, value in WITH_JAVA.items()]


def test_a_unit_gets_a_drop_in() -> None:
    lines = systemd({"A": 'say "x"', "B": "back\\slash", "C": "100%"})

    assert lines == [
        "[Service]",
        'Environment="A=say \\"x\\""',
        'Environment="B=back\\\\slash"',
        'Environment="C=100%%"',
    ]


def test_the_task_runner_gets_its_own_options() -> None:
    (forward,), (trusting,), (reverse,) = java(FORWARD), java(WITH_JAVA), java(REVERSE)

    options = ["-jar", "TaskRunner-1.0.jar", "--proxyHost", "127.0.0.1", "--proxyPort", "8080"]
    assert shlex.split(forward) == ["java", *options]
    store = ["-Djavax.net.ssl.trustStore=/a b/java.store", "-Djavax.net.ssl.trustStorePassword=changeit"]
    assert shlex.split(trusting) == ["java", *store, *options]
    assert reverse == "java -jar TaskRunner-1.0.jar --endpoint http://127.0.0.1:8080"


@pytest.mark.parametrize("shell", [name for name in SHELLS if name != "java"])
def test_no_variable_is_left_out(shell: str) -> None:
    text = "\n".join(SHELLS[shell](WITH_JAVA))

    assert [name for name in WITH_JAVA if name not in text] == []
