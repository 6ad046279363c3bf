"""`holter env`: the variables that lead a client to a proxy, for pasting."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from holter import clientenv
from holter.cli import keystore
from holter.cli.ca import loaded
from holter.cli.options import options
from holter.cli.run import led
from holter.cli.shells import SHELLS
from holter.errors import UsageError
from holter.settings import SETTINGS


@click.command(short_help="Print what leads a client to a running proxy.")
@click.option(
    "--shell",
    type=click.Choice(list(SHELLS)),
    default="sh",
    show_default=True,
    help="For which shell, container, service or command line.",
)
@click.option("--reverse", is_flag=True, help="For a proxy that was started with --upstream.")
@options(
    replace(SETTINGS["listen"], help="Where the proxy listens."),
    replace(SETTINGS["port_file"], help="Where the proxy wrote its port."),
    replace(SETTINGS["host"], help="A host that the proxy records too, so that it is not reached directly."),
)
def command(
    *, shell: str, reverse: bool, listen: tuple[str, int], port_file: str | None, host: tuple[str, ...]
) -> None:
    """Print what leads a client to a proxy that runs: eval "$(holter env --listen 127.0.0.1:8080)".

    The proxy is at --listen, or at the port that it wrote to --port-file. In forward mode the client is
    also told whom to trust, in a file that is kept beside the authority; the roots that this machine trusts
    are in it.
    """
    address = f"http://{_address(listen, port_file)}"
    if reverse:
        variables = clientenv.reverse(address, os.environ)
    else:
        authority = loaded("holter env")
        certificate = authority.prepare(authority.folder())
        bundle = authority.keep_bundle(certificate, clientenv.trusted(os.environ))
        store = keystore.kept(certificate, os.environ)
        if store is None and shell == "java":
            raise UsageError(
                "--shell java: needs keytool, which comes with Java (JAVA_HOME, PATH); or --reverse"
            )
        variables = led(address, str(bundle), store, host)
    for line in SHELLS[shell](variables):
        click.echo(line)


def _address(listen: tuple[str, int], port_file: str | None) -> str:
    host, port = listen
    if port_file:
        try:
            with open(port_file, encoding="ascii") as file:
                port = int(file.read())
        except (OSError, ValueError) as why:
            raise UsageError(f"--port-file: {port_file}: holds no port: {why}") from None
    if not port:
        raise UsageError("--listen: say where the proxy listens, such as --listen 127.0.0.1:8080")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
