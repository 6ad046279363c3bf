"""The certificate authority under which Holter looks into a runner's connections to Data Pipeline."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import certifi
import platformdirs
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from mitmproxy.certs import CertStore

from holter.errors import UsageError

NAME = "mitmproxy"
_KEY_BITS = 2048
_SOON_DAYS = 30

SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL, Amazon Linux
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine, the BSDs
)
"""Where systems keep the roots that they trust; the first that is there counts, as in Go's crypto/x509."""

_BLOCK = re.compile(
    r"-----BEGIN (?P<kind>(?:TRUSTED |X509 )?CERTIFICATE)-----.+?-----END (?P=kind)-----", re.DOTALL
)


def folder() -> Path:
    """Return where the authority is kept: `$HOLTER_HOME/ca`, else in the user's data folder."""
    home = os.environ.get("HOLTER_HOME")
    return (Path(home) if home else Path(platformdirs.user_data_dir("holter", appauthor=False))) / "ca"


def prepare(where: Path) -> Path:
    """Make the authority unless it is there, once even under parallel starts; return its certificate.

    `UsageError` tells that it cannot be kept there, is damaged or has expired.
    """
    with held(where):
        if not (_key(where).exists() and _certificate(where).exists()):
            _make(where)
        _close(_key(where))
        _close(where / f"{NAME}-ca.p12")
        try:
            CertStore.from_store(where, NAME, _KEY_BITS)
            until = expires(_certificate(where))
        except ValueError:
            raise UsageError(
                f"{where}: the certificate authority there is damaged: remove the folder"
            ) from None
    if until < datetime.now(UTC):
        raise UsageError(
            f"{where}: the certificate authority there has expired on {until:%Y-%m-%d}: remove the folder, "
            "or take another with holter ca import --replace"
        )
    return _certificate(where)


def adopt(where: Path, certificate: Path, key: Path) -> Path:
    """Take an authority of the user's own in place of any that is there; return its certificate.

    The file may hold the chain up to its root behind the certificate. `UsageError` says why it cannot be.
    """
    chain = list(_blocks(_pem(str(certificate))))
    if not chain:
        raise UsageError(f"{certificate}: holds no certificate in PEM")
    private = _private(key)
    first = _able(certificate, chain[0])
    if _public(first.public_key()) != _public(private.public_key()):
        raise UsageError(f"{key}: is not the key of {certificate}")
    plain = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
    together = "\n".join(chain) + "\n"
    with held(where):
        _key(where).unlink(missing_ok=True)
        for path in where.glob(f"{NAME}-ca-cert.*"):
            path.unlink()
        for path, text in ((_certificate(where), together), (_key(where), plain + together)):
            _write(path, text)
    return prepare(where)


def exists(where: Path) -> bool:
    """Tell whether an authority is kept there."""
    return _key(where).exists()


def encoded(certificate: Path, kind: str) -> bytes:
    """Return the certificate as pem, der or p12, without its key."""
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    if kind == "p12":
        return pkcs12.serialize_key_and_certificates(None, None, None, [found], serialization.NoEncryption())
    kinds = {"pem": serialization.Encoding.PEM, "der": serialization.Encoding.DER}
    return found.public_bytes(kinds[kind])


