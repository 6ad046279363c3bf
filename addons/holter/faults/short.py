"""Faults in short form, as on a command line: `ReportTaskProgress:InternalServiceError:p=0.1`."""

from __future__ import annotations

from holter.faults.aws_errors import COMMON
from holter.faults.kinds import KINDS
from holter.faults.node import Node, PlanError, Value, meant
from holter.faults.planfile import spelled
from holter.faults.plans import Spelled
from holter.faults.shortparts import Part, parts
from holter.faults.when import CONDITIONS
from holter.wire.operations import ERROR_STATUS, OPERATIONS

_SHORT = {"p": "probability"}
_STEP = ("stage", "force")


def parse(text: str, scale: float = 1.0) -> Spelled:
    """Read OPERATION:FAULT[=VALUE][:KEY=VALUE]...

    FAULT is a fault's name or an error's code, `*` any operation; KEY is a condition (`p` is probability)
    or an option of the fault. `PlanError` says what is wrong.
    """
    where = f"--fault {text!r}"
    op, colon, rest = text.partition(":")
    if not colon:
        raise PlanError(f"{where}: must be OPERATION:FAULT[=VALUE][:KEY=VALUE]...")
    first, *more = parts(rest, where, scale)
    name, value = _fault(where, first)

    def node(path: str, value: Value) -> Node:
        return Node(value, where, path, scale)

    when = {} if op == "*" else {"op": node("op", op)}
    then = {name: node(name, value)}
    for said, given in more:
        key = _SHORT.get(said, said)
        if key in CONDITIONS:
            when[key] = node(key, given.value if given else "")
        elif key in KINDS[name].options or key in _STEP:
            then[key] = node(key, given.value if given else True)
        else:
            known = (*_SHORT, *CONDITIONS, *KINDS[name].options, *_STEP)
            raise PlanError(f"{where}: {key!r} is no condition and no option of {name}{meant(key, known)}")
    rule = {"name": node("name", text), "when": node("when", when), "then": node("then", then)}
    return spelled(node("$", rule))


def _fault(where: str, part: Part) -> tuple[str, Value]:
    name = part.key
    if name in KINDS:
        return name, part.node.value if part.node else True
    if name in ERROR_STATUS or name in COMMON:
        return "error", name
    if name in OPERATIONS:
        raise PlanError(f"{where}: {name} is an operation; give operations as a list in a plan file")
    raise PlanError(
        f"{where}: {name!r} is no fault and no error{meant(name, (*KINDS, *ERROR_STATUS, *COMMON))}"
    )
