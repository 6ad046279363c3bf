from __future__ import annotations

import inspect
import re

import pytest

from holter import errors
from holter.errors import CommandNotStartedError, HolterError, MissingExtraError

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, HolterError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_is_one_that_the_command_knows_and_stands_in_the_tree(kind: type[HolterError]) -> None:
    assert kind.exit_code == (3 if kind is CommandNotStartedError else 2)
    assert re.search(rf"\b{kind.__name__}\b", errors.__doc__ or "")


def test_the_tree_draws_no_error_that_is_not_there() -> None:
    drawn = set(re.findall(r"\b\w+Error\b", errors.__doc__ or ""))
    assert drawn == {kind.__name__ for kind in ALL}


def test_a_missing_extra_says_what_to_install() -> None:
    assert str(MissingExtraError("holter runner", "proxy", "botocore")) == (
        "holter runner needs botocore, which is not installed: pip install 'holter[proxy]'"
    )
