"""Who speaks: the runner behind a call."""

from __future__ import annotations

from collections import OrderedDict

from holter.wire.facts import Regions
from holter.wire.message import Call

_KEPT = 10_000


class Callers:
    """Names runners: by the hostname in their calls, else as the connection or the task was known before.

    A runner is not a connection: the AWS CLI opens one for each call. So a beat without a hostname
    belongs to whoever was handed the task. `regions` remembers where that was.
    """

    def __init__(self) -> None:
        self.regions = Regions()
        self._of_peer: OrderedDict[str, str] = OrderedDict()
        self._of_task: OrderedDict[str, str] = OrderedDict()

    def name(self, call: Call, task: str | None) -> str:
        """Return the runner's name, and remember the connection that it speaks on."""
        hostname = call.body.get("hostname") if isinstance(call.body, dict) else None
        if isinstance(hostname, str) and hostname:
            _keep(self._of_peer, call.peer, hostname)
            return hostname
        known = self._of_peer.get(call.peer) or (self._of_task.get(task) if task else None)
        return known or f"{call.peer.rpartition(':')[0]} {_product(call.agent)}".strip() or "unknown"

    def handed(self, task: str, caller: str, host: str) -> None:
        """Remember who was handed a task, and by which host of the service."""
        _keep(self._of_task, task, caller)
        self.regions.handed(task, host)


def _keep(table: OrderedDict[str, str], key: str, value: str) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > _KEPT:
        table.popitem(last=False)


def _product(agent: str) -> str:
    return agent.split(" ", 1)[0]
