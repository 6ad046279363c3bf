"""docs/clients.md against what is really set, and what is really offered."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli import test_record_clients
from tests.clients.catalogue import CLIENTS, INSTALLED, WRITTEN
from tests.odd.cases import CASES

from holter import clientenv
from holter.cli.shells import SHELLS
from holter.cli.unseen import heeds_proxy
from holter.handles import ENOUGH
from holter.wire.signing import LIFE

PAGE = (Path(__file__).parents[1] / "docs" / "clients.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def named(table: str) -> set[str]:
    """The variables in the first column."""
    cells = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_tables_name_every_variable_that_is_set_and_no_other() -> None:
    forward, _, reverse = section("What `holter record -- COMMAND` sets").partition("In reverse mode")
    before = {"HTTPS_PROXY": "http://p", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}

    assert named(forward) == {*clientenv.forward("http://p:1", "b", {}), clientenv.JAVA}
    assert named(reverse) == set(clientenv.reverse("http://p:1", before))


def test_every_direct_address_is_named() -> None:
    prose = section("What `holter record -- COMMAND` sets")

    for address in ("169.254.169.254", "169.254.170.2", "fd00:ec2::254"):
        assert address in prose
        assert address in {entry.strip("[]") for entry in clientenv.METADATA}


def test_every_shell_is_shown() -> None:
    shown = set(re.findall(r"--shell (\w+)", section("Client by client"))) | {"sh"}

    assert shown == set(SHELLS)


def test_the_clients_that_are_said_to_run_in_the_tests_do() -> None:
    table = section("Client by client")
    (mark,) = vars(test_record_clients.test_a_client_is_led_through_the_proxy_and_trusts_it)["pytestmark"]
    run = re.findall(r"^\| ([\w -]+?)(?: \(|,| v3| \|).*\| yes \|$", table, re.MULTILINE)
    written = re.findall(r"^\| ([.\w]+).*\| its bytes \|$", table, re.MULTILINE)

    assert run == ["boto3", "AWS CLI", "curl", "Java", "Go", "JavaScript SDK", "capo-data-pipeline"]
    assert sorted(mark.args[1]) == ["curl", "java", "python"]
    assert [one.name for one in INSTALLED] == ["boto3", "awscli", "js", "go", "capo"]
    assert written == ["Java", "Java", "Dart", ".NET"]
    assert [one.name for one in WRITTEN] == ["dart", "dotnet3", "dotnet4", "java1", "java2"]


def test_the_tables_of_the_runs_name_all_that_are_run() -> None:
    assert list(rows("What each needs and sends")) == [one.name for one in CLIENTS]
    assert list(rows("What each does with an answer")) == [one.name for one in INSTALLED]


def test_the_releases_of_node_are_those_that_are_judged_by() -> None:
    releases = re.findall(r"(\d+)\.(\d+)", re.findall(r"Node from ([^|]+) on", PAGE)[0])

    assert [heeds_proxy((int(major), int(minor))) for major, minor in releases] == [True, True]
    assert [heeds_proxy((int(major), int(minor) - 1)) for major, minor in releases] == [False, False]


def test_the_table_of_odd_requests_names_each_of_them_once() -> None:
    cells = re.findall(r"^\| (`[^|]+) \|", section("Requests out of the ordinary"), re.MULTILINE)
    named_ = [name for cell in cells for name in re.findall(r"`([\w.-]+)`", cell.partition(": ")[0])]

    assert sorted(named_) == sorted(case.name for case in CASES)


def test_the_limit_of_open_files_and_the_life_of_a_signature_are_those_of_the_program() -> None:
    prose = section("Long polls and many runners")

    assert f"up to {ENOUGH:,} " in prose
    assert LIFE == 5 * 60


def rows(title: str) -> dict[str, list[str]]:
    """The cells of a table whose first column holds a client's name as code, by that name."""
    found = re.findall(r"^\| [^|]*\(`(\w+)`\) \| (.*) \|$", section(title), re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in found}
