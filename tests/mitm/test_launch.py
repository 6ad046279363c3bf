"""Starting and ending the proxy in a running event loop."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from holter.errors import UsageError
from holter.mitm import authority, launch
from holter.mitm.addon import Proxy
from holter.mitm.launch import Launch, proxy
from holter.wayout import Parent

from .rig import HOST, authority_folder
from .test_authority import signs

BEHIND = Parent("http", "proxy.example", 3128, "user:password")


def asked(folder: Path, **more: Any) -> Launch:
    ca = authority.prepare(authority_folder(folder))
    return Launch(**{"listen": ("127.0.0.1", 0), "authority": ca, **more})


async def up(launch: Launch, told: list[str] | None = None) -> tuple[str, int]:
    """Start a proxy, look whether somebody listens, end it."""
    async with proxy(Proxy(), launch, (told if told is not None else []).append) as (host, port):
        _, writer = await asyncio.open_connection(host, port)
        writer.close()
        await writer.wait_closed()
    return host, port


def refused(launch: Launch) -> str:
    with pytest.raises(UsageError) as caught:
        asyncio.run(up(launch))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_listens_where_it_says_and_no_longer_when_it_has_ended(tmp_path: Path) -> None:
    host, port = asyncio.run(up(asked(tmp_path)))

    assert host == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port), 1).close()


def test_a_port_that_was_asked_for_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]

    assert asyncio.run(up(asked(tmp_path, listen=("127.0.0.1", free)))) == ("127.0.0.1", free)


def test_a_port_in_use_is_named_and_logging_works_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers = [list(logging.getLogger(name).handlers) for name in (None, "mitmproxy")]
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(asked(tmp_path, listen=("127.0.0.1", port)))
    logging.getLogger("anything").error("still here")

    assert said.startswith(f"--listen: 127.0.0.1:{port}: ")
    assert "in use" in said
    assert "still here" in caplog.messages
    assert capsys.readouterr().err == ""
    assert [list(logging.getLogger(name).handlers) for name in (None, "mitmproxy")] == handlers


def test_a_second_proxy_after_the_first_works_even_after_one_that_failed(tmp_path: Path) -> None:
    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            with pytest.raises(UsageError):
                await up(asked(tmp_path, listen=("127.0.0.1", other.getsockname()[1])))
            await up(asked(tmp_path))
            await up(asked(tmp_path))

    asyncio.run(main())
    asyncio.run(up(asked(tmp_path)))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"listen": ("no.such.host.invalid", 0)}, "--listen: no.such.host.invalid:0"),
        ({"listen": ("127.0.0.1", 70000)}, "--listen: 127.0.0.1:70000"),
        ({"upstream": "https://exa mple"}, "the proxy could not start: Invalid proxy mode"),
        ({"upstream": "http://h.example:99999999"}, "Invalid port: 99999999"),
    ],
)
def test_what_it_cannot_start_with_gets_one_line(tmp_path: Path, more: dict[str, Any], says: str) -> None:
    handlers = list(logging.getLogger().handlers)

    assert says in refused(asked(tmp_path, **more))
    assert logging.getLogger().handlers == handlers


def test_an_error_inside_ends_the_proxy_and_is_not_swallowed(tmp_path: Path) -> None:
    found: list[tuple[str, int]] = []
    told: list[str] = []

    async def main() -> None:
        async with proxy(Proxy(), asked(tmp_path), told.append) as address:
            found.append(address)
            raise RuntimeError("ours")

    with pytest.raises(RuntimeError, match="ours"):
        asyncio.run(main())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(found[0], 1).close()


def test_what_mitmproxy_warns_of_is_told_on_one_line_while_it_runs(tmp_path: Path) -> None:
    told: list[str] = []

    async def main() -> None:
        async with proxy(Proxy(), asked(tmp_path), told.append):
            logging.getLogger("mitmproxy.proxy.server").warning("a\n  b %s", "c")
            logging.getLogger("mitmproxy.proxy.server").info("not this")
            logging.getLogger("other").warning("nor this")
        logging.getLogger("mitmproxy").warning("nor that")

    asyncio.run(main())

    assert told == ["a b c"]


@pytest.mark.parametrize(
    ("more", "options"),
    [
        ({}, {}),
        ({"upstream": "https://h.example"}, {"mode": ["reverse:https://h.example"]}),
        ({"parent": BEHIND}, {"mode": ["upstream:http://proxy.example:3128"]}),
        ({"parent": BEHIND, "upstream": "https://h"}, {"mode": ["reverse:https://h"]}),
        ({"upstream_ca": "/x.pem"}, {"ssl_verify_upstream_trusted_ca": "/x.pem"}),
    ],
)
def test_the_host_header_is_kept_and_upstream_is_met_late(
    tmp_path: Path, more: dict[str, Any], options: dict[str, Any]
) -> None:
    made = asked(tmp_path, **more)

    assert launch._options(made) == {
        "listen_host": "127.0.0.1",
        "listen_port": 0,
        "confdir": str(made.authority.parent),
        "connection_strategy": "lazy",
        "keep_host_header": True,
        **options,
    }


def issued(name: str, key: Any, *, by: str, with_key: Any) -> x509.Certificate:
    """An authority's certificate, issued by another or by itself."""
    now = datetime.now(UTC)
    named, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, by))
    return (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(signs(True), critical=True)  # Python 3.13 refuses an authority without it
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(with_key.public_key()), critical=False
        )
        .sign(with_key, hashes.SHA256())
    )


def test_an_authority_of_a_company_is_trusted_by_its_root(tmp_path: Path) -> None:
    """The client knows only the root; what lies between comes with the handshake."""
    root, between = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    top = issued("Root", root, by="Root", with_key=root).public_bytes(serialization.Encoding.PEM)
    mine = issued("Between", between, by="Root", with_key=root).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "root.pem").write_bytes(top)
    (tmp_path / "chain.pem").write_bytes(mine + top)
    (tmp_path / "key.pem").write_bytes(
        between.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    ca = authority.adopt(tmp_path / "ca", tmp_path / "chain.pem", tmp_path / "key.pem")

    async def main() -> str:
        told: list[str] = []
        async with proxy(Proxy(), Launch(("127.0.0.1", 0), ca), told.append) as (host, port):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            trust = ssl.create_default_context(cafile=str(tmp_path / "root.pem"))
            await writer.start_tls(trust, server_hostname=HOST)
            names = dict(part[0] for part in writer.get_extra_info("peercert")["issuer"])
            writer.close()
            return str(names["commonName"])

    assert asyncio.run(main()) == "Between"
