"""Opening a recording, new or to be gone on with: real files, real clocks."""

from __future__ import annotations

import os
import platform
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.told import Told

from holter import __version__
from holter.cassette.reader import open_cassette
from holter.cassette.writer import Writer
from holter.errors import CassetteError, CassetteExistsError, CassetteLockedError, ConfigError, UsageError
from holter.faults.plans import Mode
from holter.faults.sources import gathered
from holter.lease.audit import audited
from holter.lease.profile import DOCUMENTED, STRICT
from holter.lease.profilefile import recorded
from holter.recorder import Recorder, Recording
from holter.wire.codec import answer
from holter.wire.decision import Answer
from holter.wire.message import Call, Interaction, Json, Mark

REAL, OTHER = "QUFB+/==:bWFj:1", "real-task-number-2"
POLL, BEAT, END = "PollForTask", "ReportTaskProgress", "SetTaskStatus"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "run.yaml")


def call(recorder: Recorder, op: str, body: dict[str, Json], response: Json = None) -> Any:
    """One call through the session, answered at once."""
    asked = recorder.clock.now()
    decision = recorder.session.on_call(op, Call(op, body, asked, peer="10.0.0.1:1"))
    now = recorder.clock.now().mono
    reply = decision.reply if isinstance(decision, Answer) else answer(response or {})
    recorder.session.on_reply(op, reply, now, now)
    return reply.body


def handed(recorder: Recorder, task: str = REAL) -> None:
    attempt = "@Copy_2026-01-02T00:00:00_Attempt=1" if task == REAL else "@B"
    given: Json = {"taskId": task, "pipelineId": "df-1", "attemptId": attempt, "objects": {}}
    call(recorder, POLL, {"workerGroup": "wg", "hostname": "runner-1"}, {"taskObject": given})


def record(path: str, **asked: Any) -> tuple[Recorder, Told]:
    told = Told()
    return Recorder(Recording(path, **asked), told), told


def entries(path: str) -> list[Interaction | Mark]:
    return [entry.value for entry in open_cassette(path)]


def calls(path: str) -> list[Interaction]:
    return [entry for entry in entries(path) if isinstance(entry, Interaction)]


def half_a_run(path: str, **asked: Any) -> Recorder:
    """A recording that was stopped while a lease was held."""
    recorder, _ = record(path, **asked)
    handed(recorder)
    call(recorder, BEAT, {"taskId": REAL})
    recorder.close()
    return recorder


def test_a_new_recording_says_what_it_is(path: str) -> None:
    recorder, told = record(path, profile="strict", scale=0.5, engine="mitmproxy 1.2", service="host:1")
    recorder.close()
    header = open_cassette(path).header

    assert re.fullmatch(r"[0-9a-f]{8}", header.recording or "")
    assert header.recording == recorder.recording
    assert header.by == f"holter {__version__}, mitmproxy 1.2, python {platform.python_version()}"
    assert (header.service, header.redaction) == ("host:1", "default")
    assert recorded(header.profile or {}) == STRICT.scaled(0.5) == recorder.audit.profile
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert told.troubles == []


def test_without_engine_and_service_the_header_leaves_them_out(path: str) -> None:
    record(path)[0].close()
    header = open_cassette(path).header

    assert header.by == f"holter {__version__}, python {platform.python_version()}"
    assert header.service is None


def test_it_begins_at_the_time_in_the_header_and_ends_with_stopped(path: str) -> None:
    record(path)[0].close()
    started, stopped = entries(path)
    assert isinstance(started, Mark)
    assert isinstance(stopped, Mark)

    assert (started.what, stopped.what) == ("started", "stopped")
    assert started.at == open_cassette(path).header.started
    assert 0 <= (started.mono or 0) <= (stopped.mono or 0)


def test_every_call_is_in_the_file_before_the_recording_ends(path: str) -> None:
    recorder, _ = record(path)
    handed(recorder)

    assert [one.op for one in calls(path)] == [POLL]
    recorder.close()


def test_a_call_is_had_back_while_the_recording_goes_on(path: str) -> None:
    recorder, told = record(path)
    handed(recorder)
    call(recorder, BEAT, {"taskId": REAL})

    assert recorder.call(2) == told.calls[1][0]
    assert recorder.call(3) is None
    assert [*recorder.before()] == []
    recorder.close()


def test_two_recordings_have_names_of_their_own(tmp_path: Path) -> None:
    names = set()
    for number in range(5):
        recorder, _ = record(str(tmp_path / f"{number}.yaml"))
        names.add(recorder.recording)
        recorder.close()

    assert len(names) == 5


def test_a_file_that_exists_is_refused_and_left_as_it_is(path: str) -> None:
    Path(path).write_text("precious")

    with pytest.raises(CassetteExistsError, match="--append"):
        record(path)
    assert Path(path).read_text() == "precious"


def test_nothing_is_made_where_the_profile_is_wrong(path: str) -> None:
    with pytest.raises(ConfigError):
        record(path, profile="strickt")
    assert not Path(path).exists()


