from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.cassette import opaque
from holter.cassette.aliases import Aliases
from holter.cassette.walk import ASKED, HANDED_OUT, Walk
from holter.wire.codec import decode

TASK = "QUFB" * 224 + ":c3ludGhldGljLW1hYw==:1"


def _walk() -> Walk:
    return Walk(Aliases({}))


HALF = b'{"taskId": "%s", "taskStatus": "FAILED", "errorMessage": "\\ud83d cut"}' % TASK.encode()


def test_a_body_with_half_a_surrogate_pair_is_redacted_as_json() -> None:
    walk = _walk()
    kept = opaque.redacted(HALF, walk)
    assert json.loads(kept) == {"taskId": "task-1", "taskStatus": "FAILED", "errorMessage": "\ud83d cut"}
    assert (decode(kept), walk.tasks[ASKED]) == (kept, "task-1")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"", b""),
        (b"plain \xff bytes", b"plain \xff bytes"),
        (b'{"a": 1, "a": 2}', b'{"a": 1, "a": 2}'),
        (b'{"a": "\\ud800"}', b'{"a": "\\ud800"}'),
        (b"[" * 200 + b"]" * 200, b"[" * 200 + b"]" * 200),
        (b"[" * 100_000, b"[" * 100_000),
        (b'{"taskId": "' + TASK[:300].encode(), b"REDACTED"),
        (b'{"taskId": "a", "taskId": "b"}', b"REDACTED"),
        (b'{"fields": [{"key": "*pw", "stringValue": "x"}], "fields": []}', b"REDACTED"),
        (b'{"instanceIdentity": {"docum', b"REDACTED"),
        (b"\xff AKIAIOSFODNN7EXAMPLE", b"REDACTED"),
        ("password=x".encode("utf-16"), b"REDACTED"),
        (b'{"password": "\\ud800"}', b'{"password": "REDACTED"}'),
    ],
)
def test_bytes_are_kept_only_where_nothing_can_be_hidden_in_them(raw: bytes, kept: bytes) -> None:
    assert opaque.redacted(raw, _walk()) == kept


def test_a_torn_body_still_tells_its_task() -> None:
    walk = _walk()
    assert opaque.redacted(b'{"taskId": "%s", "fields": [{"ke' % TASK.encode(), walk) == b"REDACTED"
    assert (walk.tasks[ASKED], walk.paths) == ("task-1", ["$"])
    walk = _walk()
    assert opaque.redacted(b'{"taskObject": {"taskId": "%s", "ob' % TASK.encode(), walk) == b"REDACTED"
    assert (walk.tasks[HANDED_OUT], walk.paths) == ("task-1", ["$"])


def test_a_known_task_is_found_in_bytes_that_do_not_name_it() -> None:
    walk = _walk()
    walk.alias(TASK, ASKED)
    assert opaque.redacted(b"<html>no task %s</html>" % TASK.encode(), walk) == b"REDACTED"


@given(st.binary(max_size=60))
def test_any_bytes_can_be_redacted(raw: bytes) -> None:
    assert opaque.redacted(raw, _walk()) in (raw, b"REDACTED") or decode(raw) != raw