def expires(certificate: Path) -> datetime:
    """Return when the authority's certificate ends. `ValueError` if it is none."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def ending(certificate: Path) -> str | None:
    """Return a line that tells that the authority ends within a month, or None."""
    until = expires(certificate)
    days = (until - datetime.now(UTC)).days
    if days > _SOON_DAYS:
        return None
    return f"the certificate authority ends on {until:%Y-%m-%d}: take another with holter ca import --replace"


@contextmanager
def held(where: Path) -> Iterator[None]:
    """Hold the folder for ourselves alone."""
    try:
        _own(where)
        with open(where / ".lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as why:
        raise UsageError(
            f"{where}: cannot keep the certificate authority there ({why.strerror}): set HOLTER_HOME"
        ) from None


def _own(folder: Path) -> None:
    """Make a folder for its owner alone, and likewise those above it that are not there."""
    if not folder.parent.exists():
        _own(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _close(path: Path) -> None:
    """Let nobody but its owner read a key."""
    if path.exists() and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _private(path: Path) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(found, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ValueError("it is neither of RSA nor of an elliptic curve")
        return found
    except TypeError:
        raise UsageError(
            f"{path}: the key is encrypted: give it in the clear (openssl pkey -in {path} -out FILE)"
        ) from None
    except (OSError, ValueError) as why:
        raise UsageError(f"{path}: cannot be read as a private key in PEM: {_words(why)}") from None


def _able(path: Path, block: str) -> x509.Certificate:
    """Return a certificate that may sign others; `UsageError` says why it may not."""
    try:
        found = x509.load_pem_x509_certificate(block.encode())
        constraints = [extension.value for extension in found.extensions]
    except ValueError as why:
        raise UsageError(f"{path}: cannot be read as a certificate: {_words(why)}") from None
    authority = any(isinstance(one, x509.BasicConstraints) and one.ca for one in constraints)
    if not authority or any(isinstance(one, x509.KeyUsage) and not one.key_cert_sign for one in constraints):
        raise UsageError(f"{path}: is no certificate authority: it may not sign certificates of others")
    if found.not_valid_after_utc < datetime.now(UTC):
        raise UsageError(f"{path}: has expired on {found.not_valid_after_utc:%Y-%m-%d}")
    return found


def _public(key: Any) -> bytes:
    found: bytes = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return found


def _words(why: Exception) -> str:
    if isinstance(why, OSError) and why.strerror:
        return why.strerror
    return str(why).partition(".")[0] or type(why).__name__


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


def _key(where: Path) -> Path:
    return where / f"{NAME}-ca.pem"


def _certificate(where: Path) -> Path:
    return where / f"{NAME}-ca-cert.pem"


def _make(where: Path) -> None:
    """Make the authority beside its place and move it there, the key last: a kill leaves none, not half."""
    _key(where).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=where, prefix=".making-") as fresh:
        CertStore.create_store(Path(fresh), NAME, _KEY_BITS)
        for path in sorted(Path(fresh).iterdir(), key=lambda path: path.name == _key(where).name):
            path.replace(where / path.name)


def roots(already: Iterable[str]) -> str:
    """Return the PEM of all that this machine trusts: public roots, the system's own, and the named files.

    A file that is not there was of no use until now either.
    """
    system = next((path for path in SYSTEM if Path(path).is_file()), None)
    paths = [
        certifi.where(),
        *([system] if system else []),
        *(path for path in already if Path(path).is_file()),
    ]
    return _joined(_pem(path) for path in dict.fromkeys(paths))


def bundle(authority: Path, already: Iterable[str]) -> str:
    """Return the PEM of all that a client is to trust: what this machine trusts already, and Holter.

    The roots are always in it: the variables that name the bundle are also read by programs that trusted
    just these until now.
    """
    return _joined((roots(already), _pem(str(authority))))


def keep_bundle(authority: Path, already: Iterable[str]) -> Path:
    """Keep the bundle beside the authority, for clients that are started by hand; return its path."""
    path = authority.parent / "bundle.pem"
    with held(authority.parent):
        _write(path, bundle(authority, already))
    return path


def _joined(texts: Iterable[str]) -> str:
    """Join PEM texts, each certificate once; what is around them is comment."""
    blocks = dict.fromkeys(block for text in texts for block in _blocks(text))
    return "".join(f"{block}\n" for block in blocks)


def _blocks(text: str) -> Iterator[str]:
    return (found.group() for found in _BLOCK.finditer(text))


def _pem(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"{path}: cannot be read as PEM certificates: {why}") from None