def test_there_must_be_something_to_append_to(path: str) -> None:
    with pytest.raises(CassetteError, match=re.escape(path)):
        record(path, append=True)
    assert not Path(path).exists()


def test_a_second_recorder_is_kept_away(path: str) -> None:
    recorder, _ = record(path)
    with pytest.raises(CassetteLockedError):
        record(path, append=True)
    recorder.close()
    record(path, append=True)[0].close()


def test_closing_twice_does_nothing(path: str) -> None:
    recorder, _ = record(path)
    recorder.close()
    size = os.path.getsize(path)
    recorder.close()

    assert os.path.getsize(path) == size


def test_appending_goes_on_with_name_numbers_aliases_and_open_leases(path: str) -> None:
    before = half_a_run(path)
    recorder, told = record(path, append=True)
    assert [(lease.task, lease.outcome) for lease in recorder.audit.open_leases] == [("task-1", None)]
    handed(recorder, OTHER)
    call(recorder, END, {"taskId": REAL, "taskStatus": "FINISHED"})
    recorder.close()

    assert recorder.recording == before.recording
    assert [one.seq for one in calls(path)] == [1, 2, 3, 4]
    assert [one.task for one in calls(path)] == ["task-1", "task-1", "task-2", "task-1"]
    assert [bool(one.print) for one in calls(path)] == [True, False, True, False]
    assert [entry.what for entry in entries(path) if isinstance(entry, Mark)] == ["started", "stopped"] * 2
    assert [(lease.task, lease.outcome) for lease in recorder.audit.leases] == [
        ("task-1", "finished"),
        ("task-2", "unfinished"),
    ]
    assert recorder.audit.calls == 4
    assert told.troubles == []


def test_live_and_from_the_file_a_recording_that_was_gone_on_with_says_the_same(path: str) -> None:
    half_a_run(path)
    recorder, _ = record(path, append=True, profile="documented")
    call(recorder, BEAT, {"taskId": REAL})
    recorder.close()
    again = audited(entries(path), DOCUMENTED)

    assert recorder.audit.findings == again.findings
    assert [(blind.why, blind.since < blind.until) for blind in again.blind] == [("Holter was stopped", True)]
    assert again.blind == recorder.audit.blind


def test_an_alias_whose_print_the_file_does_not_hold_is_never_given_again(path: str) -> None:
    half_a_run(path)
    text = Path(path).read_text()
    Path(path).write_text(re.sub(r'"print":"[0-9a-f]+",?', "", text).replace(",}", "}"))
    recorder, _ = record(path, append=True)
    handed(recorder, OTHER)
    recorder.close()

    assert [one.task for one in calls(path)] == ["task-1", "task-1", "task-2"]


def test_appending_keeps_the_files_own_profile(path: str) -> None:
    half_a_run(path, profile="strict", scale=0.5)
    recorder, told = record(path, append=True)
    recorder.close()

    assert recorder.audit.profile == STRICT.scaled(0.5)
    assert told.troubles == []


@pytest.mark.parametrize("asked", [{"profile": "relaxed"}, {"scale": 0.1}, {"profile": "strict"}])
def test_a_profile_that_is_asked_for_in_vain_is_told(path: str, asked: dict[str, Any]) -> None:
    half_a_run(path, profile="strict", scale=0.5)
    recorder, told = record(path, append=True, **asked)
    recorder.close()

    assert recorder.audit.profile == STRICT.scaled(0.5)
    assert told.troubles == [f"{path}: keeps the profile that it was begun with: strict, scale 0.5"]


def test_the_same_profile_asked_for_again_is_no_trouble(path: str) -> None:
    half_a_run(path, profile="strict", scale=0.5)
    recorder, told = record(path, append=True, profile="strict", scale=0.5)
    recorder.close()

    assert told.troubles == []


def test_a_file_without_a_profile_is_gone_on_with_by_the_one_that_is_asked_for(path: str) -> None:
    Path(path).write_text('holter: 1\nrecording: "abcd"\nredaction: "default"\n')
    recorder, _ = record(path, append=True, profile="strict")
    recorder.close()

    assert (recorder.audit.profile, recorder.recording) == (STRICT, "abcd")


def test_a_wrong_profile_in_the_file_lets_go_of_it_again(path: str) -> None:
    header = 'holter: 1\nrecording: "abcd"\nprofile: {"limits":{"akk":1}}\nredaction: "default"\n'
    Path(path).write_text(header)

    with pytest.raises(ConfigError, match=r"limits\.akk"):
        record(path, append=True)
    Writer.append_to(path).close()


@pytest.mark.parametrize("cut", [1, 30, 120])
def test_a_torn_tail_is_cut_off_and_told(path: str, cut: int) -> None:
    half_a_run(path)
    whole = Path(path).read_bytes()
    torn = (
        whole
        + b'---\ncall: {"seq":3,"op":"SetTaskStatus","at":"2026-01-02T00:00:00.000000Z"}\n'
        + b"request: {" * 9
    )
    Path(path).write_bytes(torn[: len(torn) - cut])
    recorder, told = record(path, append=True)
    call(recorder, BEAT, {"taskId": REAL})
    recorder.close()

    assert len(told.troubles) == 1
    assert re.search(rf"{re.escape(path)}:\d+: the last \d+ bytes are a torn document", told.troubles[0])
    assert Path(path).read_bytes().startswith(whole)
    assert [one.seq for one in calls(path)] == [1, 2, 3]


