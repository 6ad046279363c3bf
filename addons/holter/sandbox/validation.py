"""What is wrong with a definition: errors that keep a pipeline from being activated, and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from holter.sandbox.component import Component
from holter.sandbox.definition import Definition
from holter.sandbox.kinds import HERE, Kind, kind
from holter.wire import period
from holter.wire.message import Json

PERIODS = ("reportProgressTimeout", "attemptTimeout", "retryDelay", "preconditionTimeout", "lateAfterTimeout")

MOST_OBJECTS = 100
MOST_FIELDS = 50
MOST_RETRIES = 5


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with one object."""

    id: str
    text: str


Complaints: TypeAlias = Iterator[Complaint]


def errors(definition: Definition) -> tuple[Complaint, ...]:
    """Return all that keeps the definition from being activated."""
    found = [*_whole(definition)]
    for component in definition.objects:
        effective = definition.effective(component.id) or component
        for rule in _RULES:
            found += rule(definition, effective)
    return (*found, *_circles(definition))


def warnings(definition: Definition) -> tuple[Complaint, ...]:
    """Return what the sandbox does differently from what the definition asks."""
    found = []
    for component in definition.objects:
        effective = definition.effective(component.id) or component
        if kind(effective) is Kind.PRECONDITION and effective.text("type") not in HERE:
            text = f"{effective.text('type')} is checked by the service itself; the sandbox takes it as met"
            found.append(Complaint(component.id, text))
        if kind(effective) is Kind.ACTIVITY and effective.refs("runsOn") and effective.text("workerGroup"):
            found.append(Complaint(component.id, "workerGroup is ignored because runsOn is set"))
    return tuple(found)


def verdict(definition: Definition) -> dict[str, Json]:
    """Return the answer of PutPipelineDefinition and ValidatePipelineDefinition."""
    wrong, odd = errors(definition), warnings(definition)
    return {
        "errored": bool(wrong),
        "validationErrors": _grouped(wrong, "errors"),
        "validationWarnings": _grouped(odd, "warnings"),
    }


def _grouped(complaints: tuple[Complaint, ...], name: str) -> Json:
    ids = dict.fromkeys(complaint.id for complaint in complaints)
    return [{"id": one, name: [found.text for found in complaints if found.id == one]} for one in ids]


def _whole(definition: Definition) -> Complaints:
    if len(definition.objects) > MOST_OBJECTS:
        first = definition.objects[0].id
        yield Complaint(first, f"a pipeline has at most {MOST_OBJECTS} objects (developer guide, limits)")
    for one, count in Counter(component.id for component in definition.objects).items():
        if count > 1:
            yield Complaint(one, "the id stands more than once")
    for parameter in definition.parameters:
        if not str(parameter["id"]).removeprefix("*").startswith("my"):
            yield Complaint(str(parameter["id"]), "the id of a parameter must begin with my")


def _fields(definition: Definition, component: Component) -> Complaints:
    own = definition.find(component.id) or component
    if len(own.fields) > MOST_FIELDS:
        yield Complaint(component.id, f"an object has at most {MOST_FIELDS} fields (developer guide, limits)")
    for key in sorted(own.keys):
        if key.startswith("@"):
            yield Complaint(component.id, f"{key}: names that begin with @ are the service's own")
    if component.text("type") is None and component.id != "Default":
        yield Complaint(component.id, "type is missing")


def _refs(definition: Definition, component: Component) -> Complaints:
    for field in component.fields:
        if field.ref and definition.find(field.value) is None:
            yield Complaint(component.id, f"{field.key} refers to {field.value!r}, which is not defined")


def _numbers(_definition: Definition, component: Component) -> Complaints:
    for key in PERIODS:
        text = component.text(key)
        if text is not None and "#{" not in text and period.seconds(text) is None:
            yield Complaint(component.id, f"{key}: {text!r} is no period such as '15 minutes'")
    retries = component.text("maximumRetries")
    number = component.number("maximumRetries")
    if retries is not None and "#{" not in retries and (number is None or number > MOST_RETRIES):
        yield Complaint(component.id, f"maximumRetries: {retries!r} is no number from 0 to {MOST_RETRIES}")


def _work(definition: Definition, component: Component) -> Complaints:
    if kind(component) is Kind.ACTIVITY and not (component.text("workerGroup") or component.refs("runsOn")):
        yield Complaint(component.id, "either workerGroup or runsOn is needed")
    shell = (component.text("type") or "").startswith("ShellCommand")
    if shell and not (component.text("command") or component.text("scriptUri")):
        yield Complaint(component.id, "either command or scriptUri is needed")
    yield from _targets(definition, component, "dependsOn", Kind.ACTIVITY, "an activity")
    yield from _targets(definition, component, "precondition", Kind.PRECONDITION, "a precondition")


def _targets(definition: Definition, component: Component, key: str, wanted: Kind, what: str) -> Complaints:
    for ref in component.refs(key):
        target = definition.effective(ref)
        if target is not None and kind(target) is not wanted:
            yield Complaint(component.id, f"{key} refers to {ref!r}, which is not {what}")


_RULES: tuple[Callable[[Definition, Component], Complaints], ...] = (_fields, _refs, _numbers, _work)


def _circles(definition: Definition) -> Complaints:
    for key in ("dependsOn", "parent"):
        waits = {one.id: set(one.refs(key)) for one in definition.objects}
        while free := {one for one, needs in waits.items() if not needs & waits.keys()}:
            waits = {one: needs for one, needs in waits.items() if one not in free}
        for one in waits:
            yield Complaint(one, f"{key} leads in a circle")
