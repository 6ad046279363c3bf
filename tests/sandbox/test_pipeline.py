from __future__ import annotations

from holter.sandbox.definitionfile import parse
from holter.sandbox.pipeline import Pipeline
from holter.sandbox.run import Run, Timers
from holter.sandbox.status import Phase

DEFINITION = parse(
    {
        "objects": [
            {"id": "Default", "workerGroup": "wg"},
            {"id": "A", "type": "CopyActivity", "x": "#{@status}"},
        ]
    }
)
AT = "1970-01-01T00:16:40"


def pipeline() -> Pipeline:
    return Pipeline("df-1", "p", "u", "", 0.0, lambda now: 1000.0 + now, Run("df-1", 1.0, Timers()))


def test_it_goes_from_pending_over_scheduled_to_finished() -> None:
    made = pipeline()
    assert (made.phase, made.done) == (Phase.PENDING, False)
    made.activate(0.5, DEFINITION, None)
    assert (made.phase, made.done) == (Phase.SCHEDULED, False)
    attempt = f"@A_{AT}_Attempt=1"
    made.run.start(1.0, attempt)
    made.run.ended(2.0, attempt, "FINISHED")
    assert (made.phase, made.done) == (Phase.FINISHED, True)


def test_an_object_is_found_in_each_of_its_spheres() -> None:
    made = pipeline()
    made.activate(0.0, DEFINITION, None)
    spheres = {}
    for name in ("A", f"@A_{AT}", f"@A_{AT}_Attempt=1"):
        found = made.find(name)
        assert found is not None
        assert found.text("workerGroup") == "wg"
        spheres[found.text("@sphere")] = made.evaluated(found).text("x")
    assert spheres == {
        "COMPONENT": "#{@status}",
        "INSTANCE": "WAITING_FOR_RUNNER",
        "ATTEMPT": "WAITING_FOR_RUNNER",
    }
    assert made.find("B") is None
    assert made.find(f"@A_{AT}_Attempt=2") is None


def test_each_activation_is_a_version() -> None:
    made = pipeline()
    for version in ("1", "2"):
        made.activate(0.0, DEFINITION, 5_000.0 * int(version))
        made.run.stop(0.0, cancel=True)
        component = made.component("A")
        assert component is not None
        assert component.text("@version") == version
    assert len(made.run.instances) == 2
