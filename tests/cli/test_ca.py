"""`holter ca`, as a user would call it."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from tests.processes import holter_run

from holter.sandbox import certificate

ENDS = "the certificate authority ends on {}: take another with holter ca import --replace"


def told(home: Path, *arguments: str) -> str:
    ended = holter_run("ca", *arguments, home=home, cwd=home)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refused(home: Path, *arguments: str) -> str:
    ended = holter_run("ca", *arguments, home=home, cwd=home)
    last = ended.stderr.splitlines()[-1]
    assert (ended.returncode, ended.stdout) == (2, "")
    assert last.startswith("holter: ")
    return last


def test_its_path_is_on_stdout_and_its_end_on_stderr(tmp_path: Path) -> None:
    ended = holter_run("ca", "path", home=tmp_path)
    path = Path(ended.stdout.strip())

    assert path == tmp_path / "ca" / "mitmproxy-ca-cert.pem"
    assert ssl.create_default_context(cafile=str(path)).cert_store_stats()["x509_ca"] == 1
    year = (datetime.now(UTC) + timedelta(days=365 * 9)).year
    assert ended.stderr.startswith("holter: valid until 20")
    assert int(ended.stderr.split()[-1][:4]) >= year


def test_it_is_exported_in_every_form_and_never_with_its_key(tmp_path: Path) -> None:
    pem = told(tmp_path, "export")
    assert pem == Path(told(tmp_path, "path").strip()).read_text()
    for kind in ("pem", "der", "p12"):
        assert told(tmp_path, "export", "--format", kind, "-o", f"out.{kind}") == ""

    assert (tmp_path / "out.pem").read_text().strip() == pem.strip()
    assert ssl.DER_cert_to_PEM_cert((tmp_path / "out.der").read_bytes()).split() == pem.split()
    assert all(b"PRIVATE" not in (tmp_path / f"out.{kind}").read_bytes() for kind in ("pem", "der", "p12"))


def test_java_reads_the_store_that_is_exported(tmp_path: Path) -> None:
    if not shutil.which("keytool"):
        pytest.skip("needs keytool (default-jdk-headless)")
    told(tmp_path, "export", "--format", "jks", "-o", "out.jks")
    command = ["keytool", "-list", "-keystore", str(tmp_path / "out.jks"), "-storepass", "changeit"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "Keystore type: JKS" in listed
    assert [line.partition(",")[0] for line in listed.splitlines() if "trustedCert" in line] == ["holter"]


def test_help_names_the_files_that_are_there(tmp_path: Path) -> None:
    text = told(tmp_path, "trust-help")

    for name in ("mitmproxy-ca-cert.pem", "bundle.pem"):
        assert f"{tmp_path}/ca/{name}" in text
        assert (tmp_path / "ca" / name).is_file()


def own(folder: Path, days: int) -> tuple[str, str]:
    """An authority that ends soon."""
    arguments = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Example Corp"),
        *("-days", str(days), "-keyout", str(folder / "own.key"), "-out", str(folder / "own.pem")),
    ]
    subprocess.run(arguments, capture_output=True, check=True)
    return str(folder / "own.pem"), str(folder / "own.key")


def test_an_authority_of_ones_own_is_taken_and_its_near_end_is_told(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here: tests/mitm/test_authority makes one without it")
    cert, key = own(tmp_path, 20)
    path = told(tmp_path, "import", "--cert", cert, "--key", key).strip()
    again = holter_run("ca", "path", home=tmp_path)

    assert Path(path).read_text() == Path(cert).read_text()
    ends = f"{x509.load_pem_x509_certificate(Path(cert).read_bytes()).not_valid_after_utc:%Y-%m-%d}"
    assert again.stderr == f"holter: {ENDS.format(ends)}\n"
    recorded = holter_run("record", "-o", str(tmp_path / "run.yaml"), "--", "true", home=tmp_path)
    assert recorded.stderr.splitlines()[0] == f"holter: {ENDS.format(ends)}"
    assert "holds an authority already: --replace it" in refused(
        tmp_path, "import", "--cert", cert, "--key", key
    )
    assert told(tmp_path, "import", "--replace", "--cert", cert, "--key", key).strip() == path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "--format", "der"], "--format der: say where to with -o FILE"),
        (["export", "--format", "x"], "'x' is not one of 'pem'"),
        (["export", "-o", "taken"], "taken: exists already"),
        (["export", "-o", "no/such/file"], "no/such/file: cannot be written: No such file or directory"),
        (["import", "--cert", "none", "--key", "none"], "--cert: none: no such file"),
        (["import", "--cert", "leaf.pem", "--key", "leaf.pem"], "leaf.pem: is no certificate authority"),
        (["import", "--cert", "leaf.pem"], "Missing option '--key'"),
    ],
)
def test_bad_input_gets_one_line(tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "taken").write_text("precious")
    made = certificate.make(["localhost"], datetime.now(UTC))
    (tmp_path / "leaf.pem").write_bytes(made.chain + made.key)

    assert says in refused(tmp_path, *arguments)
    assert (tmp_path / "taken").read_text() == "precious"


def test_jks_without_java_says_what_is_missing(tmp_path: Path) -> None:
    ended = holter_run(
        "ca", "export", "--format", "jks", "-o", "x", home=tmp_path, PATH=str(tmp_path), JAVA_HOME=""
    )

    assert ended.returncode == 2
    assert "--format jks: needs keytool" in ended.stderr
