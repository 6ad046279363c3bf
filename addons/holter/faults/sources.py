"""Where plans come from: Holter's own by name, files, and short forms on a command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from holter.faults import plan as planning
from holter.faults import short
from holter.faults.checks import check
from holter.faults.node import PlanError, meant
from holter.faults.planfile import parse
from holter.faults.plans import Mode, Plans, Spelled

_HOME = Path(__file__).parent / "plans"


def names() -> list[str]:
    """Return the names of the plans that come with Holter."""
    return sorted(path.stem for path in _HOME.glob("*.yaml"))


def read(plan: str, scale: float = 1.0) -> Plans:
    """Return a shipped plan by its name, or one from a file; `PlanError` says what is wrong."""
    if plan in names():
        return parse((_HOME / f"{plan}.yaml").read_text(encoding="utf-8"), plan, scale)
    path = Path(plan)
    if not path.is_file():
        raise PlanError(f"--faults: no file {plan}, and no plan of that name{meant(plan, names())}")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise PlanError(f"{plan}: cannot be read: {why}") from None
    return parse(text, plan, scale)


def gathered(
    plan: str | None = None,
    faults: Iterable[str] = (),
    cancel_on: int | None = None,
    *,
    seed: int | str | None = None,
    mode: Mode,
    scale: float = 1.0,
) -> Plans:
    """Return what `--cancel-on`, `--fault` and `--faults` ask for, in this order, checked as a whole.

    `seed` goes before the one that the plan names.
    """
    rules: list[Spelled] = []
    if cancel_on is not None:
        spelled = short.parse(f"ReportTaskProgress:cancel:nth_of_task={cancel_on}", scale)
        rules.append(replace(spelled, rule=planning.cancel_on(cancel_on)))
    rules += [short.parse(text, scale) for text in faults]
    found = read(plan, scale) if plan else Plans(())
    check(both := (*rules, *found.rules), mode)
    return Plans(both, found.seed if seed is None else seed)
