from __future__ import annotations

import pytest

from holter.lease.verdict import Verdict, verdict
from holter.wire.message import NOTHING, Broken, Interaction, Json, Origin

TABLE: list[tuple[str, dict[str, object], Verdict]] = [
    ("answered 200", {"status": 200}, Verdict.TAKEN),
    ("answered 200, then the client went", {"status": 200, "broken": Broken.CLIENT}, Verdict.TAKEN),
    ("refused, task not found", {"status": 400, "error": "TaskNotFoundException"}, Verdict.REFUSED),
    ("refused, then the client went", {"status": 400, "broken": Broken.CLIENT}, Verdict.REFUSED),
    ("refused in part, the service broke", {"status": 400, "broken": Broken.UPSTREAM}, Verdict.PERHAPS),
    ("throttled", {"status": 400, "error": "ThrottlingException"}, Verdict.REFUSED),
    ("access denied", {"status": 403, "error": "AccessDeniedException"}, Verdict.REFUSED),
    ("server error", {"status": 500, "error": "InternalServiceError"}, Verdict.PERHAPS),
    ("unavailable", {"status": 503}, Verdict.PERHAPS),
    ("client went away", {"status": None, "broken": Broken.CLIENT}, Verdict.PERHAPS),
    ("service broke the connection", {"status": None, "broken": Broken.UPSTREAM}, Verdict.PERHAPS),
    ("capture ended first", {"status": None, "broken": Broken.UNFINISHED}, Verdict.PERHAPS),
    ("answered by a fault", {"status": 200, "origin": Origin.FAULT}, Verdict.OURS),
    ("an error from a fault", {"status": 400, "origin": Origin.FAULT}, Verdict.OURS),
    ("refused by replay", {"status": 400, "origin": Origin.REFUSED}, Verdict.OURS),
    (
        "swallowed after the service took it",
        {"status": None, "origin": Origin.FAULT, "upstream": {"status": 200}},
        Verdict.TAKEN,
    ),
    (
        "swallowed after the service refused it",
        {"status": 200, "origin": Origin.FAULT, "upstream": {"status": 400}},
        Verdict.REFUSED,
    ),
    (
        "swallowed, the service had failed",
        {"status": 200, "origin": Origin.FAULT, "upstream": {"status": 500}},
        Verdict.PERHAPS,
    ),
    ("played from a cassette", {"status": 200, "origin": Origin.CASSETTE}, Verdict.TAKEN),
    ("answered by the sandbox", {"status": 200, "origin": Origin.SANDBOX}, Verdict.TAKEN),
]


@pytest.mark.parametrize(("said", "facts", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_what_renews_a_lease(said: str, facts: dict[str, Json], expected: Verdict) -> None:
    call = Interaction("ReportTaskProgress", {}, NOTHING, **facts)  # type: ignore[arg-type]  # a table's row

    assert verdict(call) is expected
