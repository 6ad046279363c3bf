"""The command `holter`: one file a command, loaded only when it is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from holter import __version__
from holter.errors import HolterError

COMMANDS = {
    "demo": "Watch a runner lose its lease: everything on this machine, in 20 seconds.",
    "record": "Record and audit a runner's calls through a proxy.",
    "replay": "Answer a runner from recordings, without a service.",
    "audit": "Judge the heartbeats of recordings.",
    "show": "Show the calls of a recording.",
    "check": "Look for secrets and breaches of the protocol in recordings.",
    "convert": "Make a cassette of mitmproxy's flows, or of a cassette.",
    "sandbox": "Serve Data Pipeline on this machine, leases and all.",
    "runner": "Run the reference task runner.",
    "env": "Print what leads a client to a running proxy.",
    "ctl": "Look at a run that goes on, and change its faults.",
    "ca": "Show, export or replace Holter's certificate authority.",
    "addon-path": "Print the path of the script for mitmdump -s.",
}

_BRIEF = {"audit"}
"""Commands that read much, tell of it, and end: a search for cycles would only go through it all."""


class _Commands(click.Group):
    """A group that imports a command's file when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"holter.cli.{cmd_name.replace('-', '_')}")
        if cmd_name not in _BRIEF:
            gc.enable()  # holter.__main__ put it off
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="holter")
def holter() -> None:
    """Record and audit what an AWS Data Pipeline task runner says."""


def main() -> None:
    """Run the command; a known error is one line on stderr and its own exit code."""
    try:
        code = holter.main(prog_name="holter", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        help_wanted.show()
        sys.exit(2)
    except click.ClickException as wrong:
        click.echo(f"holter: {wrong.format_message()}", err=True)
        sys.exit(2)
    except HolterError as wrong:
        click.echo(f"holter: {wrong}", err=True)
        sys.exit(wrong.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    _leave(code if isinstance(code, int) else 0)


def _leave(code: int) -> None:
    """Exit; where mitmproxy ran, at once.

    All is written and closed by then, and the interpreter's own end now and then crashes (SIGSEGV, without a
    Python frame) over what is left of many TLS connections: the exit code would be the crash's.
    """
    if "mitmproxy" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
