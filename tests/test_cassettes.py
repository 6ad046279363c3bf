"""Every cassette that is shipped loads, is written as Holter writes it, is redacted, and audits as said."""

from __future__ import annotations

from pathlib import Path

import pytest

from holter.cassette.format import SEPARATOR, header_text, text_of
from holter.cassette.reader import open_cassette
from holter.lease.audit import audited
from holter.lease.profilefile import recorded
from holter.wire.message import Interaction

FOLDER = Path(__file__).parents[1] / "cassettes"
EXPECTED = {"demo.yaml": ["ack-missing", "gap-over-limit"]}


def test_every_cassette_is_expected_here() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.yaml")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_written_as_holter_writes(name: str) -> None:
    reader = open_cassette(str(FOLDER / name))
    parts = [header_text(reader.header), *(text_of(entry.value) for entry in reader)]

    assert SEPARATOR.join(parts) == (FOLDER / name).read_text(encoding="utf-8")
    assert reader.torn is None


@pytest.mark.parametrize("name", EXPECTED)
def test_it_audits_as_expected(name: str) -> None:
    reader = open_cassette(str(FOLDER / name))
    assert reader.header.profile is not None
    audit = audited((entry.value for entry in reader), recorded(reader.header.profile))

    assert [finding.rule for finding in audit.findings if finding.fails("error")] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_it_holds_no_task_id(name: str) -> None:
    calls = [
        entry.value for entry in open_cassette(str(FOLDER / name)) if isinstance(entry.value, Interaction)
    ]
    asked = [call.request.get("taskId") for call in calls if isinstance(call.request, dict)]

    assert {task for task in asked if task} <= {call.task for call in calls if call.task}
