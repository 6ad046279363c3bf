"""The pytest plugin: `@pytest.mark.holter`, and the fixtures `holter`, `holter_endpoint`, `holter_proxy`.

Nothing of Holter's is imported before a test that wants it is set up, and no hook of its own runs around a
test before one that wants it was collected: a run without such tests costs what it does without Holter.
"""

from __future__ import annotations

import os
import shlex
import warnings
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from holter.testing.proxy import Proxy, Unseen
    from holter.testing.run import Run
    from holter.testing.wanted import Said
    from holter.testing.witness import Witness

MARKER = "holter(*cassettes, mode=..., pace=..., ...): answer this test's Data Pipeline calls from cassettes."
MODES = ("none", "once", "new_episodes", "all", "passthrough")
LISTS = ("ignore", "fault", "redact_key")
SETTINGS = (
    *("mode", "pace", "end", "scale", "profile", "unplayed", "ignore"),
    *("allow_faults", "max_age", "stale", "cancel_on", "faults", "fault", "seed", "redact", "redact_key"),
)
"""What the ini file may say as `holter_NAME`: held against the table of settings by a test."""

_RUN = pytest.StashKey["Run"]()


class HolterWarning(pytest.PytestWarning):
    """Something about a cassette that does not fail a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the command line's option and the ini file's."""
    group = parser.getgroup("holter", "AWS Data Pipeline calls from cassettes")
    group.addoption(
        "--holter-mode",
        choices=MODES,
        default=None,
        help="Record mode of all tests, whatever their markers say: answer from the cassette, or record.",
    )
    parser.addini("holter_cassette_dir", "Folder of the tests' own cassettes, under the root.", default=None)
    for name in SETTINGS:
        text = f"What a holter marker's {name} is by default."
        kind: Literal["linelist", "string"] = "linelist" if name in LISTS else "string"
        parser.addini(f"holter_{name}", text, kind, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the fixture come first in each test that wants it: others may make clients already."""
    found = False
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        if "holter" in item.fixturenames or item.get_closest_marker("holter"):
            item.fixturenames = ["holter", *(name for name in item.fixturenames if name != "holter")]
            found = True
    if found and not config.pluginmanager.has_plugin("holter-judge"):
        config.pluginmanager.register(Judge(), "holter-judge")


class Judge:
    """Fails a test for a miss or for what was not played, and shows what was called where one fails."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Judge a test when its own code has come to its end."""
        run = item.stash.get(_RUN, None)
        if run is None:
            return (yield)
        try:
            yield
        except BaseException as why:
            for text in run.failures:
                if text not in str(why):
                    why.add_note(text)
            item.add_report_section("call", "holter", run.log)
            raise
        for text in run.warnings:
            warnings.warn_explicit(text, HolterWarning, str(item.path), (item.location[1] or 0) + 1)
        if run.failures:
            item.add_report_section("call", "holter", run.log)
            pytest.fail("\n".join(run.failures), pytrace=False)
        return None


@pytest.fixture
def holter(request: pytest.FixtureRequest) -> Iterator[Witness | Unseen]:
    """What was called in this test, and what may be claimed about it."""
    with _one_line(request.node), ExitStack() as stack:
        from holter.testing.run import begun

        way = _way(request)
        run = stack.enter_context(begun(_paths(request), _said(request), way, record=_record(request)))
        request.node.stash[_RUN] = run
        yield run.witness


@pytest.fixture
def holter_endpoint(request: pytest.FixtureRequest, holter: Witness) -> str:
    """The URL of an endpoint that answers from the test's cassette; boto3 is led there by the environment."""
    del holter  # asked for so that it is begun before
    return _run(request, "holter_endpoint").url


@pytest.fixture
def holter_proxy(request: pytest.FixtureRequest, holter: Unseen) -> Proxy | None:
    """The URL and the CA of a proxy that answers from the test's cassette; clients are led there."""
    del holter
    return _run(request, "holter_proxy").proxy


def _way(request: pytest.FixtureRequest) -> str:
    asked = [name for name in ("holter_endpoint", "holter_proxy") if name in request.fixturenames]
    if len(asked) > 1:
        pytest.fail("holter: a test goes over holter_endpoint or over holter_proxy, not both", pytrace=False)
    return asked[0] if asked else ""


def _run(request: pytest.FixtureRequest, way: str) -> Run:
    run: Run = request.node.stash[_RUN]
    if run.way != way:
        pytest.fail(
            f"holter: {way} must be among the arguments of the test or of its fixtures", pytrace=False
        )
    return run


def _said(request: pytest.FixtureRequest) -> dict[str, Said]:
    """Return what is asked for: by the ini file, over that by the markers, over that by the command."""
    from holter.testing import place
    from holter.testing.wanted import Said

    config, said = request.config, dict[str, Said]()
    for name in SETTINGS:
        if (value := config.getini(f"holter_{name}")) is not None:
            said[name] = Said(f"holter_{name}", value)
    for marker in reversed(list(request.node.iter_markers("holter"))):
        said.update({name: Said(name, value) for name, value in marker.kwargs.items() if value is not None})
    if (plan := said.get("faults")) and (file := request.node.path.parent / str(plan.value)).is_file():
        said["faults"] = plan._replace(value=place.shown(str(file)))
    if mode := config.getoption("--holter-mode"):
        said["mode"] = Said("--holter-mode", mode)
    return said


def _paths(request: pytest.FixtureRequest) -> list[str]:
    from holter.errors import UsageError
    from holter.testing import place

    item, config = request.node, request.config
    named = next((marker.args for marker in item.iter_markers("holter") if marker.args), ())
    for path in named:
        if not isinstance(path, str | os.PathLike):
            raise UsageError(f"{path!r} is no path of a cassette")
    if named:
        return [place.named(item.path, os.fspath(path)) for path in named]
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    folder = config.getini("holter_cassette_dir")
    return [place.default(item.path, [*classes, item.name], root=config.rootpath, folder=folder)]


def _record(request: pytest.FixtureRequest) -> str:
    return f"pytest --holter-mode once {shlex.quote(request.node.nodeid)}"


@contextmanager
def _one_line(item: pytest.Item) -> Iterator[None]:
    """Tell an error that Holter raises on purpose as what it is: one line, where it belongs."""
    from holter.errors import HolterError

    try:
        yield
    except HolterError as why:
        path, line, _ = item.location
        said = f"{path}:{(line or 0) + 1}: holter: {why}"
        raise pytest.fail.Exception(said, pytrace=False) from None
