"""docs/control.md against the API and the command."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from tests.board.rig import Rig

from holter.board.api import ROUTES
from holter.board.files import PAGE
from holter.board.watch import KEPT
from holter.cli.ctl import command
from holter.endpoint.http import HttpStream
from holter.faults.short import parse

DOC = Path(__file__).parents[1] / "docs" / "control.md"
TEXT = DOC.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(GET|POST) (\S+)` \|", TEXT, re.MULTILINE)
OTHERS = [("GET", "/healthz"), ("GET", "/metrics"), ("GET", "/v1/calls/SEQ")]
SHOWN = [shlex.split(line)[2:] for line in re.findall(r"^holter ctl .+$", TEXT, re.MULTILINE)]


def test_every_route_is_told_and_no_other() -> None:
    told = {(method, path.split("?")[0]) for method, path in ROWS}
    deeds = {("POST", f"/v1/faults/NAME/{deed}") for deed in ("arm", "disarm", "fire")}

    assert told == {*ROUTES, *deeds, *OTHERS}


@pytest.mark.parametrize(("method", "path"), ROWS)
def test_every_route_is_answered(method: str, path: str) -> None:
    body = '{"text": "x"}' if path.endswith("marks") else ""
    body = "{name: new, then: {close: true}}" if path == "/v1/faults" and method == "POST" else body
    if path == "/metrics":
        pytest.importorskip("prometheus_client", reason="needs prometheus-client")
    if path == "/v1/report.html" and not (PAGE / "index.html").exists():
        pytest.skip("the page's parts are not there yet")
    rig = Rig()
    rig.beat()
    path = path.replace("NAME", "r1").replace("SEQ", "1").replace("ID", "0")
    if path.startswith("/v1/events"):
        assert isinstance(rig.given(method, path), HttpStream)
    else:
        response = rig.raw(method, path, body)
        assert response.status == 200, response.body


def test_as_many_calls_are_kept_as_it_says() -> None:
    assert f"the latest {KEPT} are kept" in TEXT


@pytest.mark.parametrize("words", SHOWN)
def test_every_command_that_is_shown_can_be_given(words: list[str]) -> None:
    found: click.Command = command
    while isinstance(found, click.Group):
        found = found.commands[words[0]]
        words = words[1:]
    given = found.make_context("ctl", list(words), obj="control.json").params
    if given.get("fault"):
        assert parse(given["fault"]).rule.name == given["fault"]


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (DOC.parent / target).is_file(), target
