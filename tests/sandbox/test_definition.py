from __future__ import annotations

from holter.sandbox.component import Component, Field
from holter.sandbox.definition import Definition, definition


def of(name: str, *fields: Field) -> Component:
    return Component(name, name, fields)


def parent(name: str) -> Field:
    return Field("parent", name, ref=True)


def test_an_object_inherits_from_its_parents_and_then_from_default() -> None:
    made = Definition(
        (
            of("Default", Field("workerGroup", "wg"), Field("type", "Default"), Field("a", "default")),
            of("Top", Field("type", "ShellCommandActivity"), Field("a", "top"), Field("b", "top")),
            of("Middle", parent("Top"), Field("b", "middle")),
            of("Low", parent("Middle"), Field("c", "low")),
        )
    )
    low = made.effective("Low")
    assert low is not None
    assert {key: low.text(key) for key in ("type", "a", "b", "c", "workerGroup")} == {
        "type": "ShellCommandActivity",
        "a": "top",
        "b": "middle",
        "c": "low",
        "workerGroup": "wg",
    }
    assert low.refs("parent") == ("Middle",)
    assert made.effective("None") is None


def test_a_circle_of_parents_ends() -> None:
    made = Definition((of("A", parent("B"), Field("a", "1")), of("B", parent("A"), Field("b", "2"))))
    a = made.effective("A")
    assert a is not None
    assert (a.text("a"), a.text("b")) == ("1", "2")


def test_type_never_comes_from_default() -> None:
    made = Definition((of("Default", Field("type", "Default")), of("A")))
    a = made.effective("A")
    assert a is not None
    assert a.text("type") is None


def test_a_parameter_has_its_given_values_else_its_default() -> None:
    body = {
        "pipelineObjects": [],
        "parameterObjects": [
            {
                "id": "myX",
                "attributes": [
                    {"key": "type", "stringValue": "String"},
                    {"key": "default", "stringValue": "d"},
                ],
            },
            {"id": "myY", "attributes": [{"key": "default", "stringValue": "e"}]},
        ],
        "parameterValues": [{"id": "myX", "stringValue": "1"}, {"id": "myX", "stringValue": "2"}],
    }
    made = definition(body)
    assert made.json() == body
    assert (made.parameter("myX"), made.parameter("myY"), made.parameter("myZ")) == (("1", "2"), ("e",), ())
    changed = made.with_values([{"id": "myX", "stringValue": "3"}, {"id": "myY", "stringValue": "4"}])
    assert (changed.parameter("myX"), changed.parameter("myY")) == (("3",), ("4",))
