"""The environment of a test: set while it runs, put back after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from holter.clientenv import NO_ACCOUNT

OFFLINE: Mapping[str, str | None] = {
    **NO_ACCOUNT,
    "AWS_PROFILE": None,
    "AWS_DEFAULT_PROFILE": None,
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": None,
}
"""What makes a client in a test independent of the machine's account: None takes a variable away."""


@contextmanager
def environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Set environment variables while the block runs.

    boto3's default session is put aside as well: it keeps the credentials that it has once found, and would
    take made-up ones along to tests after this one.
    """
    before = {name: os.environ.get(name) for name in variables}
    kept = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    _default_session(None)
    _put(variables)
    try:
        yield
    finally:
        _put(before)
        _default_session(kept)


def _put(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _default_session(session: object) -> None:
    if (boto3 := sys.modules.get("boto3")) is not None:
        boto3.DEFAULT_SESSION = session  # type: ignore[attr-defined]  # the module's own variable
