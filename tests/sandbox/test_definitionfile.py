from __future__ import annotations

import json

import pytest

from holter.errors import ConfigError
from holter.sandbox.definitionfile import read

GOOD = {
    "objects": [
        {"id": "Default", "workerGroup": "wg"},
        {
            "id": "B",
            "name": "bee",
            "type": "ShellCommandActivity",
            "command": "x",
            "scriptArgument": ["1", "2"],
            "dependsOn": {"ref": "A"},
        },
        {"id": "A", "type": "ShellCommandActivity", "command": "#{myX}", "maximumRetries": 2},
    ],
    "parameters": [{"id": "myX", "type": "String", "default": "d"}],
    "values": {"myX": ["1", "2"]},
}


def test_the_command_line_tools_form_becomes_a_definition() -> None:
    made = read(json.dumps(GOOD), "f.json")
    assert [one.id for one in made.objects] == ["Default", "B", "A"]
    b, a = made.effective("B"), made.effective("A")
    assert a is not None
    assert b is not None
    assert (b.name, b.texts("scriptArgument"), b.refs("dependsOn"), b.text("workerGroup")) == (
        "bee",
        ("1", "2"),
        ("A",),
        "wg",
    )
    assert a.number("maximumRetries") == 2
    assert made.parameter("myX") == ("1", "2")
    assert made.parameters[0]["attributes"][0] == {"key": "type", "stringValue": "String"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "f.json: not JSON"),
        ("[]", "f.json: a definition is"),
        ('{"objects": {}}', "f.json: a definition is"),
        ('{"objects": [{"type": "X"}]}', "not in the form"),
        ('{"objects": ["A"]}', "not in the form"),
        ('{"objects": [{"id": "A", "type": "X", "runsOn": {"id": "R"}}]}', "not in the form"),
        ('{"objects": [{"id": "A", "type": "ShellCommandActivity"}]}', "f.json: A: either workerGroup"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as refused:
        read(text, "f.json")
    assert "\n" not in str(refused.value)
