"""The network, or the service, is slow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from holter.faults.chance import Chance
from holter.faults.fault import EITHER, Kind, Making, Scene
from holter.faults.node import Node
from holter.wire.decision import Decision


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait for `middle` seconds; evenly up to `spread` around it, or with `normal` as its deviation."""

    middle: float
    spread: float = 0.0
    normal: bool = False
    least: float = 0.0
    most: float = float("inf")

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Let the call wait, besides what it was to wait so far."""
        return replace(so_far, delay=so_far.delay + round(self.seconds(scene.chance), 6))

    def seconds(self, chance: Chance) -> float:
        """Return one delay, in seconds."""
        if not self.spread:
            return self.middle
        from statistics import NormalDist

        even = chance.draw()
        drawn = NormalDist().inv_cdf(max(even, 2**-54)) if self.normal else 2 * even - 1
        return min(max(self.middle + self.spread * drawn, self.least), self.most)


def _make(said: Making) -> Delay:
    value = said.value
    if not isinstance(value.value, dict):
        return Delay(value.wait(above=True))
    found = dict(value.mapping(("uniform", "normal", "min", "max")))
    least = found["min"].seconds() if "min" in found else 0.0
    most = found["max"].seconds(above=True) if "max" in found else float("inf")
    if least > most:
        raise found["min"].wrong("must not be above max")
    if ("uniform" in found) is ("normal" in found):
        raise value.wrong(
            "must be seconds, or hold either uniform: [least, most] or normal: [mean, deviation]"
        )
    name = "uniform" if "uniform" in found else "normal"
    first, second = _pair(found[name])
    if name == "normal":
        return Delay(first, second, normal=True, least=least, most=most)
    if first >= second:
        raise found[name].wrong("must go from less to more")
    return Delay((first + second) / 2, (second - first) / 2, least=least, most=most)


def _pair(node: Node) -> tuple[float, float]:
    if not isinstance(node.value, list) or len(node.value) != 2:
        raise node.wrong("must be a list of two numbers of seconds")
    return node.value[0].wait(), node.value[1].wait()


KIND = Kind(
    "delay",
    "SECONDS, or {uniform: [A, B]}, or {normal: [MEAN, DEVIATION], min: A, max: B}",
    "The call waits before it goes to the service, or with `stage: after` its answer waits.",
    _make,
    stages=EITHER,
)
