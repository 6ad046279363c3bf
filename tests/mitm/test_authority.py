"""The certificate authority: made once, kept private, told in one line where it cannot be."""

from __future__ import annotations

import os
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import certifi
import pytest

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


def test_a_bundle_holds_public_roots_and_holter(made: Path, tmp_path: Path) -> None:
    text = authority.bundle(made, [])
    (tmp_path / "bundle.pem").write_text(text)

    assert certificates(text) == certificates(Path(certifi.where()).read_text()) + 1
    assert made.read_text().strip() in text
    assert ssl.create_default_context(cafile=str(tmp_path / "bundle.pem")).cert_store_stats()["x509_ca"] > 1


def test_a_bundle_holds_everything_that_was_trusted_already(made: Path, tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_text("-----BEGIN CERTIFICATE-----\none\n-----END CERTIFICATE-----")
    (tmp_path / "two.pem").write_text("-----BEGIN CERTIFICATE-----\ntwo\n-----END CERTIFICATE-----\n\n")
    named = [str(tmp_path / name) for name in ("one.pem", "gone.pem", "two.pem")]
    text = authority.bundle(made, named)

    assert "\none\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\ntwo\n" in text
    assert certificates(text) == certificates(authority.bundle(made, [])) + 2
    assert text.endswith(made.read_text().rstrip() + "\n")


def test_a_bundle_that_is_no_pem_gets_one_line(made: Path, tmp_path: Path) -> None:
    (tmp_path / "der.cer").write_bytes(b"\x30\x82\xff\xfe")

    with pytest.raises(UsageError, match=r"der\.cer: cannot be read as PEM certificates"):
        authority.bundle(made, [str(tmp_path / "der.cer")])
