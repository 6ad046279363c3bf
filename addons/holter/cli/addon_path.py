"""`holter addon-path`: where the script for stock mitmproxy lies."""

from __future__ import annotations

from pathlib import Path

import click

import holter


@click.command(short_help="Print the path of the script for mitmdump -s.")
def command() -> None:
    """Print the path of the script, for `mitmdump -s "$(holter addon-path)"`."""
    package = Path(holter.__file__).parent
    installed, checkout = package / "script" / "datapipeline.py", package.parent / "datapipeline.py"
    click.echo(installed if installed.is_file() else checkout)
