"""The environment that leads a client through Holter."""

from __future__ import annotations

import shlex
import urllib.request
from pathlib import Path

import botocore.session
import pytest

from holter import clientenv
from holter.clientenv import LOOPBACK, METADATA, TRUST, forward, reverse, trusted

DIRECT = (*METADATA, *LOOPBACK)

PROXY, BUNDLE = "http://127.0.0.1:8080", "/tmp/holter.pem"
HOST = "datapipeline.us-east-1.amazonaws.com"


def test_a_client_goes_through_the_proxy_and_trusts_the_bundle() -> None:
    found = forward(PROXY, BUNDLE, {})

    assert {found[name] for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")} == {PROXY}
    assert {found[name] for name in TRUST} == {BUNDLE}
    assert found["NODE_USE_ENV_PROXY"] == "1"
    assert found["NO_PROXY"] == found["no_proxy"] == ",".join(DIRECT)


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ({"NO_PROXY": "a.example, b.example"}, ["a.example", "b.example"]),
        ({"no_proxy": "a.example"}, ["a.example"]),
        ({"NO_PROXY": "a.example", "no_proxy": "b.example"}, ["a.example"]),
        ({"NO_PROXY": "", "no_proxy": "b.example"}, ["b.example"]),
        ({"NO_PROXY": " , ,"}, []),
        ({"NO_PROXY": "s3.amazonaws.com,b.example:8443"}, ["s3.amazonaws.com", "b.example:8443"]),
        ({"NO_PROXY": ".internal,10.0.0.0/8,::1"}, [".internal", "10.0.0.0/8", "::1"]),
    ],
)
def test_what_was_reached_directly_still_is(before: dict[str, str], kept: list[str]) -> None:
    assert forward(PROXY, BUNDLE, before)["NO_PROXY"].split(",") == [*kept, *DIRECT]


def test_this_machine_is_reached_directly_unless_it_is_to_be_recorded() -> None:
    seen = forward(PROXY, BUNDLE, {"NO_PROXY": "localhost:8080"}, ["LocalHost", "::1"])["NO_PROXY"].split(",")

    assert "127.0.0.1" in seen
    assert {"localhost", "localhost:8080", "[::1]"}.isdisjoint(seen)


def test_a_metadata_address_is_listed_once() -> None:
    found = forward(PROXY, BUNDLE, {"NO_PROXY": f"{DIRECT[0]},x.example"})

    assert sorted(found["NO_PROXY"].split(",")) == sorted([*DIRECT, "x.example"])


@pytest.mark.parametrize(
    "entry",
    [
        *("*", "amazonaws.com", ".amazonaws.com", "*.amazonaws.com", ".AmazonAWS.com", "com", ".com"),
        *(HOST, f"{HOST}:443", "us-east-1.amazonaws.com", ".us-gov-west-1.amazonaws.com", "api.aws"),
        *("datapipeline-fips.us-east-1.amazonaws.com", ".amazonaws.com.cn", "amazonaws.eu", ".aws"),
    ],
)
def test_what_would_lead_the_calls_past_holter_is_taken_out(entry: str) -> None:
    assert forward(PROXY, BUNDLE, {"NO_PROXY": f"a.example,{entry}"})["NO_PROXY"].split(",") == [
        "a.example",
        *DIRECT,
    ]


