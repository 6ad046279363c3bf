"""Every cassette that is shipped loads, is written as Holter writes it, is redacted, and audits as said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.make_cassettes import EXAMPLES, make
from tests.processes import environment, holter_run

from holter.cassette.format import SEPARATOR, header_text, text_of
from holter.cassette.inspection import Inspector
from holter.cassette.reader import open_cassette
from holter.lease.audit import audited
from holter.lease.profilefile import recorded
from holter.wire.message import Interaction
from holter.wire.operations import ERROR_STATUS

FOLDER = Path(__file__).parents[1] / "cassettes"
DEMO = ("ack-missing", "gap-over-limit")
NAMES = sorted(path.name for path in FOLDER.glob("*.yaml"))
MADE = sorted(f"{name}.yaml" for name in EXAMPLES)


def comments(name: str) -> tuple[dict[str, str], str]:
    """What a cassette's first lines say of it, and all that follows."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines(keepends=True)
    count = next(index for index, line in enumerate(lines) if not line.startswith("#"))
    said = dict(line.removeprefix("# ").rstrip().split(": ", 1) for line in lines[:count])
    return said, "".join(lines[count:])


def test_every_example_is_shipped_and_every_cassette_but_the_demo_is_an_example() -> None:
    assert sorted([*MADE, "demo.yaml"]) == NAMES


@pytest.mark.parametrize("name", MADE)
def test_its_first_lines_say_what_it_shows_and_what_the_audit_finds(name: str) -> None:
    example = EXAMPLES[name.removesuffix(".yaml")]
    said, _ = comments(name)

    assert said == {"shows": example.shows, "audit": ", ".join(example.audit) or "nothing"}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_written_as_holter_writes(name: str) -> None:
    reader = open_cassette(str(FOLDER / name))
    parts = [header_text(reader.header), *(text_of(entry.value) for entry in reader)]

    assert SEPARATOR.join(parts) == comments(name)[1]
    assert reader.torn is None


@pytest.mark.parametrize("name", NAMES)
def test_it_audits_as_its_first_lines_say(name: str) -> None:
    reader = open_cassette(str(FOLDER / name))
    assert reader.header.profile is not None
    audit = audited((entry.value for entry in reader), recorded(reader.header.profile))
    found = [finding.rule for finding in audit.findings if finding.fails("error")]

    assert (", ".join(found) or "nothing") == comments(name)[0].get("audit", ", ".join(DEMO))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_redacted_and_keeps_to_the_protocol(name: str) -> None:
    reader = open_cassette(str(FOLDER / name))
    inspector = Inspector(reader.header)
    found = [str(one) for entry in reader for one in inspector.entry(entry.value)]

    assert [*map(str, inspector.header()), *found] == []


def test_they_are_read_in_a_bare_clone_with_the_standard_library_alone(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules.update(yaml=None, msgspec=None)\n"
        "from holter.cassette.reader import open_cassette\n"
        "assert all(sum(1 for _ in open_cassette(path)) for path in sys.argv[1:])\n"
    )
    paths = [str(FOLDER / name) for name in NAMES]
    subprocess.run([sys.executable, "-c", code, *paths], env=environment(tmp_path), check=True, timeout=60)


def test_a_new_user_who_checks_them_all_sees_nothing_wrong(tmp_path: Path) -> None:
    ended = holter_run("check", str(FOLDER), home=tmp_path)

    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == f"holter: {len(NAMES)} files checked: nothing wrong\n"


def test_the_errors_are_all_that_the_model_knows() -> None:
    calls = [entry.value for entry in open_cassette(str(FOLDER / "errors.yaml"))]

    assert {call.error for call in calls if isinstance(call, Interaction) and call.error} == set(ERROR_STATUS)


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_no_task_id(name: str) -> None:
    calls = [
        entry.value for entry in open_cassette(str(FOLDER / name)) if isinstance(entry.value, Interaction)
    ]
    asked = [call.request.get("taskId") for call in calls if isinstance(call.request, dict)]

    assert {task for task in asked if task} <= {call.task for call in calls if call.task}


@pytest.mark.parametrize("name", ["errors", "wire-sample"])
def test_it_can_be_made_again(tmp_path: Path, name: str) -> None:
    make(name, tmp_path)

    def said(path: Path) -> list[tuple[str, int | None, str | None]]:
        calls = [entry.value for entry in open_cassette(str(path / f"{name}.yaml"))]
        return [(call.op, call.status, call.error) for call in calls if isinstance(call, Interaction)]

    assert said(tmp_path) == said(FOLDER)
