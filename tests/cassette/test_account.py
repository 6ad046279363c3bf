from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.cassette import account
from holter.cassette.account import MEMBERS, Accounts

from .corpus import HARMLESS

PIPELINE = "df-0937003356ZJEXAMPLE"
ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"in {PIPELINE}, failed", "in pipeline-1, failed"),
        (f"of {ACCOUNT}.", "of account-1."),
        ("of 1234-5678-9012", "of account-1"),
        (f"{ACCOUNT} is 1234-5678-9012", "account-1 is account-1"),
        (f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/x", "account-1.dkr.ecr.us-east-1.amazonaws.com/x"),
        (f"arn:aws:iam::{ACCOUNT}:role/Big-Role", "arn:aws:iam::account-1:resource-1"),
        (f"(arn:aws-cn:sns:cn-north-1:{ACCOUNT}:t).", "(arn:aws-cn:sns:cn-north-1:account-1:resource-1)."),
        (f"no arn:aws:sns:eu-west-1:{ACCOUNT}:t.", "no arn:aws:sns:eu-west-1:account-1:resource-1."),
        ("arn:aws:s3:::acme-in/a/b.csv", "arn:aws:s3:::bucket-1/a/b.csv"),
        (f"arn:aws:s3:us-east-1:{ACCOUNT}:acme-in", "arn:aws:s3:us-east-1:account-1:bucket-1"),
        ("cp s3://acme-in/2026/11/a.csv s3n://acme.out/", "cp s3://bucket-1/2026/11/a.csv s3n://bucket-2/"),
        ("s3a://REDACTED@acme-in/x", "s3a://REDACTED@bucket-1/x"),
        ("see s3://acme-in.", "see s3://bucket-1."),
        ("s3://#{myBucket}/x", "s3://#{myBucket}/x"),
        (f"s3://acme-in/{PIPELINE}/{ACCOUNT}/x", "s3://bucket-1/pipeline-1/account-1/x"),
        ("https://acme-in.s3.us-east-1.amazonaws.com/k", "https://bucket-1.s3.us-east-1.amazonaws.com/k"),
        ("https://s3-eu-west-1.amazonaws.com/acme-in/k", "https://s3-eu-west-1.amazonaws.com/bucket-1/k"),
        ("from ip-10-0-0-12.ec2.internal:22", "from host-1:22"),
        ("from 10.0.0.12:8080", "from host-1:8080"),
        ("aws s3 ls s3://acme-in; echo acme-in/acme-in2", "aws s3 ls s3://bucket-1; echo bucket-1/acme-in2"),
    ],
)
def test_account_data_is_replaced_and_its_shape_is_kept(text: str, kept: str) -> None:
    assert Accounts().hide(text) == kept


@pytest.mark.parametrize("text", [text for text in HARMLESS if "s3://" not in text and "df-" not in text])
def test_harmless_texts_stay(text: str) -> None:
    assert Accounts().hide(text) == text


@pytest.mark.parametrize(
    "text", ["0.123456789012", "1234567890123", "2026-11-21T01:20:03.512345Z", "df -h", "1.2.3"]
)
def test_numbers_of_another_kind_stay(text: str) -> None:
    assert Accounts().hide(text) == text


def test_a_value_has_the_same_alias_everywhere_and_each_kind_its_own_numbers() -> None:
    accounts = Accounts()

    assert accounts.of("host", "worker.acme.example") == "host-1"
    assert accounts.of("host", "other") == "host-2"
    assert accounts.of("bucket", "acme-data") == "bucket-1"
    assert accounts.hide("worker.acme.example reads s3://acme-data/x") == "host-1 reads s3://bucket-1/x"
    assert accounts.hide("Bucket 'acme-data' of workers") == "Bucket 'bucket-1' of workers"
    assert accounts.of("host", "worker.acme.example") == "host-1"
    assert [accounts.known("host", name) for name in ("other", "another")] == [True, False]


def test_aliases_of_before_stay_and_are_never_given_again() -> None:
    accounts = Accounts()
    accounts.learn('"bucket-7" in s3://bucket-2/host-3x and pipeline-1')

    assert accounts.hide("s3://bucket-2/pipeline-1") == "s3://bucket-2/pipeline-1"
    assert accounts.hide(f"s3://acme-in/{PIPELINE}") == "s3://bucket-8/pipeline-2"
    assert accounts.of("host", "worker") == "host-1"


def test_a_bucket_that_is_called_as_an_alias_gets_one_too() -> None:
    accounts = Accounts()

    assert (
        accounts.hide("s3://bucket-2/ s3://acme/ s3://bucket-2/")
        == "s3://bucket-1/ s3://bucket-2/ s3://bucket-1/"
    )


def test_the_table_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "MOST_VALUES", 3)
    monkeypatch.setattr(account, "MOST_NAMES", 2)
    accounts = Accounts()
    for number in range(5):
        accounts.of("host", f"worker{number}")

    assert accounts.of("host", "worker4") == "host-5"
    assert accounts.of("host", "worker0") == "host-6"
    assert accounts.hide("worker1 worker4") == "worker1 host-5"


def test_the_words_of_the_protocol_are_known() -> None:
    assert {"fields", "key", "hostname", "pipelineId", "attemptId", "objects"} <= MEMBERS


@given(st.text())
def test_hiding_twice_changes_nothing_more(text: str) -> None:
    accounts = Accounts()
    once = accounts.hide(f"{text} s3://acme-in/{PIPELINE} arn:aws:iam::{ACCOUNT}:role/x {text}")
    again = Accounts()
    again.learn(once)

    assert again.hide(once) == once
    assert not any(real in once for real in ("s3://acme", PIPELINE, f"::{ACCOUNT}"))


@pytest.mark.timeout(30)  # a pattern that goes back and forth over them would take hours
@pytest.mark.parametrize("piece", ["arn:aws:", "s3://", "1", "a.", "df-A", "1234-", "ip-1-", "s3.", "1."])
def test_hostile_texts_come_to_an_end_and_to_the_same_alias_twice(piece: str) -> None:
    accounts, text = Accounts(), piece * 20_000

    assert accounts.hide(text) == accounts.hide(text) != ""
