"""The house's rules, held against the source: who imports whom, what stays pure, how large things get."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "addons"

SHARED = ("holter", "holter.errors")
CORE = (*SHARED, "holter.wire")
PARTS = (*CORE, "holter.cassette", "holter.lease", "holter.replay", "holter.faults")
KEPT = (*PARTS, "holter.player", "holter.flight", "holter.expected", "holter.receivers", "holter.session")
BELOW = (
    *KEPT,
    *("holter.clock", "holter.parsing", "holter.settings", "holter.portfile", "holter.clientenv"),
    *("holter.handles", "holter.wayout"),
    *("holter.recorder", "holter.tapes", "holter.replayer", "holter.trial"),
    *("holter.keeper", "holter.faultdesk", "holter.control"),
    *("holter.conversion", "holter.sandbox", "holter.report"),
)

ROOMS: dict[str, tuple[str, ...]] = {
    "holter.__main__": ("holter.cli",),
    "holter.errors": (),
    "holter.parsing": (),
    "holter.settings": (*SHARED, "holter.parsing", "holter.wire.value"),
    "holter.portfile": SHARED,
    "holter.clientenv": (*SHARED, "holter.wire.regex"),
    "holter.handles": SHARED,
    "holter.wayout": (*SHARED, "holter.clientenv"),
    "holter.clock": ("holter.wire",),
    "holter.wire": ("holter.wire",),
    "holter.cassette": CORE,
    "holter.lease": CORE,
    "holter.replay": CORE,
    "holter.faults": CORE,
    "holter.player": ("holter.wire",),
    "holter.flight": PARTS,
    "holter.expected": PARTS,
    "holter.receivers": PARTS,
    "holter.session": KEPT,
    "holter.recorder": (*KEPT, "holter.clock"),
    "holter.replayer": (*KEPT, "holter.clock", "holter.recorder", "holter.tapes"),
    "holter.tapes": KEPT,
    "holter.trial": (*KEPT, "holter.clock"),
    "holter.keeper": (*KEPT, "holter.clock"),
    "holter.faultdesk": (*KEPT, "holter.keeper"),
    "holter.control": SHARED,
    "holter.conversion": KEPT,
    "holter.sandbox": (*CORE, "holter.lease.profile"),
    "holter.report": (*CORE, "holter.lease"),
    "holter.mitm": BELOW,
    "holter.endpoint": BELOW,
    "holter.board": (*BELOW, "holter.endpoint"),
    "holter.screen": (*BELOW, "holter.board"),
    "holter.inprocess": BELOW,
    "holter.testing": (*BELOW, "holter.endpoint", "holter.inprocess"),
    "holter.pytest_plugin": (*SHARED, "holter.testing"),
    "holter.cli": (
        *BELOW,
        "holter.mitm",
        "holter.endpoint",
        "holter.board",
        "holter.screen",
        "holter.inprocess",
    ),
    "holter": (),
    "datapipeline": ("holter.mitm",),
}
"""What each room may import besides itself. A new room is entered here on purpose."""

GUESTS: dict[str, tuple[str, ...]] = {
    "mitmproxy": ("holter.mitm", "datapipeline"),
    "pytest": ("holter.pytest_plugin",),
    "botocore": ("holter.wire.signing", "holter.inprocess", "holter.sandbox.runner"),
    "rich": ("holter.screen",),
}
"""Heavy packages, and the only places that may import them."""

LAZY = ("botocore",)
PURE = (
    *("holter.wire", "holter.lease", "holter.faults", "holter.replay", "holter.sandbox"),
    *("holter.cassette.format", "holter.cassette.redaction"),
)
IMPURE = (
    "holter.lease.profilefile",
    "holter.faults.sources",
    "holter.sandbox.runner",
    "holter.sandbox.certificate",
    "holter.wire.signing",
)
"""Places inside the pure rooms that have to do with files, clocks or chance, and say so by their names."""

FORBIDDEN = (
    *("time", "random", "secrets", "uuid", "os", "socket", "subprocess", "threading", "tempfile", "pathlib"),
    *("open", "input", "sys.stdout", "sys.stderr", "sys.stdin"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
)
ALLOWED = ("random.Random", "pathlib.Path", "pathlib.PurePath")
METHODS = ("read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "is_file", "exists")

LINES = {"addons": 300, "tests": 400}
FUNCTION = 50


def name_of(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(SOURCE.rglob("*.py"))}


def within(name: str, rooms: tuple[str, ...]) -> bool:
    """Tell whether a dotted name is one of the rooms or inside one; `holter` stands for itself alone."""
    return any(name == room or (room != "holter" and name.startswith(room + ".")) for room in rooms)


def imports(tree: ast.AST, modules: tuple[str, ...]) -> Iterator[str]:
    """Yield what a module imports, wherever it does: submodules by their own names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names]
            yield from ((name if name in modules else base) for name in names)


