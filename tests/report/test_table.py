from __future__ import annotations

from holter.report.table import HEADING, mark_row, row, whole
from holter.wire.message import Broken, Interaction, Mark, Origin, Try

BEAT = Interaction(
    "ReportTaskProgress",
    {"taskId": "task-1", "fields": [{"key": "percent", "stringValue": "5"}]},
    {"canceled": True},
    seq=4,
    at=1_800_000_000.25,
    mono=(1.0, 1.2, 1.25),
    task="task-1",
    status=200,
)


def test_a_row_tells_where_when_what_and_how_long() -> None:
    assert row(12, 4, BEAT).split() == [
        *(
            "12",
            "4",
            "01-15",
            "08:00:00.250",
            "ReportTaskProgress",
            "task-1",
            "percent=5",
            "canceled:",
            "true",
        ),
        "0.250",
    ]
    assert HEADING.split() == [
        *("line", "seq", "time", "(UTC)", "operation", "task", "said", "answer", "seconds"),
    ]
    assert row(12, 4, BEAT).index("ReportTask") == HEADING.index("operation")


def test_a_row_of_a_call_that_says_little_is_whole_too() -> None:
    call = Interaction("PollForTask", b"", broken=Broken.CLIENT, fault="x", origin=Origin.FAULT)
    assert row(1, 1, call).split() == [
        *("1", "1", "-", "PollForTask", "-", "-", "no", "answer", "(client)", "-", "[fault:", "x]"),
    ]


def test_a_row_steers_no_terminal() -> None:
    call = Interaction("Poll\x1b[2J", {"workerGroup": "a\nb"}, {}, status=200)
    assert "\x1b" not in row(1, 1, call)
    assert "\n" not in row(1, 1, call)
    assert "\x1b" not in "".join(whole(1, 1, call))


def test_a_mark_tells_what_it_says() -> None:
    mark = Mark("lost", 1_800_000_000.0, 1.0, {"count": 2})
    assert mark_row(3, mark).split() == ["3", "-", "01-15", "08:00:00.000", "[lost]", '{"count":', "2}"]
    assert mark_row(3, Mark("note")).split() == ["3", "-", "-", "[note]"]


def test_one_call_is_shown_whole() -> None:
    call = Interaction(
        "PollForTask",
        {"workerGroup": "wg\x85"},
        b"\xff",
        at=0.0,
        mono=(1.0, None, 2.5),
        caller="runner",
        tried=Try("abc", 2, 3),
        status=502,
        error="502",
        origin=Origin.LIVE,
        redacted=("request.a", "request.b"),
        notes={"response_length": 7},
    )
    assert list(whole(9, 1, call)) == [
        "call 1, line 9: PollForTask",
        "  at:       1970-01-01T00:00:00.000000Z",
        "  mono:     1, -, 2.5",
        "  caller:   runner",
        "  try:      2 of 3, id abc",
        "  answer:   502 502",
        "  status:   502",
        "  origin:   live",
        "  redacted: request.a, request.b",
        "  note:     response_length: 7",
        "",
        "request:",
        "{",
        '  "workerGroup": "wg\\u0085"',
        "}",
        "",
        "response, 1 bytes that are not JSON, as base64:",
        "/w==",
    ]


def test_a_call_without_an_answer_shows_none() -> None:
    assert "response:" not in list(whole(1, 1, Interaction("PollForTask", {})))
