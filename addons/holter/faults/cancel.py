"""The service cancels the task: a beat is answered `canceled: true`."""

from __future__ import annotations

from dataclasses import dataclass

from holter.wire.codec import answer
from holter.wire.decision import Answer, Decision
from holter.wire.message import Call, Origin
from holter.wire.operations import DATA_PIPELINE


@dataclass(frozen=True, slots=True)
class Cancel:
    """Answer `canceled: true` before the call reaches the service, which goes on thinking that it runs."""

    def before(self, call: Call, rule: str) -> Decision:
        """Decide about a beat."""
        del call
        return Answer(answer({DATA_PIPELINE.cancel: True}), Origin.FAULT, rule)
