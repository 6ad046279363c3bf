"""Hooks whose errors are ours: told loudly, and never the runner's."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

from mitmproxy import http


class Stumbling(Protocol):
    """Whose hooks are guarded."""

    def stumbled(self, flow: http.HTTPFlow, hook: str, why: Exception) -> None:
        """Take in that a hook failed."""


HANDLED: ContextVar[http.HTTPFlow | None] = ContextVar("HANDLED", default=None)
"""The flow that is being handled: mitmproxy runs each hook as a task, so that none sees another's."""


@contextmanager
def handling(flow: http.HTTPFlow) -> Iterator[None]:
    """Let whoever is told of a call meanwhile know whose it is."""
    before = HANDLED.set(flow)
    try:
        yield
    finally:
        HANDLED.reset(before)


_H = TypeVar("_H", bound=Callable[..., None])
_A = TypeVar("_A", bound=Callable[..., Awaitable[None]])


def guarded(hook: _H) -> _H:
    """Wrap a hook so that an error of ours is told loudly and never breaks the runner's call."""

    @functools.wraps(hook)
    def run(self: Stumbling, flow: http.HTTPFlow) -> None:
        with handling(flow):
            try:
                hook(self, flow)
            except Exception as why:  # noqa: BLE001 - whatever it is, it is ours and not the runner's
                self.stumbled(flow, hook.__name__, why)

    return run  # type: ignore[return-value]  # the wrapper has the hook's own signature


def waiting(hook: _A) -> _A:
    """Wrap a hook that may have to wait, as `guarded` does."""

    @functools.wraps(hook)
    async def run(self: Stumbling, flow: http.HTTPFlow) -> None:
        with handling(flow):
            try:
                await hook(self, flow)
            except Exception as why:  # noqa: BLE001 - whatever it is, it is ours and not the runner's
                self.stumbled(flow, hook.__name__, why)

    return run  # type: ignore[return-value]  # the wrapper has the hook's own signature
