"""How a run stands, in one small object."""

from __future__ import annotations

from dataclasses import asdict

from holter import __version__
from holter.board.watch import Watch
from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.wire.message import Json

_MODES = {Mode.PROXY: "record", Mode.REPLAY: "replay", Mode.SANDBOX: "sandbox"}


def state(keeper: Keeper, watch: Watch, faults: FaultDesk) -> dict[str, Json]:
    """Return the counts of a run, and whether it is paused."""
    session, audit = keeper.session, keeper.audit
    return {
        "version": 1,
        "by": f"holter {__version__}",
        "recording": keeper.recording,
        "mode": _MODES[faults.mode],
        "paused": session.paused,
        "in_flight": session.in_flight,
        "calls": audit.calls,
        "leases": len(audit.open_leases),
        "findings": len(audit.findings) + len(watch.open),
        "faults": faults.armed,
        "lost": keeper.lost,
        "scale": audit.profile.scale,
    }


def rules(faults: FaultDesk) -> dict[str, Json]:
    """Return the rules as they stand, and the seed by which they are drawn."""
    return {"seed": faults.seed, "rules": [asdict(row) for row in faults.rows()]}
