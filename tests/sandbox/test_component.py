from __future__ import annotations

from holter.sandbox.component import Component, Field, component, texts

BODY = {
    "id": "A",
    "name": "a",
    "fields": [
        {"key": "step", "stringValue": "one"},
        {"key": "step", "stringValue": "two"},
        {"key": "runsOn", "refValue": "R"},
        {"key": "retryDelay", "stringValue": "10 Minutes"},
        {"key": "maximumRetries", "stringValue": " 3 "},
        {"key": "empty", "stringValue": ""},
    ],
}


def test_an_object_is_the_same_after_reading_and_writing() -> None:
    assert component(BODY).json() == BODY


def test_a_field_without_a_value_is_empty() -> None:
    assert component({"id": "A", "name": "a", "fields": [{"key": "k"}]}).fields == (Field("k", ""),)


def test_its_fields_are_found_by_key_and_kind() -> None:
    made = component(BODY)
    assert made.texts("step") == ("one", "two")
    assert (made.text("step"), made.text("runsOn"), made.text("none")) == ("one", None, None)
    assert made.refs("runsOn", "step") == ("R",)
    assert (made.seconds("retryDelay"), made.seconds("step"), made.seconds("none")) == (600.0, None, None)
    assert (made.number("maximumRetries"), made.number("step")) == (3, None)


def test_texts_of_a_mapping_are_fields() -> None:
    assert Component("A", "A", texts({"k": "v"})).json() == {
        "id": "A",
        "name": "A",
        "fields": [{"key": "k", "stringValue": "v"}],
    }