def room_of(name: str) -> str:
    """Return the innermost room that a module is in."""
    found = [room for room in ROOMS if room == name or name.startswith(room + ".")]
    return max(found, key=len, default="")


def trespasses(name: str, source: str) -> list[str]:
    """Return the imports of a module that its room does not allow."""
    room = room_of(name)
    if room == "holter" and name != "holter":
        return [f"{name} is in no room: enter it in ROOMS"]
    found = []
    for imported in imports(ast.parse(source), tuple(MODULES)):
        guest = imported.split(".")[0]
        wrong_room = guest == "holter" and not within(
            imported, (*ROOMS[room], *((room,) if room != "holter" else ()))
        )
        if wrong_room or (guest in GUESTS and not within(name, GUESTS[guest])):
            found.append(f"{name} imports {imported}")
    return found


def eager(name: str, source: str) -> list[str]:
    """Return the heavy packages that a module imports as soon as it is imported itself."""
    top = [node for node in ast.parse(source).body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    found = {imported.split(".")[0] for node in top for imported in imports(node, ())}
    return [f"{name} imports {package} at module level" for package in LAZY if package in found]


def impurities(name: str, source: str) -> list[str]:
    """Return where a module reads a clock, draws a number, or touches what is outside of it."""
    tree = ast.parse(source)
    known = dict(_bindings(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            dotted = _dotted(node, known)
            method = isinstance(node, ast.Attribute) and node.attr in METHODS
            if method or (
                within(dotted, FORBIDDEN) and not within(dotted, ALLOWED) and not _module(node, known)
            ):
                found.append(f"{name}:{node.lineno} uses {dotted}")
    return found


def _bindings(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                yield alias.asname or first, alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _dotted(node: ast.AST, known: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, known)}.{node.attr}"
    if isinstance(node, ast.Name):
        bound = known.get(node.id)
        return bound or (node.id if node.id in ("open", "input") else f"local {node.id}")
    return "expression"


def _module(node: ast.AST, known: dict[str, str]) -> bool:
    """Tell whether a name is a bare module, whose members are judged one by one."""
    return isinstance(node, ast.Name) and "." not in known.get(node.id, ".")


def oversize(path: str, source: str) -> list[str]:
    """Return what is longer than a page or two."""
    found = []
    if len(source.splitlines()) > LINES[path.split("/", maxsplit=1)[0]]:
        found.append(f"{path} has {len(source.splitlines())} lines")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                found.append(f"{path}: {node.name} has {length} lines")
    return found


def pure(name: str) -> bool:
    return within(name, PURE) and not within(name, IMPURE)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    assert trespasses(name, MODULES[name].read_text()) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_heavy_package_is_imported_where_it_is_needed_and_not_before(name: str) -> None:
    assert eager(name, MODULES[name].read_text()) == []


@pytest.mark.parametrize("name", [name for name in MODULES if pure(name)])
def test_a_pure_module_reads_no_clock_draws_no_number_and_opens_no_file(name: str) -> None:
    assert impurities(name, MODULES[name].read_text()) == []


FILES = [path.relative_to(ROOT).as_posix() for path in (*SOURCE.rglob("*.py"), *ROOT.glob("tests/**/*.py"))]


@pytest.mark.parametrize("path", sorted(FILES))
def test_files_and_functions_stay_short(path: str) -> None:
    assert oversize(path, (ROOT / path).read_text()) == []


def test_importing_the_light_rooms_brings_nothing_heavy() -> None:
    rooms = (
        "holter",
        "holter.cli",
        "holter.wire",
        "holter.lease",
        "holter.cassette",
        "holter.session",
        "holter.replay",
        "holter.replayer",
    )
    commands = [name for name in MODULES if name.startswith("holter.cli.") and name != "holter.cli.audit"]
    names = [name for name in MODULES if within(name, rooms) and name not in commands]
    code = (
        "import importlib, sys\n"
        f"for name in {names}:\n"
        "    importlib.import_module(name)\n"
        "    found = {'mitmproxy', 'botocore', 'yaml', 'pytest', 'rich'} & set(sys.modules)\n"
        "    assert not found, (name, found)\n"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(
        command, env={"PYTHONPATH": str(SOURCE)}, check=False, capture_output=True, text=True, timeout=60
    )
    assert found.returncode == 0, found.stderr


TOPICS = ("attempts", "contents", "gaps", "polling", "reactions", "stopping", "suppressions", "traffic")
UNTESTED = {
    "holter.wire.members": "values only; held against botocore in test_operations",
    "holter.wire.shapes": "values only; held against botocore in test_operations and used in test_check",
    "holter.wire.decision": "values only",
    "holter.faults.aws_errors": "values only; each is asked for in test_error",
    "holter.keeper": "a protocol only; held by mypy against recorder, replayer and trial",
    "holter.wire.redactor": "protocols only; held by mypy against the redactor of cassettes",
    **dict.fromkeys(
        (f"holter.lease.catalogue.{topic}" for topic in TOPICS), "rows of one table, held in test_rules"
    ),
    "holter.lease.rule": "values only; held in test_rules",
    "holter.lease.sources": "values only; held in test_rules",
    "datapipeline": "the script as mitmproxy loads it, in tests/mitm/test_script",
    "holter.sandbox.runner.log": "one line to stderr, read in test_runner",
    "holter.sandbox.runner.options": "values only, held against the command in tests/cli/test_runner",
}
"""Modules without a test file of their own, and why."""


def test_every_module_has_its_test_beside_it_under_the_same_name() -> None:
    tests = {path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    missing = []
    for name, path in MODULES.items():
        at = (
            path.relative_to(SOURCE / "holter") if path.is_relative_to(SOURCE / "holter") else Path(path.name)
        )
        beside = at.with_name(f"test_{at.name}").as_posix()
        if not at.name.startswith("__") and name not in UNTESTED and beside not in tests:
            missing.append(f"tests/{beside}")
    assert missing == []


def test_the_list_of_untested_modules_names_none_that_is_gone_or_tested() -> None:
    for name in set(UNTESTED) - {"datapipeline"}:
        at = MODULES[name].relative_to(SOURCE / "holter")
        assert not (ROOT / "tests" / at.with_name(f"test_{at.name}")).exists(), name


def test_every_room_in_the_rules_is_spelled_as_a_room() -> None:
    tops = {name.split(".")[1] for name in MODULES if name.startswith("holter.")}
    planned = {"board"}
    assert {room.split(".")[1] for room in ROOMS if "." in room} <= tops | planned


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("holter.wire.codec", "from holter.errors import UsageError"),
        ("holter.wire.codec", "def f():\n    import holter.lease.audit"),
        ("holter.lease.audit", "from holter.cassette.reader import read"),
        ("holter.lease.audit", "from holter import cassette"),
        ("holter.faults.plan", "from holter.lease import profile"),
        ("holter.sandbox.keeper", "from holter.lease.machine import step"),
        ("holter.sandbox.runner.beat", "import holter.session"),
        ("holter.report.text", "from holter.cassette import reader"),
        ("holter.mitm.addon", "from holter.endpoint.server import serve"),
        ("holter.endpoint.server", "from holter.mitm import addon"),
        ("holter.endpoint.server", "def f():\n    from holter.cli import run"),
        ("holter.session", "import mitmproxy.http"),
        ("holter.cli.record", "def f():\n    from mitmproxy import ctx"),
        ("holter.cli.record", "import pytest"),
        ("holter.cli.record", "def f():\n    import botocore.session"),
        ("holter.attic", "import json"),
    ],
)
def test_the_layer_rule_can_be_broken(name: str, source: str) -> None:
    assert len(trespasses(name, source)) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("holter.wire.codec", "from holter.wire import message"),
        ("holter.lease.audit", "from holter.errors import UsageError\nfrom holter import __version__"),
        ("holter.sandbox.runner.client", "def f():\n    import botocore.session"),
        ("holter.mitm.addon", "import mitmproxy\nfrom holter.session import Session"),
        ("holter.cli.record", "from holter.mitm import addon\nfrom holter.cli.run import run"),
    ],
)
def test_the_layer_rule_can_be_kept(name: str, source: str) -> None:
    assert trespasses(name, source) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import botocore", 1),
        ("try:\n    from botocore import session\nexcept ImportError:\n    pass", 1),
        ("def f():\n    import botocore", 0),
        ("class A:\n    def f(self):\n        import botocore", 0),
        ("import json", 0),
    ],
)
def test_an_eager_import_is_seen(source: str, count: int) -> None:
    assert len(eager("x", source)) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import time\ntime.monotonic()", 1),
        ("import time as t\ndef f(clock=t.time): ...", 1),
        ("from time import sleep\nsleep(1)", 1),
        ("import random\nrandom.random()", 1),
        ("import random\nrandom.Random(7).random()", 0),
        ("from datetime import datetime\ndatetime.now()", 1),
        ("from datetime import datetime\ndatetime.fromtimestamp(0)", 0),
        ("import datetime as d\nd.datetime.now(d.UTC)", 1),
        ("open('x')", 1),
        ("import os\nos.path.join('a')", 2),
        ("from pathlib import Path\nPath('x').read_text()", 1),
        ("import uuid\nuuid.uuid4()", 1),
        ("def f(now, time): return now + time.x", 0),
    ],
)
def test_what_is_not_pure_is_seen(source: str, count: int) -> None:
    assert len(impurities("x", source)) == count


def test_what_is_too_long_is_seen() -> None:
    long_function = "def f():\n" + "    x = 1\n" * FUNCTION
    assert len(oversize("addons/a.py", "x = 1\n" * 301)) == 1
    assert len(oversize("tests/a.py", "x = 1\n" * 401)) == 1
    assert len(oversize("tests/a.py", long_function)) == 1
    assert oversize("addons/a.py", long_function.replace("    x = 1\n", "", 1) + "x = 1\n" * 9) == []
