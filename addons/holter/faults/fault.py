"""What a fault is, and the row by which a plan knows it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from holter.faults.asked import Asked
from holter.faults.chance import Chance
from holter.faults.handouts import Handouts
from holter.faults.node import Node
from holter.wire.decision import Answer, Break, Cut, Decision, Deed, Forward, Order
from holter.wire.message import Origin, Reply
from holter.wire.operations import DATA_PIPELINE, OPERATIONS, Role


class Stage(enum.StrEnum):
    """When a fault has its say: before the call is passed on, or after the service has answered."""

    BEFORE = "before"
    AFTER = "after"


class Need(enum.StrEnum):
    """What a fault cannot do without."""

    CONNECTION = "a connection of its own to break"
    SERVICE = "a service behind Holter"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault may look at. `cause` is the call at which a lasting fault began, else the call itself.

    `obeys` tells that the service does what it is told: a fault can then leave a call to it.
    """

    asked: Asked
    cause: Asked
    chance: Chance
    handouts: Handouts
    obeys: bool = False


class Fault(Protocol):
    """Something that goes wrong."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Return what is to be done with a call, given what was to be done so far.

        Before the service that is a plain `Forward`, afterwards an `Answer` with the service's reply,
        unless faults before this one have changed it. What comes back unchanged was left alone.
        """


class Scope(enum.StrEnum):
    """Which further calls a lasting fault meets."""

    TASK = "task"
    PIPELINE = "pipeline"
    SAME = "same"  # the same operation of the same task, or of the same runner where there is no task
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a fault goes on once it has begun: for `seconds`, for `times` calls, else for ever.

    The call at which it begins counts, if the fault had something to do with it. `ops` are the operations
    that it meets, all where empty. `connections`: new ones are turned away too.
    """

    scope: Scope
    ops: frozenset[str] = frozenset()
    seconds: float = float("inf")
    times: float = float("inf")
    connections: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One fault of a rule, and when it has its say."""

    fault: Fault
    stage: Stage = Stage.BEFORE
    lasting: Lasting | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """What a plan says of one fault. `ops` are the operations of its rule, empty for all."""

    value: Node
    options: Mapping[str, Node] = field(default_factory=dict)
    ops: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One fault in the table of all: what it is called, what it does, and how a plan makes it.

    `takes` says what its value is; `roles` are those of the operations that it is for, and what a rule
    means that names none; the first of `stages` is where it acts unless told otherwise; `when` are
    conditions that a rule gets with it; one that `ends` leaves no connection to faults after it.
    """

    name: str
    takes: str
    does: str
    make: Callable[[Making], Fault]
    options: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
    stages: tuple[Stage, ...] = (Stage.BEFORE,)
    needs: frozenset[Need] = frozenset()
    lasts: Callable[[Making], Lasting] | None = None
    when: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    ends: bool = False


EITHER = (Stage.BEFORE, Stage.AFTER)


def wanted(fault: Fault) -> Callable[[Making], Fault]:
    """Return how a fault is made of which a plan says only that it is wanted: its value is true."""

    def make(said: Making) -> Fault:
        said.value.yes()
        return fault

    return make


def ops_of(*roles: Role) -> tuple[str, ...]:
    """Return the operations that have one of these roles."""
    return tuple(row.name for row in OPERATIONS.values() if row.role in roles)


def answered(so_far: Decision, reply: Reply) -> Answer:
    """Return the decision to answer so, after what the call was to wait so far."""
    return Answer(reply, Origin.FAULT, delay=so_far.delay)


def ordered(scene: Scene, so_far: Decision, deed: Deed, handle: str | None = None) -> Forward | None:
    """Return the decision to let the service itself do something with a task, by default with the call's own.

    None where it does not obey, or where the call does not go there any more.
    """
    body = scene.asked.call.body
    meant = handle or (body.get(DATA_PIPELINE.handle) if isinstance(body, dict) else None)
    if not scene.obeys or not isinstance(so_far, Forward) or not isinstance(meant, str):
        return None
    return replace(so_far, order=Order(deed, meant))


def broken(so_far: Decision, why: str, cut: Cut = Cut.CLOSE, delay: float = 0.0) -> Break:
    """Return the decision to break the connection, after what the call was to wait so far."""
    return Break(why, delay=so_far.delay + delay, cut=cut)
