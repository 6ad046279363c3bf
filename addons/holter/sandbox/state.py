"""What the sandbox knows, for a person or a test to look at. A taskId shows as its print only."""

from __future__ import annotations

from collections import Counter

from holter.sandbox.decision import Lease
from holter.sandbox.world import World
from holter.wire.codec import print_of
from holter.wire.message import Json


def state(world: World, now: float) -> dict[str, Json]:
    """Return the state at a moment, in seconds since the service began."""
    queued = Counter(job.group for job in world.keeper.queued())
    return {
        "version": 1,
        "at": round(now, 6),
        "done": world.done,
        "polls": world.keeper.waiting(),
        "queued": dict(queued),
        "leases": [_lease(world, now, lease) for lease in world.keeper.leases()],
        "pipelines": [
            {
                "id": pipeline.id,
                "name": pipeline.name,
                "state": str(pipeline.phase),
                "objects": {one.id: str(one.status) for one in pipeline.run.instances.values()},
            }
            for pipeline in world.pipelines.values()
        ],
    }


def _lease(world: World, now: float, lease: Lease) -> Json:
    limit = world.keeper.limit(lease)
    return {
        "print": print_of(lease.task),
        "attempt": lease.job.attempt,
        "pipeline": lease.job.pipeline,
        "runner": lease.runner,
        "acked": lease.acked,
        "canceled": lease.canceled,
        "limit": limit,
        "left": round(lease.renewed + limit - now, 6),
    }
