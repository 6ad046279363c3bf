from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from holter.cli.options import options
from holter.errors import UsageError
from holter.settings import SETTINGS


@click.command()
@options(*SETTINGS)
def everything(**values: object) -> None:
    click.echo(repr(values))


def test_every_setting_is_an_option_with_its_default_and_help() -> None:
    result = CliRunner().invoke(everything, [], standalone_mode=False)
    shown = CliRunner().invoke(everything, ["--help"]).output

    assert result.exception is None
    assert all(setting.option in shown for setting in SETTINGS.values())
    assert "'scale': 1.0" in result.output
    assert "'listen': ('127.0.0.1', 0)" in result.output
    assert "'connect_to': ()" in result.output
    assert "'strict': False" in result.output


def test_values_are_read_by_the_settings_own_reader() -> None:
    arguments = [
        "--scale",
        "0.5",
        "--listen",
        "[::1]:80",
        "--connect-to",
        "a:1:b:2",
        "--cancel-on",
        "3",
        "--strict",
    ]
    output = CliRunner().invoke(everything, arguments, standalone_mode=False).output

    assert "'scale': 0.5" in output
    assert "'listen': ('::1', 80)" in output
    assert "'connect_to': ((('a', 1), ('b', 2)),)" in output
    assert "'cancel_on': 3" in output
    assert "'strict': True" in output


def test_a_wrong_value_is_refused_in_the_settings_words() -> None:
    with pytest.raises(UsageError, match="--scale: 'x' is not a number above 0"):
        CliRunner().invoke(everything, ["--scale", "x"], standalone_mode=False, catch_exceptions=False)
