"""What a runner says of itself when it polls: its worker group and its instance."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof
from holter.lease.handout import is_handout
from holter.wire.operations import DATA_PIPELINE, Role

_WILDCARD = "*"


class Groups(Observer):
    """Watches the worker groups and identities in PollForTask and ReportTaskRunnerHeartbeat."""

    roles = frozenset({Role.POLL, Role.ALIVE})

    def __init__(self) -> None:
        self._served: dict[str, str] = {}
        self._polled: dict[str, set[str]] = {}
        self._named: dict[tuple[str, str], tuple[int, float]] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a poll; keep what a heartbeat says for the end."""
        group = heard.request.get(DATA_PIPELINE.queue)
        if isinstance(group, str) and heard.role is Role.ALIVE:
            if group:
                self._named.setdefault((heard.caller, group), (heard.call.seq, heard.asked))
            return
        if isinstance(group, str):
            self._polled.setdefault(heard.caller, set()).add(group)
            yield from self._shape(heard, group)
        identity = heard.request.get("instanceIdentity")
        if isinstance(identity, dict):
            halves = [name for name in ("document", "signature") if identity.get(name)]
            if len(halves) == 1:
                said = f"{heard.caller} gives instanceIdentity with nothing but its {halves[0]}"
                calls = proof(heard.call.seq)
                yield Evidence("identity-partial", heard.asked, said, calls, None, heard.caller)

    def _shape(self, heard: Heard, group: str) -> Iterator[Evidence]:
        if is_handout(heard.call):
            self._served.setdefault(group.casefold(), group)
            return
        served = self._served.get(group.casefold(), group)
        if group in ("", _WILDCARD):
            said = f"{heard.caller} polls the worker group {group!r}, which is none"
        elif served != group:
            said = f"{heard.caller} polls {group!r}; the group that gets tasks is {served!r}"
        else:
            return
        certain, calls = served == group, proof(heard.call.seq)
        yield Evidence("workergroup-shape", heard.asked, said, calls, None, heard.caller, certain=certain)

    def close(self, at: float) -> Iterator[Evidence]:
        """Hold what heartbeats named against what was polled."""
        del at
        for (caller, group), (call, when) in self._named.items():
            polled = self._polled.get(caller)
            if polled and group not in polled:
                said = f"{caller} names {group!r} in its heartbeat and polls {', '.join(sorted(polled))}"
                calls = proof(call)
                yield Evidence("workergroup-mismatch", when, said, calls, None, caller, certain=False)
