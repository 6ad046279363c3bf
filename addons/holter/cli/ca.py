"""`holter ca`: the certificate authority under which Holter looks into a runner's connections."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from holter import clientenv
from holter.cli import keystore
from holter.cli.trusthelp import lines
from holter.errors import MissingExtraError, UsageError

FORMATS = ("pem", "der", "p12", "jks")


def loaded(what: str) -> Any:
    """Return the module of the authority; `MissingExtraError` without mitmproxy."""
    try:
        from holter.mitm import authority
    except ModuleNotFoundError as missing:
        raise MissingExtraError(what, "proxy", missing.name or "mitmproxy") from None
    return authority


def _prepared() -> Path:
    authority = loaded("holter ca")
    certificate: Path = authority.prepare(authority.folder())
    said = authority.ending(certificate) or f"valid until {authority.expires(certificate):%Y-%m-%d}"
    click.echo(f"holter: {said}", err=True)
    return certificate


@click.group(name="ca", short_help="Show, export or replace Holter's certificate authority.")
def command() -> None:
    """Show, export or replace Holter's certificate authority.

    It is made at the first need, kept in the user's data folder (HOLTER_HOME elsewhere) and readable by its
    owner alone. Clients that are started by holter record, or with the lines of holter env, trust it by
    their environment; nothing is installed in the system.
    """


@command.command(name="path", short_help="Print where its certificate is.")
def path_() -> None:
    """Print where its certificate is; until when it is valid, on stderr."""
    click.echo(_prepared())


@command.command()
@click.option("--format", "kind", type=click.Choice(FORMATS), default="pem", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Where to; pem goes to stdout without it.")
def export(kind: str, output: str | None) -> None:
    """Write its certificate, without the key.

    pem and der are plain certificates, p12 is PKCS #12 for Windows and macOS, jks is a trust store for Java,
    made by keytool; its password is changeit.
    """
    if output is None and kind != "pem":
        raise UsageError(f"--format {kind}: say where to with -o FILE")
    certificate = _prepared()
    if output is None:
        click.echo(certificate.read_text(encoding="utf-8"), nl=False)
        return
    if os.path.exists(output):
        raise UsageError(f"{output}: exists already: remove it, or write elsewhere")
    try:
        _export(certificate, kind, Path(output))
    except OSError as why:
        raise UsageError(f"{output}: cannot be written: {why.strerror}") from None


def _export(certificate: Path, kind: str, output: Path) -> None:
    if kind == "jks":
        tool = keystore.keytool(os.environ)
        if tool is None:
            raise UsageError("--format jks: needs keytool, which comes with Java (JAVA_HOME, PATH)")
        keystore.make(tool, certificate, output.absolute(), kind="JKS")
    else:
        output.write_bytes(loaded("holter ca").encoded(certificate, kind))


@command.command(name="trust-help", short_help="Print how each client is made to trust it.")
def trust_help() -> None:
    """Print, client by client, how to make it trust the authority where the environment does not do it."""
    certificate = _prepared()
    bundle = loaded("holter ca").keep_bundle(certificate, clientenv.trusted(os.environ))
    for line in lines(str(certificate), str(bundle)):
        click.echo(line)


@command.command(name="import", short_help="Take an authority of your own.")
@click.option("--cert", required=True, metavar="FILE", help="Its certificate in PEM, its chain behind it.")
@click.option("--key", required=True, metavar="FILE", help="Its key in PEM, not encrypted.")
@click.option("--replace", is_flag=True, help="Replace the authority that is there.")
def import_(cert: str, key: str, *, replace: bool) -> None:
    """Take an authority of your own, such as your company's, which clients trust already."""
    authority = loaded("holter ca")
    where: Path = authority.folder()
    if not replace and authority.exists(where):
        raise UsageError(f"{where}: holds an authority already: --replace it, or set HOLTER_HOME")
    for option, file in (("--cert", cert), ("--key", key)):
        if not os.path.isfile(file):
            raise UsageError(f"{option}: {file}: no such file")
    authority.adopt(where, Path(cert), Path(key))
    click.echo(_prepared())
