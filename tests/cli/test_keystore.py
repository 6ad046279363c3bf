"""A trust store, made by the real keytool and read by it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from holter.cli import keystore
from holter.errors import UsageError
from holter.mitm import authority

needs_java = pytest.mark.skipif(
    shutil.which("keytool") is None, reason="needs keytool (default-jdk-headless)"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.prepare(tmp_path_factory.mktemp("home") / "ca")


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **more}


def listed(store: Path, password: str = "changeit") -> list[str]:
    """The aliases in a store, as keytool tells them."""
    command = ["keytool", "-list", "-keystore", str(store), "-storepass", password]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.partition(",")[0] for line in told.splitlines() if "trustedCertEntry" in line]


@needs_java
def test_a_store_holds_what_java_trusts_and_us(certificate: Path) -> None:
    store = keystore.kept(certificate, environment())

    assert store is not None
    assert store.parent == certificate.parent
    aliases = listed(store)
    assert "holter" in aliases
    assert len(aliases) > 1


@needs_java
def test_it_is_made_once_and_anew_when_what_is_trusted_has_changed(certificate: Path, tmp_path: Path) -> None:
    first = keystore.kept(certificate, environment())
    assert first is not None
    made = first.stat().st_mtime_ns
    (tmp_path / certificate.name).write_bytes(certificate.read_bytes() + b"\n")

    assert keystore.kept(certificate, environment()) == first
    assert first.stat().st_mtime_ns == made
    other = keystore.kept(tmp_path / certificate.name, environment())
    assert other is not None
    assert other.name != first.name
    assert not list(tmp_path.glob(".making-*"))


@needs_java
@pytest.mark.parametrize("password", ["changeit", "of our own"])
def test_a_store_that_the_environment_names_is_taken_over(
    certificate: Path, tmp_path: Path, password: str
) -> None:
    theirs = tmp_path / "theirs store"
    command = ["keytool", "-importcert", "-noprompt", "-alias", "corp", "-file", str(certificate)]
    subprocess.run([*command, "-keystore", theirs, "-storepass", password], capture_output=True, check=True)
    options = f"-Xmx1g '-Djavax.net.ssl.trustStore={theirs}' '-Djavax.net.ssl.trustStorePassword={password}'"

    store = keystore.kept(certificate, environment(JAVA_TOOL_OPTIONS=options))

    assert store is not None
    assert sorted(listed(store)) == ["corp", "holter"]
    assert listed(theirs, password) == ["corp"]


@needs_java
def test_a_store_that_is_not_there_or_has_another_password_gets_one_line(
    certificate: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(UsageError, match=f"{gone}: cannot be made a trust store for Java: No such file"):
        keystore.kept(certificate, environment(JAVA_TOOL_OPTIONS=f"-Djavax.net.ssl.trustStore={gone}"))

    gone.write_text("no store")
    with pytest.raises(UsageError, match=r"keytool -importcert failed: .+") as caught:
        keystore.kept(certificate, environment(JAVA_TOOL_OPTIONS=f"-Djavax.net.ssl.trustStore={gone}"))
    assert "\n" not in str(caught.value)


def test_without_java_there_is_none(certificate: Path, tmp_path: Path) -> None:
    assert keystore.kept(certificate, {"PATH": str(tmp_path)}) is None
    assert keystore.keytool({"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path)}) is None


def test_the_keytool_of_java_home_comes_first(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "keytool"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)

    assert keystore.keytool(environment(JAVA_HOME=str(tmp_path))) == str(tool)
