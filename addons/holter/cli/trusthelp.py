"""How each client is made to trust an authority."""

from __future__ import annotations

import shlex

from holter import clientenv

CLIENTS: dict[str, tuple[str, str]] = {
    "boto3, AWS CLI": ("AWS_CA_BUNDLE, or verify= / --ca-bundle", "export AWS_CA_BUNDLE={bundle}"),
    "JavaScript (Node)": (
        "NODE_EXTRA_CA_CERTS, read at its start",
        "export NODE_EXTRA_CA_CERTS={certificate}",
    ),
    "Go": ("AWS_CA_BUNDLE with AWS's SDK, else SSL_CERT_FILE", "export SSL_CERT_FILE={bundle}"),
    "Java, Task Runner": (
        "a trust store",
        "keytool -importcert -noprompt -alias holter -file {certificate} "
        f"-cacerts -storepass {clientenv.STORE_PASSWORD}",
    ),
    "Dart": (
        "the system's roots, or SecurityContext.setTrustedCertificates",
        "dart --root-certs-file={bundle} runner.dart",
    ),
    ".NET on Linux": ("SSL_CERT_FILE", "export SSL_CERT_FILE={bundle}"),
    ".NET on Windows": (
        "the user's store",
        "holter ca export --format der -o holter.cer, then: certutil -user -addstore Root holter.cer",
    ),
    "curl": ("CURL_CA_BUNDLE, or --cacert", "export CURL_CA_BUNDLE={bundle}"),
    "all of macOS": (
        "the login keychain",
        "security add-trusted-cert -k ~/Library/Keychains/login.keychain-db {certificate}",
    ),
    "all of Debian, Ubuntu": (
        "the system's roots",
        "sudo cp {certificate} /usr/local/share/ca-certificates/holter.crt && sudo update-ca-certificates",
    ),
    "all of Fedora, RHEL": (
        "the system's roots",
        "sudo cp {certificate} /etc/pki/ca-trust/source/anchors/holter.pem && sudo update-ca-trust",
    ),
}
"""Who, by what means, and the line to type. `bundle` holds the public roots too, for what replaces them."""


def lines(certificate: str, bundle: str) -> list[str]:
    """Return the help, with the paths of this machine in it."""
    paths = {"certificate": shlex.quote(certificate), "bundle": shlex.quote(bundle)}
    width = max(len(client) for client in CLIENTS)
    return [
        "holter record -- COMMAND and the lines of holter env do all this by themselves.",
        *(
            line
            for client, (means, example) in CLIENTS.items()
            for line in ("", f"{client:<{width}}  {means}", f"  {example.format(**paths)}")
        ),
    ]
