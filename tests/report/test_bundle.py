"""Modules as one script, run by a real engine, and what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from holter.report.bundle import bundled
from holter.report.html import PAGE

MODULES = {
    "main.js": """\
import { Box, twice as double,
  NAMES } from "./parts.js";
import * as words from "./words.js";
import "./early.js";
const said = [double(4), new Box().size, NAMES, words.greet(), words.other, globalThis.early];
console.log(JSON.stringify(said));
""",
    "parts.js": """\
import { greet } from "./words.js";
export const NAMES = [greet()];
export class Box {
  size = 3;
}
export function twice(x) {
  return hidden(x);
}
/** Twice as much. @type {import("./words.js").Number} */
function hidden(x) {
  return 2 * x;
}
""",
    "words.js": """\
const hidden = "hi";
export async function* unused() {}
export function greet() {
  return hidden;
}
const inner = 7;
export { inner as other };
""",
    "early.js": "globalThis.early = true;\n",
    "unneeded.js": "throw new Error();\n",
}


def ran(script: str, folder: Path) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    file = folder / "script.mjs"
    file.write_text(script)
    done = subprocess.run([node, file], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_does_what_the_modules_do(tmp_path: Path) -> None:
    assert ran(bundled("main.js", MODULES), tmp_path) == [8, 3, ["hi"], "hi", 7, True]


def test_each_module_is_there_once_after_those_it_needs_and_others_are_not() -> None:
    script = bundled("main.js", MODULES)
    begun = [line.split()[1] for line in script.splitlines() if line.endswith("= (() => {")]

    assert begun == ["$words", "$parts", "$early", "$main"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("export default 3;\n", "main.js: is not understood: export default 3;"),
        ("export let x = 3;\n", "export let x"),
        ('import x from "./parts.js";\n', "import x from"),
        ('import { x } from "elsewhere";\n', "import { x }"),
        ('import { x } from "https://elsewhere/x.js";\n', "import { x }"),
        ('const x = () => import("./parts.js");\n', "import("),
        ('export * from "./parts.js";\n', "export *"),
        ("console.log(import.meta.url);\n", "import.meta"),
        ('import { x } from "./gone.js";\n', "main.js: there is no module gone.js"),
        ('import { x } from "./main.js";\n', "in a circle: main.js -> main.js"),
    ],
)
def test_what_is_not_understood_is_refused(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js") as refused:
        bundled("main.js", {**MODULES, "main.js": source})
    assert said in str(refused.value)


@pytest.mark.skipif(not (PAGE / "main.js").exists(), reason="the page's parts are not there yet")
def test_the_pages_own_modules_are_understood() -> None:
    modules = {file.name: file.read_text(encoding="utf-8") for file in PAGE.glob("*.js")}

    assert bundled("main.js", modules).count("= (() => {") >= 1