@pytest.mark.parametrize("before", ["", "*", ".amazonaws.com", "amazonaws.com,localhost"])
def test_pythons_own_reading_of_it_sends_the_service_to_the_proxy_and_metadata_past_it(
    before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in forward(PROXY, BUNDLE, {"NO_PROXY": before}).items():
        monkeypatch.setenv(name, value)

    assert urllib.request.getproxies()["https"] == PROXY
    assert not urllib.request.proxy_bypass(HOST)
    assert urllib.request.proxy_bypass("169.254.169.254")
    assert urllib.request.proxy_bypass("169.254.170.2")


def test_botocore_takes_the_reverse_endpoint_for_this_service_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in reverse("http://127.0.0.1:9", {}).items():
        monkeypatch.setenv(name, value)
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
    session = botocore.session.Session()
    ours, other = session.create_client("datapipeline", **keys), session.create_client("swf", **keys)
    found = (ours.meta.endpoint_url, other.meta.endpoint_url)
    ours.close()
    other.close()

    assert found == ("http://127.0.0.1:9", "https://swf.us-east-1.amazonaws.com")


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ({}, []),
        ({"AWS_CA_BUNDLE": ""}, []),
        ({"SSL_CERT_FILE": "b", "AWS_CA_BUNDLE": "a"}, ["a", "b"]),
        ({"REQUESTS_CA_BUNDLE": "r", "NODE_EXTRA_CA_CERTS": "n"}, ["r", "n"]),
        (dict.fromkeys(("AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), "a"), ["a"]),
        ({"CURL_CA_BUNDLE": "c"}, ["c"]),
        ({"GIT_SSL_CAINFO": "g"}, []),
    ],
)
def test_every_bundle_that_the_environment_names_is_found_once(
    before: dict[str, str], found: list[str]
) -> None:
    assert trusted(before) == found


def test_no_bundle_is_replaced_that_is_not_taken_over() -> None:
    replaced = {name for name, value in forward(PROXY, BUNDLE, {}).items() if value == BUNDLE}

    assert all(trusted({name: "mine"}) == ["mine"] for name in replaced)


CONFIG = """
[default]
ca_bundle = /corp.pem
region = us-east-1
[profile work]
ca_bundle = ~/work.pem
[profile bare]
region = us-east-1
"""


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, ["/corp.pem"]),
        ({"AWS_PROFILE": "work"}, ["HOME/work.pem"]),
        ({"AWS_DEFAULT_PROFILE": "work"}, ["HOME/work.pem"]),
        ({"AWS_PROFILE": "bare"}, []),
        ({"AWS_PROFILE": "none"}, []),
        ({"SSL_CERT_FILE": "/mine.pem"}, ["/mine.pem", "/corp.pem"]),
        ({"AWS_CA_BUNDLE": "/corp.pem"}, ["/corp.pem"]),
        ({"AWS_CONFIG_FILE": "/nowhere"}, []),
    ],
)
def test_the_bundle_of_the_aws_profile_is_trusted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], found: list[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(CONFIG)
    expected = [name.replace("HOME", str(tmp_path)) for name in found]
    assert trusted({"HOME": str(tmp_path), **more}) == expected


@pytest.mark.parametrize("damaged", [b"ca_bundle = x", b"[default", b"\xff\xfe[default]\nca_bundle=\xff"])
def test_a_damaged_config_is_left_to_the_sdk(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "config"
    path.write_bytes(damaged)
    assert trusted({"AWS_CONFIG_FILE": str(path)}) == []


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ({}, {}),
        ({"http_proxy": "http://p:1"}, {"NO_PROXY": ",".join(LOOPBACK)}),
        ({"HTTPS_PROXY": "p", "NO_PROXY": "a,localhost"}, {"NO_PROXY": "a,localhost,127.0.0.1,[::1]"}),
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}),
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}, {}),
    ],
)
def test_nothing_stands_between_a_client_and_the_reverse_endpoint(
    before: dict[str, str], found: dict[str, str]
) -> None:
    made = reverse("http://127.0.0.1:9", before)

    assert made.pop("AWS_ENDPOINT_URL_DATA_PIPELINE") == "http://127.0.0.1:9"
    assert made.pop("no_proxy", None) == made.get("NO_PROXY")
    assert made == found


def test_java_is_led_by_its_own_options() -> None:
    made = forward(PROXY, BUNDLE, {"NO_PROXY": ".internal,10.0.0.0/8,a.example:8443"})

    assert shlex.split(clientenv.java(made, "/with space/it's.store")) == [
        "-Dhttps.proxyHost=127.0.0.1",
        "-Dhttps.proxyPort=8080",
        "-Dhttp.proxyHost=127.0.0.1",
        "-Dhttp.proxyPort=8080",
        "-Dhttp.nonProxyHosts=" + "|".join(["*.internal", "a.example", *DIRECT]),
        "-Djavax.net.ssl.trustStore=/with space/it's.store",
        "-Djavax.net.ssl.trustStorePassword=changeit",
    ]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", None),
        ("-Xmx1g", None),
        ("-Xmx1g -Djavax.net.ssl.trustStore=/a/b", ("/a/b", "changeit")),
        ("'-Djavax.net.ssl.trustStore=/a b' -Djavax.net.ssl.trustStorePassword=s", ("/a b", "s")),
        ("-Djavax.net.ssl.trustStore='open", None),
    ],
)
def test_a_store_that_java_has_already_is_found(options: str, found: tuple[str, str] | None) -> None:
    assert clientenv.java_store({"JAVA_TOOL_OPTIONS": options}) == found
