"""The environment that leads a client through Holter."""

from __future__ import annotations

import subprocess
import urllib.request

import botocore.session
import pytest

from holter.clientenv import DIRECT, exports, forward, reverse, trusted

PROXY, BUNDLE = "http://127.0.0.1:8080", "/tmp/holter.pem"
HOST = "datapipeline.us-east-1.amazonaws.com"


def test_a_client_goes_through_the_proxy_and_trusts_the_bundle() -> None:
    found = forward(PROXY, BUNDLE, {})

    assert {found[name] for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")} == {PROXY}
    assert {found[name] for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")} == {BUNDLE}
    assert found["NO_PROXY"] == found["no_proxy"] == ",".join(DIRECT)


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ({"NO_PROXY": "a.example, b.example"}, ["a.example", "b.example"]),
        ({"no_proxy": "a.example"}, ["a.example"]),
        ({"NO_PROXY": "a.example", "no_proxy": "b.example"}, ["a.example"]),
        ({"NO_PROXY": "", "no_proxy": "b.example"}, ["b.example"]),
        ({"NO_PROXY": " , ,"}, []),
        ({"NO_PROXY": "s3.amazonaws.com,localhost"}, ["s3.amazonaws.com", "localhost"]),
        ({"NO_PROXY": ".internal,10.0.0.0/8,::1"}, [".internal", "10.0.0.0/8", "::1"]),
    ],
)
def test_what_was_reached_directly_still_is(before: dict[str, str], kept: list[str]) -> None:
    assert forward(PROXY, BUNDLE, before)["NO_PROXY"].split(",") == [*kept, *DIRECT]


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
    for name, value in reverse("http://127.0.0.1:9").items():
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
        ({"CURL_CA_BUNDLE": "c"}, []),
    ],
)
def test_every_bundle_that_the_environment_names_is_found_once(
    before: dict[str, str], found: list[str]
) -> None:
    assert trusted(before) == found


def test_no_bundle_is_replaced_that_is_not_taken_over() -> None:
    replaced = {name for name, value in forward(PROXY, BUNDLE, {}).items() if value == BUNDLE}

    assert all(trusted({name: "mine"}) == ["mine"] for name in replaced)


def test_a_shell_takes_the_lines_as_they_are() -> None:
    lines = exports(forward(PROXY, BUNDLE, {"NO_PROXY": "a.example"}))
    script = "\n".join([*lines, 'printf "%s %s %s" "$HTTPS_PROXY" "$AWS_CA_BUNDLE" "$NO_PROXY"'])
    found = subprocess.run(["sh", "-c", script], env={}, capture_output=True, text=True, check=True).stdout

    assert found == f"{PROXY} {BUNDLE} {','.join(['a.example', *DIRECT])}"


@pytest.mark.parametrize("value", ["/with space/a.pem", "a;b", "$HOME/x", "it's", "a*,b"])
def test_a_shell_takes_odd_values_as_they_are(value: str) -> None:
    script = "\n".join([*exports({"NAME": value, "name": "other"}), 'printf "%s" "$NAME"'])
    found = subprocess.run(["sh", "-c", script], env={}, capture_output=True, text=True, check=True).stdout

    assert found == value
