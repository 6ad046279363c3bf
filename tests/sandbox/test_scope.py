from __future__ import annotations

from holter.sandbox.definitionfile import parse
from holter.sandbox.expressions import evaluate
from holter.sandbox.scope import Scope

DEFINITION = parse(
    {
        "objects": [
            {
                "id": "A",
                "name": "an a",
                "type": "X-#{name}",
                "input": {"ref": "N"},
                "path": "#{input.path}/#{myX}",
                "odd": "#{what}",
                "keep": {"ref": "N"},
            },
            {"id": "N", "path": "s3://b/#{name}", "schedule": {"ref": "S"}},
            {"id": "S", "startDateTime": "2026-11-21T00:00:00"},
        ],
        "values": {"myX": ["1", "2"]},
    }
)


def scope(name: str) -> Scope:
    found = DEFINITION.effective(name)
    assert found is not None
    return Scope(found, DEFINITION, DEFINITION.effective)


def test_a_name_is_a_field_a_parameter_or_a_field_of_another_object() -> None:
    text = "#{id} #{name} #{myX} #{input.path} #{input.schedule.startDateTime} #{input} #{input.@id}"
    assert evaluate(text, scope("A").lookup) == "A an a 1,2 s3://b/N 2026-11-21T00:00:00 N N"


def test_an_object_is_evaluated_but_for_what_cannot_be_and_what_is_used_verbatim() -> None:
    made = scope("A").evaluated()
    assert {key: made.text(key) for key in ("path", "odd", "type")} == {
        "path": "s3://b/N/1,2",
        "odd": "#{what}",
        "type": "X-#{name}",
    }
    assert made.refs("keep") == ("N",)
