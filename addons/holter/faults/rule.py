"""One rule of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Stage, Step
from holter.faults.when import When


@dataclass(frozen=True, slots=True)
class Rule:
    """When something goes wrong, and what: its steps, in order, on the same call."""

    name: str
    when: When
    then: tuple[Step, ...]

    def steps(self, stage: Stage) -> tuple[Step, ...]:
        """Return the steps that have their say at a stage."""
        return tuple(step for step in self.then if step.stage is stage)

    @property
    def lasts(self) -> bool:
        """Whether it begins something that goes on, and so begins once for a call, whatever its tries."""
        return any(step.lasting for step in self.then)

    @property
    def late(self) -> bool:
        """Whether it can only be decided once the service has answered."""
        return bool(self.when.answer)
