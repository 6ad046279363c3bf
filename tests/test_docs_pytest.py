"""docs/pytest.md and the README's test, held against the program: examples run, tables are the program's."""

from __future__ import annotations

import inspect
import re
import shutil
from pathlib import Path

import pytest
from tests.test_pytest_plugin import PLUGIN, inner, run

from holter.testing.wanted import ARGUMENTS, SCALE
from holter.testing.witness import Witness
from holter.wire.message import Interaction

pytest_plugins = ["pytester"]
__all__ = ["inner"]  # a fixture

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the table under this heading."""
    below = PAGE.partition(f"| {heading} |")[2].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in below.splitlines()[2:]]


def files(page: str = PAGE) -> dict[str, str]:
    """The blocks of a page that are files, by the names in their first lines."""
    found = re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", page, re.DOTALL)
    return {name: f"# {name}\n{text}" for name, text in found}


def test_the_examples_run(inner: pytest.Pytester) -> None:
    pytest.importorskip("boto3", reason="needs boto3")
    for name, text in files().items():
        path = inner.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    inner.runpytest_subprocess(*PLUGIN, "--strict-markers").assert_outcomes(passed=5)
    assert [name for name in files() if name.startswith("test_")] == [
        "test_runner.py",
        "test_time.py",
        "test_faults.py",
        "test_arming.py",
    ]


def test_the_readmes_example_runs_beside_the_shipped_cassettes(inner: pytest.Pytester) -> None:
    pytest.importorskip("boto3", reason="needs boto3")
    ((name, text),) = files(README).items()
    (inner.path / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "cassettes", inner.path / "cassettes", dirs_exist_ok=True)

    inner.runpytest_subprocess(*PLUGIN, "--strict-markers").assert_outcomes(passed=1)


def test_the_ini_file_is_taken(inner: pytest.Pytester) -> None:
    inner.makeini(re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)[0])
    inner.makepyfile(test_a="def test_it(holter): pass")
    result = run(inner)
    result.stdout.fnmatch_lines(["test_a.py:1: holter: tests/cassettes/test_a/test_it.yaml: is not there; *"])


def test_the_settings_are_the_programs() -> None:
    def default(name: str) -> str:
        value = SCALE if name == "scale" else ARGUMENTS[name].default
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        return "" if value is None or value == () or value is False else f"`{shown}`"

    assert rows("name") == [[f"`{name}`", default(name), one.help] for name, one in ARGUMENTS.items()]


def test_everything_that_a_test_may_ask_and_claim_is_explained() -> None:
    public = {name for name in dir(Witness) if not name.startswith("_")}
    told = re.findall(r"`([^`]+)`", " ".join(row[0] for row in rows("of `holter`")))
    assert {word.partition("(")[0] for word in told} == public
    for word in told:
        name, sign, given = word.partition("(")
        if sign:
            named = list(inspect.signature(getattr(Witness, name)).parameters.values())[1:]
            shown = [one.name + ("" if one.default is one.empty else f"={one.default!r}") for one in named]
            assert given == ", ".join(shown) + ")"


def test_what_is_said_of_a_call_is_there() -> None:
    calls = next(row for row in rows("of `holter`") if row[0] == "`calls`")
    assert set(re.findall(r"`(\w+)`", calls[1])) <= set(Interaction.__dataclass_fields__)
