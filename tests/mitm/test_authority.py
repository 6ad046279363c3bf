"""The certificate authority: made once, kept private, told in one line where it cannot be."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from holter.errors import UsageError
from holter.mitm import authority

ADDONS = Path(__file__).parents[2] / "addons"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.prepare(tmp_path_factory.mktemp("home") / "ca")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def pem(path: Path, *, folder: Path, name: str = "x.pem") -> str:
    (folder / name).write_bytes(path.read_bytes())
    return str(folder / name)


def test_only_its_owner_can_read_the_key(made: Path) -> None:
    assert mode(made.parent) == 0o700
    secret = [path for path in made.parent.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert {path.name for path in (*secret, made.parent / "mitmproxy-ca.p12")} == {
        "mitmproxy-ca.pem",
        "mitmproxy-ca.p12",
    }
    assert {mode(path) for path in (*secret, made.parent / "mitmproxy-ca.p12")} == {0o600}


def test_every_folder_that_is_made_is_its_owners_and_others_stay_as_they_are(tmp_path: Path) -> None:
    before, old = os.umask(0o022), tmp_path / "old"
    try:
        old.mkdir(mode=0o755)
        authority.prepare(old / "home" / "ca")
    finally:
        os.umask(before)

    assert [mode(path) for path in (old, old / "home", old / "home" / "ca")] == [0o755, 0o700, 0o700]


def test_a_key_that_others_could_read_is_closed_to_them(made: Path, tmp_path: Path) -> None:
    where = tmp_path / "ca"
    shutil.copytree(made.parent, where)
    where.chmod(0o755)
    keys = [where / "mitmproxy-ca.pem", where / "mitmproxy-ca.p12"]
    for path in (*keys, where / made.name):
        path.chmod(0o644)

    assert authority.prepare(where).read_bytes() == made.read_bytes()
    assert [mode(path) for path in keys] == [0o600, 0o600]
    assert [mode(path) for path in (where, where / made.name)] == [0o755, 0o644]


def test_the_certificate_is_one_that_clients_can_load_and_without_its_key(made: Path) -> None:
    assert ssl.create_default_context(cafile=str(made)).cert_store_stats()["x509_ca"] >= 1
    assert b"PRIVATE" not in made.read_bytes()


def test_it_is_made_once(made: Path) -> None:
    before = (made.parent / "mitmproxy-ca.pem").read_bytes()

    assert authority.prepare(made.parent) == made
    assert (made.parent / "mitmproxy-ca.pem").read_bytes() == before


def test_under_parallel_starts_there_is_one_authority(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from holter.mitm import authority\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
        "sys.stdout.write(authority.prepare(pathlib.Path(sys.argv[1])).read_text())\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "deep" / "ca")]
    environment = {**os.environ, "PYTHONPATH": str(ADDONS)}
    started = [
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    ended = [process.communicate(timeout=60) for process in started]

    assert [process.returncode for process in started] == [0] * 4, ended
    assert len({out for out, _ in ended}) == 1
    assert ended[0][0] == (tmp_path / "deep" / "ca" / "mitmproxy-ca-cert.pem").read_text()
    assert mode(tmp_path / "deep" / "ca" / "mitmproxy-ca.pem") == 0o600


def refusal(where: Path) -> str:
    with pytest.raises(UsageError) as caught:
        authority.prepare(where)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{where}: ")
    return str(caught.value)


@pytest.mark.parametrize("left", ["mitmproxy-ca.pem", "mitmproxy-ca-cert.pem"])
def test_what_a_kill_in_the_middle_of_the_making_left_is_made_anew(tmp_path: Path, left: str) -> None:
    first = authority.prepare(tmp_path / "ca").read_bytes()
    for path in (tmp_path / "ca").iterdir():
        if path.name != left:
            path.unlink()

    again = authority.prepare(tmp_path / "ca")

    assert again.read_bytes() != first
    assert authority.prepare(tmp_path / "ca").read_bytes() == again.read_bytes()
    assert not list((tmp_path / "ca").glob(".making-*"))


def test_a_file_in_the_folders_place_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("")

    assert "cannot keep the certificate authority there (File exists): set HOLTER_HOME" in refusal(
        tmp_path / "ca"
    )
    assert "(Not a directory): set HOLTER_HOME" in refusal(tmp_path / "ca" / "deeper")


def test_an_unwritable_folder_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "ca").mkdir(mode=0o500)
    if os.geteuid() == 0:  # root writes anywhere but where the lock cannot be a file
        (tmp_path / "ca").chmod(0o700)
        (tmp_path / "ca" / ".lock").mkdir()

    assert "set HOLTER_HOME" in refusal(tmp_path / "ca")


@pytest.mark.parametrize("kept", [0, 100, 900])
def test_a_damaged_authority_gets_one_line(made: Path, tmp_path: Path, kept: int) -> None:
    (tmp_path / "mitmproxy-ca.pem").write_bytes((made.parent / "mitmproxy-ca.pem").read_bytes()[:kept])
    (tmp_path / made.name).write_bytes(made.read_bytes())

    assert refusal(tmp_path).endswith("the certificate authority there is damaged: remove the folder")


def test_it_is_kept_in_the_users_data_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLTER_HOME", "/somewhere")
    assert authority.folder() == Path("/somewhere/ca")
    monkeypatch.delenv("HOLTER_HOME")
    assert authority.folder().parts[-2:] == ("holter", "ca")
    assert Path.home() in authority.folder().parents


def certificates(text: str) -> int:
    return text.count("BEGIN CERTIFICATE")


def test_a_bundle_holds_public_roots_the_systems_own_and_holter(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "system.pem").write_text(f"# a comment\n{fake('system')}\n")
    monkeypatch.setattr(authority, "SYSTEM", (str(tmp_path / "gone.pem"), str(tmp_path / "system.pem")))
    text = authority.bundle(made, [])

    public = Path(certifi.where()).read_text()
    assert set(blocks(text)) == {*blocks(public), fake("system"), *blocks(made.read_text())}
    assert "#" not in text


def test_a_client_loads_the_bundle_of_this_machine(made: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle.pem").write_text(authority.bundle(made, []))

    assert ssl.create_default_context(cafile=str(tmp_path / "bundle.pem")).cert_store_stats()["x509_ca"] > 1


def fake(name: str, kind: str = "CERTIFICATE") -> str:
    return f"-----BEGIN {kind}-----\n{name}\n-----END {kind}-----"


def blocks(text: str) -> list[str]:
    end = "-----END CERTIFICATE-----"
    return [part[part.index("-----BEGIN") :] + end for part in text.split(end)[:-1]]


def test_a_bundle_holds_everything_that_was_trusted_already_and_each_once(made: Path, tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_text(fake("one"))
    (tmp_path / "two.pem").write_text(
        f"{fake('two')}\n\n{fake('one')}\n{fake('three', 'TRUSTED CERTIFICATE')}"
    )
    named = [str(tmp_path / name) for name in ("one.pem", "gone.pem", "two.pem")]
    text = authority.bundle(made, named)

    assert f"{fake('one')}\n{fake('two')}\n{fake('three', 'TRUSTED CERTIFICATE')}\n" in text
    assert certificates(text) == certificates(authority.bundle(made, [])) + 2
    assert text.endswith(made.read_text().rstrip() + "\n")
    assert authority.roots(named) + made.read_text().rstrip() + "\n" == text


def test_a_bundle_for_clients_started_by_hand_is_kept(made: Path) -> None:
    kept = authority.keep_bundle(made, [])

    assert kept == made.parent / "bundle.pem"
    assert kept.read_text() == authority.bundle(made, [])


def test_a_bundle_that_is_no_pem_gets_one_line(made: Path, tmp_path: Path) -> None:
    (tmp_path / "der.cer").write_bytes(b"\x30\x82\xff\xfe")

    with pytest.raises(UsageError, match=r"der\.cer: cannot be read as PEM certificates"):
        authority.bundle(made, [str(tmp_path / "der.cer")])


def signs(certificates: bool) -> x509.KeyUsage:
    """A key that signs certificates, or only other things."""
    names = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
    more = ("encipher_only", "decipher_only")
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=certificates, **dict.fromkeys((*names, *more), False)
    )


def own(
    folder: Path, *, ca: bool = True, certificates: bool = True, days: int = 30, key: Any = None
) -> tuple[Path, Path, Any]:
    """An authority of the user's: certificate, key, and the key itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Corp")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(signs(certificates), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signed = builder.sign(key, hashes.SHA256())
    (folder / "own.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "own.key").write_bytes(in_pem(key, serialization.NoEncryption()))
    return folder / "own.pem", folder / "own.key", key


def in_pem(key: Any, encryption: serialization.KeySerializationEncryption) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    made: bytes = key.private_bytes(serialization.Encoding.PEM, form, encryption)
    return made


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_an_authority_of_ones_own_takes_the_place_of_ours(tmp_path: Path, kind: str) -> None:
    where = tmp_path / "ca"
    ours = authority.prepare(where).read_bytes()
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else None
    certificate, private, _ = own(tmp_path, key=key)

    taken = authority.adopt(where, certificate, private)

    assert authority.exists(where)
    assert taken.read_bytes() != ours
    assert taken.read_bytes() == certificate.read_bytes() == authority.prepare(where).read_bytes()
    assert mode(where / "mitmproxy-ca.pem") == 0o600
    assert not (where / "mitmproxy-ca-cert.p12").exists()
    assert abs(authority.expires(taken) - datetime.now(UTC) - timedelta(days=30)) < timedelta(hours=1)


def refused(folder: Path, certificate: Path, key: Path) -> str:
    with pytest.raises(UsageError) as caught:
        authority.adopt(folder / "ca", certificate, key)
    assert "\n" not in str(caught.value)
    assert not authority.exists(folder / "ca")
    return str(caught.value)


def test_what_is_no_authority_is_refused(tmp_path: Path) -> None:
    for wrong in ({"ca": False}, {"certificates": False}):
        certificate, key, private = own(tmp_path, **wrong)
        assert "may not sign certificates of others" in refused(tmp_path, certificate, key)

    certificate, key, _ = own(tmp_path)
    key.write_bytes(in_pem(private, serialization.NoEncryption()))
    assert refused(tmp_path, certificate, key) == f"{key}: is not the key of {certificate}"

    key.write_bytes(in_pem(private, serialization.BestAvailableEncryption(b"secret")))
    assert "the key is encrypted: give it in the clear (openssl pkey" in refused(tmp_path, certificate, key)

    key.write_bytes(in_pem(ed25519.Ed25519PrivateKey.generate(), serialization.NoEncryption()))
    assert "neither of RSA nor of an elliptic curve" in refused(tmp_path, certificate, key)

    key.write_text("no key")
    assert f"{key}: cannot be read as a private key in PEM" in refused(tmp_path, certificate, key)

    certificate.write_text("no certificate")
    assert refused(tmp_path, certificate, key) == f"{certificate}: holds no certificate in PEM"


def test_one_that_has_expired_is_refused_with_its_date(tmp_path: Path) -> None:
    certificate, key, _ = own(tmp_path, days=-3)
    date = f"{authority.expires(certificate):%Y-%m-%d}"
    assert refused(tmp_path, certificate, key) == f"{certificate}: has expired on {date}"

    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mitmproxy-ca-cert.pem").write_bytes(certificate.read_bytes())
    (tmp_path / "kept" / "mitmproxy-ca.pem").write_bytes(key.read_bytes() + certificate.read_bytes())
    assert f"has expired on {date}: remove the folder, or take another" in refusal(tmp_path / "kept")


def test_the_certificate_in_other_forms_is_without_its_key(made: Path) -> None:
    der = authority.encoded(made, "der")
    _, _, kept = pkcs12.load_key_and_certificates(authority.encoded(made, "p12"), None)

    assert x509.load_der_x509_certificate(der) == x509.load_pem_x509_certificate(made.read_bytes())
    assert kept == [x509.load_der_x509_certificate(der)]
    assert authority.encoded(made, "pem").strip() == made.read_bytes().strip()
