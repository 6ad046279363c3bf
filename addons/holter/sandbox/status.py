"""The statuses of a pipeline's objects (developer guide, "Interpreting Pipeline Status Details")."""

from __future__ import annotations

import enum


class Status(enum.StrEnum):
    """`@status` of an instance or an attempt."""

    WAITING_ON_DEPENDENCIES = "WAITING_ON_DEPENDENCIES"
    WAITING_FOR_RUNNER = "WAITING_FOR_RUNNER"
    SCHEDULED = "SCHEDULED"  # here: waits for its next attempt
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    CASCADE_FAILED = "CASCADE_FAILED"


ENDED = frozenset({Status.FINISHED, Status.FAILED, Status.CANCELED, Status.CASCADE_FAILED})
BROKEN = ENDED - {Status.FINISHED}
ACTIVE = frozenset({Status.WAITING_FOR_RUNNER, Status.SCHEDULED, Status.RUNNING, Status.PAUSED})
"""What can still move by itself, by a runner or by RESUME."""


class Phase(enum.StrEnum):
    """`@pipelineState` of a pipeline."""

    PENDING = "PENDING"
    SCHEDULED = "SCHEDULED"
    DEACTIVATING = "DEACTIVATING"
    INACTIVE = "INACTIVE"
    FINISHED = "FINISHED"
