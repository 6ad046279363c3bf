"""What `holter.cassette` offers to others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import environment

from holter import cassette


@pytest.mark.parametrize("name", cassette.__all__)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(cassette, name)

    assert name in dir(cassette)
    assert name == "NOTHING" or value.__doc__


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Reder'"):
        cassette.Reder  # noqa: B018 - the looking is the test


def test_the_package_alone_imports_nothing_of_itself(tmp_path: Path) -> None:
    code = (
        "import sys, holter.cassette\n"
        "assert not [name for name in sys.modules if name.startswith(('holter.cassette.', 'holter.wire'))]\n"
        "from holter.cassette import open_cassette\n"
        "assert not {'yaml', 'holter.cassette.writer', 'mitmproxy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(tmp_path), check=True, timeout=60)
