"""Which hosts are looked into: every spelling of Data Pipeline's endpoints, and nothing else."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

from holter.mitm.hosts import Hosts, region_of


@pytest.mark.parametrize(
    "host",
    [
        *(
            f"datapipeline.{region}.amazonaws.com"
            for region in ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
        ),
        "datapipeline.us-iso-east-1.c2s.ic.gov",
        "datapipeline-fips.us-east-1.amazonaws.com",
        "datapipeline.us-east-1.api.aws",
        "datapipeline-fips.us-east-1.api.aws",
        "datapipeline.cn-north-1.amazonaws.com.cn",
        "datapipeline.us-gov-west-1.amazonaws.com",
        "DataPipeline.US-East-1.AmazonAWS.com",
        "datapipeline.us-east-1.amazonaws.com.",
    ],
)
def test_every_spelling_of_the_endpoint_is_opened_up(host: str) -> None:
    assert host in Hosts()


def endpoints() -> list[str]:
    """What botocore itself resolves, for every partition, plain, FIPS and dual-stack."""
    loader = botocore.session.Session().get_component("data_loader")
    partitions: Any = loader.load_data("partitions")
    rules = loader.load_service_model("datapipeline", "endpoint-rule-set-1")
    provider, found = EndpointProvider(rules, partitions), []
    for partition in partitions["partitions"]:
        region = next(name for name in partition["regions"] if "global" not in name)
        for fips, dual in ((False, False), (False, True), (True, False), (True, True)):
            try:
                url = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual).url
            except EndpointProviderError:
                continue
            found.append(url.removeprefix("https://"))
    return found


def test_every_endpoint_that_botocore_resolves_is_opened_up() -> None:
    hosts, found = Hosts(), endpoints()

    assert [host for host in found if host not in hosts] == []
    assert len(found) >= 20


@pytest.mark.parametrize(
    "host",
    [
        "",
        "amazonaws.com",
        "datapipeline.amazonaws.com",
        "s3.us-east-1.amazonaws.com",
        "my-datapipeline.us-east-1.amazonaws.com",
        "datapipeline.us-east-1.amazonaws.com.evil.example",
        "datapipeline.us-east-1.amazonaws.community",
        "datapipeline.us-east-1xamazonaws.com",
        "datapipeline.us.east.amazonaws.com",
        "xdatapipeline.us-east-1.amazonaws.com",
        "datapipeline.us-east-1.amazonaws.com\n",
        "datapipeline..amazonaws.com",
        "127.0.0.1",
    ],
)
def test_everything_else_stays_sealed(host: str) -> None:
    assert host not in Hosts()


def test_named_hosts_are_opened_up_whatever_their_case_or_final_dot() -> None:
    hosts = Hosts(["Sandbox.Local", "other.local.", "10.0.0.1"])

    assert all(host in hosts for host in ("sandbox.local", "SANDBOX.local.", "other.local", "10.0.0.1"))
    assert not any(host in hosts for host in ("x.sandbox.local", "local", "10.0.0.10"))
    assert "datapipeline.us-east-1.amazonaws.com" in hosts


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("datapipeline.us-east-1.amazonaws.com", "us-east-1"),
        ("DataPipeline-fips.us-gov-west-1.amazonaws.com:443", "us-gov-west-1"),
        ("datapipeline.eu-west-1.api.aws", "eu-west-1"),
        ("datapipeline.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        ("localhost:4566", None),
        ("swf.us-east-1.amazonaws.com", None),
    ],
)
def test_an_endpoint_names_its_region(host: str, region: str | None) -> None:
    assert region_of(host) == region