def test_a_recording_that_was_killed_is_gone_on_with_as_such(path: str) -> None:
    half_a_run(path)
    text = Path(path).read_text()
    Path(path).write_text(text[: text.rindex("---\n")])
    recorder, _ = record(path, append=True)
    recorder.close()

    assert [blind.why for blind in recorder.audit.blind] == ["Holter ended without stopping"]


def test_cancel_on_is_the_plan(path: str) -> None:
    recorder, _ = record(path, plans=gathered(cancel_on=2, mode=Mode.PROXY))
    handed(recorder)
    answers = [call(recorder, BEAT, {"taskId": REAL}, {"canceled": False}) for _ in range(2)]
    recorder.close()

    assert answers == [{"canceled": False}, {"canceled": True}]
    assert [one.fault for one in calls(path)] == [None, None, "cancel on beat 2"]


def test_what_cannot_be_kept_is_counted_and_told(path: str) -> None:
    recorder, told = record(path)
    os.unlink(path)
    handed(recorder)
    assert recorder.lost == 1
    assert "was removed while recording" in (recorder.problem or "")
    recorder.sync()
    recorder.close()

    assert recorder.lost == 2
    assert [one.op for one, _ in told.calls] == [POLL]
    assert len(told.troubles) == 1


def test_the_questions_to_a_recording_have_plain_defaults(path: str) -> None:
    assert replace(Recording(path), path="") == Recording("", append=False, profile="documented", scale=1.0)


def test_a_strict_recording_holds_no_account_data_and_goes_on_as_it_began(path: str) -> None:
    half_a_run(path, redact="strict", service="my-host.acme.example:4566")
    recorder, _ = record(path, append=True)
    call(recorder, POLL, {"workerGroup": "wg", "hostname": "worker.acme.example"})
    recorder.close()
    header = open_cassette(path).header

    assert (header.redaction, header.service) == ("strict", None)
    assert [one.caller for one in calls(path)] == ["host-1", "host-1", "host-2"]
    assert [one.request.get("hostname") for one in calls(path) if isinstance(one.request, dict)] == [
        *("host-1", None, "host-2"),
    ]
    assert "acme" not in Path(path).read_text()
    assert "runner-1" not in Path(path).read_text()


def test_a_recording_that_was_begun_without_strict_redaction_is_not_gone_on_with_by_it(path: str) -> None:
    half_a_run(path)
    before = Path(path).read_bytes()
    with pytest.raises(UsageError, match="record to a new file"):
        record(path, append=True, redact="strict")

    assert Path(path).read_bytes() == before
    record(path, append=True)[0].close()


def test_names_that_are_masked_stay_masked_when_a_recording_is_gone_on_with(path: str) -> None:
    fields: Json = [{"key": "city", "stringValue": "x"}, {"key": "town", "stringValue": "y"}]
    for asked in ({"redact_keys": ("city",)}, {"append": True, "redact_keys": ("town",)}, {"append": True}):
        recorder, _ = record(path, **asked)
        call(recorder, BEAT, {"taskId": REAL, "fields": fields})
        recorder.close()

    assert [one.redacted for one in calls(path)] == [
        ("request.fields[0].stringValue",),
        *[("request.fields[0].stringValue", "request.fields[1].stringValue")] * 2,
    ]


def profile_that_suppresses(folder: Path, until: str) -> str:
    (folder / "ours.yaml").write_text(
        f"holter-profile: 1\nsuppress: [{{rule: finished-without-ack, reason: x, until: {until}}}]\n"
    )
    return str(folder / "ours.yaml")


@pytest.mark.parametrize(
    ("until", "rules"),
    [
        ("2999-01-01", {"finished-without-ack": "x"}),
        ("2001-01-01", {"finished-without-ack": None, "suppression-expired": None}),
    ],
)
def test_suppressions_hold_live_and_from_the_file_by_the_day_on_which_they_are_asked(
    path: str, tmp_path: Path, until: str, rules: dict[str, str | None]
) -> None:
    recorder, _ = record(path, profile=profile_that_suppresses(tmp_path, until))
    handed(recorder)
    call(recorder, END, {"taskId": REAL, "taskStatus": "FINISHED"})
    recorder.close()

    assert {one.rule: one.suppressed for one in recorder.audit.findings} == rules
    kept = recorded(open_cassette(path).header.profile or {})
    again = audited(entries(path), kept, datetime.now(UTC).date())
    assert again.findings == recorder.audit.findings


def test_strict_redaction_keeps_no_names_that_suppressions_hold(path: str, tmp_path: Path) -> None:
    recorder, told = record(path, profile=profile_that_suppresses(tmp_path, "2999-01-01"), redact="strict")
    recorder.close()

    assert recorder.audit.profile.suppress == ()
    assert told.troubles == ["--redact strict: the suppressions of ours.yaml do not apply"]
    assert "2999" not in Path(path).read_text()
