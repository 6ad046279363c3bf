"""Signatures: ours against botocore's own, and every way in which one can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from holter.wire import signing
from holter.wire.signing import Keys, Request, Scope, read, sign, stamped, verify

HOST = "datapipeline.us-east-1.amazonaws.com"
KEYS = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TOKEN = Keys(KEYS.access, KEYS.secret, "session/token==")
NOW = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
HEADERS = (("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "DataPipeline.PollForTask"))
ASKED = Request("POST", "/", HEADERS, b'{"workerGroup":"wg"}')


def secrets(access: str) -> str | None:
    return KEYS.secret if access == KEYS.access else None


def signed(
    keys: Keys = KEYS, asked: Request = ASKED, now: datetime = NOW, region: str = "us-east-1"
) -> Request:
    return replace(asked, headers=sign(asked, keys, host=HOST, region=region, now=now))


def by_botocore(body: bytes, token: str | None, path: str = "/") -> Request:
    """A request as botocore signs it, at the time that it is."""
    asked = AWSRequest("POST", f"https://{HOST}{path}", headers=dict(HEADERS), data=body)
    SigV4Auth(Credentials(KEYS.access, KEYS.secret, token), "datapipeline", "us-east-1").add_auth(asked)
    return Request("POST", path, (("Host", HOST), *asked.headers.items()), body)


def with_header(request: Request, name: str, value: str | None) -> Request:
    kept = [pair for pair in request.headers if pair[0].lower() != name.lower()]
    return replace(request, headers=(*kept, *([(name, value)] if value is not None else [])))


@pytest.mark.parametrize("path", ["/", "/?", "/?b=2&a=1", "/a%20b/?x=%2F&y"])
@pytest.mark.parametrize("token", [None, "session/token=="])
def test_what_botocore_signs_is_valid(path: str, token: str | None) -> None:
    request = by_botocore(b"{}", token, path)

    assert verify(request, secrets, datetime.now(UTC)) is None


@settings(deadline=None)
@given(body=st.binary(max_size=200), token=st.none() | st.text("ab/+=", min_size=1))
def test_what_we_sign_is_what_botocore_signs(body: bytes, token: str | None) -> None:
    theirs = by_botocore(body, token)
    moment = stamped(theirs)
    assert moment is not None
    ours = signed(Keys(KEYS.access, KEYS.secret, token), Request("POST", "/", HEADERS, body), moment)

    assert ours.header("authorization") == theirs.header("authorization")
    assert ours.header("x-amz-security-token") == token


def test_a_new_signature_takes_the_place_of_the_old_one_and_leaves_the_rest() -> None:
    others = (("User-Agent", "x"), ("amz-sdk-invocation-id", "i"), ("Accept-Encoding", "identity"))
    before = signed(TOKEN, replace(ASKED, headers=(*HEADERS, *others)))
    old = with_header(with_header(before, "host", "127.0.0.1:8080"), "X-Amz-Content-SHA256", "0" * 64)
    after = replace(old, headers=sign(old, KEYS, host=HOST, region="eu-west-1", now=NOW))
    names = [name.lower() for name, _ in after.headers]

    assert verify(after, secrets, NOW) is None
    assert sorted(names) == sorted({*names})
    assert after.header("host") == HOST
    assert after.header("x-amz-security-token") is None
    assert set(others) <= set(after.headers)
    found = read(after.header("authorization"))
    assert found is not None
    assert found.scope == Scope("20261121", "eu-west-1")


@pytest.mark.parametrize("keys", [KEYS, TOKEN])
def test_what_a_proxy_may_change_is_not_covered(keys: Keys) -> None:
    request = signed(keys)
    for name in ("User-Agent", "Accept-Encoding", "amz-sdk-request", "Via"):
        request = with_header(request, name, "changed")

    assert verify(request, secrets, NOW) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: replace(one, body=one.body + b" "), "SignatureDoesNotMatch: the signature"),
        (lambda one: replace(one, method="GET"), "SignatureDoesNotMatch: the signature"),
        (lambda one: replace(one, path="/x"), "SignatureDoesNotMatch: the signature"),
        (lambda one: replace(one, path="/?x=1"), "SignatureDoesNotMatch: the signature"),
        (lambda one: with_header(one, "host", "127.0.0.1:8080"), "SignatureDoesNotMatch: the signature"),
        (
            lambda one: with_header(one, "x-amz-target", "DataPipeline.X"),
            "SignatureDoesNotMatch: the signature",
        ),
        (lambda one: with_header(one, "x-amz-security-token", "x"), "SignatureDoesNotMatch: the signature"),
        (lambda one: with_header(one, "x-amz-content-sha256", "0"), "SignatureDoesNotMatch: x-amz-content"),
        (lambda one: with_header(one, "x-amz-date", "20261122T000000Z"), "SignatureDoesNotMatch: the scope"),
        (lambda one: with_header(one, "x-amz-date", "yesterday"), "IncompleteSignature"),
        (lambda one: with_header(one, "x-amz-date", None), "IncompleteSignature"),
        (lambda one: with_header(one, "authorization", None), "MissingAuthenticationToken"),
        (lambda one: with_header(one, "authorization", "Basic x"), "IncompleteSignature"),
    ],
)
def test_every_change_of_what_is_covered_is_found(change: object, says: str) -> None:
    assert callable(change)
    found = verify(change(signed(TOKEN)), secrets, NOW)

    assert found is not None
    assert found.startswith(says)


def test_another_secret_and_another_key_are_refused() -> None:
    assert (verify(signed(), lambda _: "other") or "").startswith("SignatureDoesNotMatch: the signature")
    assert verify(signed(Keys("OTHER", "x")), secrets) == "UnrecognizedClientException: no such access key"


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)]
)
def test_a_signature_lives_five_minutes_either_way(seconds: int, good: bool) -> None:
    found = verify(signed(), secrets, NOW + timedelta(seconds=seconds))

    assert (found is None) is good
    assert good or (found or "").startswith("RequestExpired: signed at 20261121T010203Z, now it is 2026112")


@pytest.mark.parametrize("comma", [", ", ",", " , "])
def test_it_is_read_however_its_commas_stand(comma: str) -> None:
    parts = ("Credential=AKID/20261121/us-east-1/datapipeline/aws4_request", "SignedHeaders=host;X-Amz-Date")
    found = read(f"AWS4-HMAC-SHA256 {comma.join((*parts, 'Signature=abc'))}")

    assert found is not None
    assert (found.access, found.scope, found.hex) == ("AKID", Scope("20261121", "us-east-1"), "abc")
    assert found.signed == ("host", "x-amz-date")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Basic dTpw",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws3_request, SignedHeaders=host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host",
    ],
)
def test_what_is_no_signature_is_none(text: str | None) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Amz-Date", "20261121T010203Z"),
        ("Date", "Sat, 21 Nov 2026 01:02:03 GMT"),
        ("Date", "Saturday, 21-Nov-26 01:02:03 GMT"),
        ("Date", "Sat Nov 21 01:02:03 2026"),
    ],
)
def test_the_date_is_read_in_the_forms_that_the_guide_allows(name: str, value: str) -> None:
    assert stamped(replace(ASKED, headers=((name, value),))) == NOW


def test_secrets_are_not_shown() -> None:
    found = read(signed(TOKEN).header("authorization"))
    shown = f"{TOKEN!r} {TOKEN} {found!r}"

    assert found is not None
    for secret in (TOKEN.access, TOKEN.secret, TOKEN.token, found.hex):
        assert str(secret) not in shown


def test_the_chain_is_botocores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    found = signing.chain()

    assert found is not None
    assert found() == Keys("a", "s", "t")


def test_no_credentials_is_none_and_a_profile_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    assert signing.chain() is None

    monkeypatch.setenv("AWS_PROFILE", "none-such")
    with pytest.raises(signing.CredentialsError, match="none-such"):
        signing.chain()
