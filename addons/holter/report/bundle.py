"""Several modules of JavaScript as one, in the order in which they need each other.

It understands what the page's own modules say, and refuses all else: named imports from files beside them,
and exports of functions, classes and constants, each at the beginning of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_IMPORT = re.compile(
    r'^import\s+(?:(?:\{(?P<names>[^}]*)\}|\*\s+as\s+(?P<whole>\w+))\s+from\s+)?"\./(?P<file>[a-z0-9_-]+\.js)";$',
    re.MULTILINE,
)
_DECLARED = re.compile(r"^export\s+(?=(?:async\s+function\*?|function\*?|class|const)\s+(\w+))", re.MULTILINE)
_LISTED = re.compile(r"^export\s*\{([^}]*)\};$", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LEFT = re.compile(r"^(?:import|export)\b.*$|\bimport\s*\(|\bimport\.meta\b", re.MULTILINE)


def bundled(entry: str, modules: Mapping[str, str]) -> str:
    """Return one script that does what the module `entry` does; `ValueError` says what is not understood."""
    return "".join(_wrapped(name, modules[name]) for name in _ordered(entry, modules))


def _ordered(entry: str, modules: Mapping[str, str]) -> list[str]:
    """Return a module and all that it needs, each after those that it needs itself."""
    done: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"modules need each other in a circle: {' -> '.join((*path, name))}")
        if name not in modules:
            raise ValueError(f"{path[-1] if path else entry}: there is no module {name}")
        if name not in done:
            for found in _IMPORT.finditer(modules[name]):
                visit(found["file"], (*path, name))
            done[name] = None

    visit(entry, ())
    return [*done]


def _wrapped(name: str, source: str) -> str:
    """Return a module as a function that is called at once, and gives what the module exports."""
    given: list[str] = [*_DECLARED.findall(source)]
    for found in _LISTED.finditer(source):
        given += [f"{outer}: {inner}" for inner, outer in _pairs(found[1])]
    body = _LISTED.sub("", _DECLARED.sub("", _IMPORT.sub(_taken, source)))
    if left := _LEFT.search(_COMMENT.sub("", body)):
        raise ValueError(f"{name}: is not understood: {left[0]}")
    return f"const {_variable(name)} = (() => {{\n{body.strip()}\nreturn {{ {', '.join(given)} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    """Return an import as constants that are taken from what a module gave."""
    variable = _variable(found["file"])
    if found["whole"]:
        return f"const {found['whole']} = {variable};"
    if found["names"] is None:
        return ""
    names = (inner if inner == outer else f"{inner}: {outer}" for inner, outer in _pairs(found["names"]))
    return f"const {{ {', '.join(names)} }} = {variable};"


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names in braces: as they are called there, and as they are called here."""
    for part in filter(None, (part.strip() for part in text.split(","))):
        inner, _, outer = part.partition(" as ")
        yield inner.strip(), (outer or inner).strip()


def _variable(file: str) -> str:
    return "$" + re.sub(r"\W", "_", file.removesuffix(".js"))
