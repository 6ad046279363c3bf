from __future__ import annotations

from pathlib import Path

from tests.processes import holter_run


def test_the_path_leads_to_a_script_that_constructs_the_addon(tmp_path: Path) -> None:
    ended = holter_run("addon-path", home=tmp_path)
    script = Path(ended.stdout.strip())

    assert ended.returncode == 0
    assert script.name == "datapipeline.py"
    assert "script = Script()" in script.read_text()
