"""Faults in short form, as on a command line: `ReportTaskProgress:InternalServiceError:p=0.1`."""

from __future__ import annotations

import json

from holter.faults.aws_errors import COMMON
from holter.faults.kinds import KINDS
from holter.faults.node import Node, PlanError, Value, meant
from holter.faults.planfile import spelled
from holter.faults.plans import Spelled
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
    op, *rest = text.split(":")
    if not rest:
        raise PlanError(f"{where}: must be OPERATION:FAULT[=VALUE][:KEY=VALUE]...")
    name, value = _fault(where, rest[0])
    when: dict[str, Value] = {} if op == "*" else {"op": op}
    then: dict[str, Value] = {name: value}
    for part in rest[1:]:
        key, equals, said = part.partition("=")
        key = _SHORT.get(key, key)
        if key in CONDITIONS:
            when[key] = _word(said)
        elif key in KINDS[name].options or key in _STEP:
            then[key] = _word(said) if equals else True
        else:
            known = (*_SHORT, *CONDITIONS, *KINDS[name].options, *_STEP)
            raise PlanError(f"{where}: {key!r} is no condition and no option of {name}{meant(key, known)}")

    def node(path: str, value: Value) -> Node:
        return Node(value, where, path, scale)

    return spelled(
        node(
            "$",
            {
                "name": node("name", text),
                "when": node("when", {key: node(key, value) for key, value in when.items()}),
                "then": node("then", {key: node(key, value) for key, value in then.items()}),
            },
        )
    )


def _fault(where: str, part: str) -> tuple[str, Value]:
    name, equals, said = part.partition("=")
    if name in KINDS:
        return name, _word(said) if equals else True
    if name in ERROR_STATUS or name in COMMON:
        return "error", name
    if name in OPERATIONS:
        raise PlanError(f"{where}: {name} is an operation; give operations as a list in a plan file")
    raise PlanError(
        f"{where}: {name!r} is no fault and no error{meant(name, (*KINDS, *ERROR_STATUS, *COMMON))}"
    )


def _word(text: str) -> Value:
    """Return a plain number, true or false as such, all else as text."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, bool | int | float) else text
