"""A pipeline definition in the AWS CLI's own JSON form, to and from the protocol's.

`{"objects": [{"id": ..., "type": ..., "runsOn": {"ref": ...}}], "parameters": [...], "values": {...}}`
(AWS CLI, `datapipeline put-pipeline-definition --pipeline-definition`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from holter.errors import ConfigError
from holter.sandbox.component import Component, Field
from holter.sandbox.definition import Definition
from holter.sandbox.validation import errors


def read(text: str, where: str) -> Definition:
    """Return the definition in a file's text; ConfigError names `where` and what is wrong."""
    try:
        body = json.loads(text)
    except ValueError as why:
        raise ConfigError(f"{where}: not JSON: {why}") from None
    if not isinstance(body, dict) or not isinstance(body.get("objects"), list):
        raise ConfigError(
            f'{where}: a definition is {{"objects": [...], "parameters": [...], "values": {{...}}}}'
        )
    try:
        made = parse(body)
    except (KeyError, TypeError, AttributeError) as why:
        raise ConfigError(
            f"{where}: not in the form of the AWS CLI's pipeline definitions: {why!r}"
        ) from None
    wrong = errors(made)
    if wrong:
        raise ConfigError(f"{where}: " + "; ".join(f"{one.id}: {one.text}" for one in wrong[:5]))
    return made


def parse(body: dict[str, Any]) -> Definition:
    """Return a definition, unchecked; KeyError, TypeError or AttributeError where it is none."""
    return Definition(
        tuple(_component(one) for one in body["objects"]),
        tuple(_parameter(one) for one in body.get("parameters") or ()),
        tuple(
            {"id": name, "stringValue": str(value)}
            for name, values in (body.get("values") or {}).items()
            for value in _listed(values)
        ),
    )


def _component(body: dict[str, Any]) -> Component:
    if not isinstance(body.get("id"), str):
        raise KeyError("id")
    fields = tuple(
        field for key, value in body.items() if key not in ("id", "name") for field in _fields(key, value)
    )
    return Component(body["id"], str(body.get("name") or body["id"]), fields)


def _parameter(body: dict[str, Any]) -> dict[str, Any]:
    attributes = [
        {"key": key, "stringValue": str(value)}
        for key, values in body.items()
        if key != "id"
        for value in _listed(values)
    ]
    return {"id": body["id"], "attributes": attributes}


def _fields(key: str, value: Any) -> Iterator[Field]:
    for one in _listed(value):
        if isinstance(one, dict):
            yield Field(key, str(one["ref"]), ref=True)
        else:
            yield Field(key, str(one))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
