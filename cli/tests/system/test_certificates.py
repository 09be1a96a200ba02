"""What a node shows other nodes: changed while parcels go on, and nothing of its people's side."""

from __future__ import annotations

import os
import ssl
import subprocess
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.system.consortium import CRASHED, Consortium, Member, wait_until
from tidan_cli.demo.commands import tidan_program
from tidan_cli.exits import ExitCode
from tidan_node.domain.tls_certificates import certificate_texts

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON


@pytest.fixture(scope="module")
def pair(consortium: Consortium) -> tuple[Member, Member]:
    members = (
        consortium.member("Renewing Demo Line", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ"),
        consortium.member("Renewing Demo Trader", "TRADER", "LEI:TIDANDEMOSHIPPER0198"),
    )
    for member in members:
        member.serve()
    return members


@pytest.fixture
def carrier(pair: tuple[Member, Member]) -> Member:
    return pair[0]


@pytest.fixture
def trader(pair: tuple[Member, Member]) -> Member:
    return pair[1]


def url_for_others(member: Member) -> httpx.URL:
    return httpx.URL(member.get("/v1/me")["party"]["nodeUrl"])


def pinned(member: Member) -> list[str]:
    found: list[str] = member.get("/v1/me")["party"]["tlsCertificates"]
    return found


def shown(member: Member) -> list[str]:
    url = url_for_others(member)
    text = ssl.get_server_certificate((url.host, url.port or 0), timeout=30)
    return certificate_texts([ssl.PEM_cert_to_DER_cert(text)])


def assert_a_parcel_arrives(carrier: Member, trader: Member, document: Json) -> None:
    wish = {"document": document, "possessor": trader.identifier}
    if not document["isToOrder"] or "endorsee" in document["documentParties"]:
        wish["titleholder"] = trader.identifier
    answer = carrier.post("/v1/titles", wish, str(uuid4()))
    assert answer.status_code == 202, answer.text
    title = answer.json()["title"]

    def has_come() -> bool:
        came = trader.get(f"/v1/parcels?direction=in&record={title}")["items"]
        return [each["status"] for each in came] == ["received"]

    wait_until(has_come, "the package has arrived")


def test_a_certificate_is_renewed_while_parcels_go_on(
    carrier: Member, trader: Member, transport_document: Json
) -> None:
    before = pinned(trader)
    assert shown(trader) == before

    renewed = trader.tidan("node", "renew-certificate").answer

    after = pinned(trader)
    assert len(after) == 1
    assert after != before
    assert shown(trader) == after
    assert renewed["nodeUrl"] == str(url_for_others(trader))
    assert_a_parcel_arrives(carrier, trader, transport_document)


@pytest.mark.parametrize(
    ("moment", "pins"),
    [("renewal.made", 1), ("renewal.both-pinned", 2), ("renewal.taken-over", 2)],
)
def test_a_renewal_that_was_killed_is_gone_on_with(
    carrier: Member, trader: Member, transport_document: Json, moment: str, pins: int
) -> None:
    before = pinned(trader)
    killed = subprocess.run(
        [*tidan_program(), "node", "renew-certificate", "--home", str(trader.home)],
        env=os.environ | {"TIDAN_CRASH_AT": moment},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == CRASHED, killed.stderr
    assert pinned(trader)[:1] == before
    assert len(pinned(trader)) == pins

    trader.tidan("node", "renew-certificate")

    assert pinned(trader) == shown(trader) != before
    assert not (trader.home / "tls-next.pem").exists()
    assert_a_parcel_arrives(carrier, trader, transport_document)


def test_a_node_that_does_not_run_keeps_the_certificate_that_it_has(trader: Member) -> None:
    before, files = pinned(trader), sorted(trader.home.glob("tls*"))
    trader.stop()

    trader.tidan("node", "renew-certificate", expected=ExitCode.UNREACHABLE)

    assert sorted(trader.home.glob("tls*")) == files
    trader.serve()
    assert pinned(trader) == shown(trader) == before


def test_other_nodes_find_nothing_of_what_is_for_the_partys_own_people(carrier: Member) -> None:
    headers = {"Authorization": f"Bearer {carrier.access.api_key}"}
    with httpx.Client(
        base_url=url_for_others(carrier),
        headers=headers,
        verify=False,  # noqa: S501  who answers is not the question
        trust_env=False,
    ) as outside:
        found = {
            path: outside.get(path).status_code
            for path in ("/v1/titles", "/v1/me", "/metrics", "/health/ready", "/openapi.json")
        }
        alive = outside.get("/health/live").status_code

    assert set(found.values()) == {404}
    assert alive == 200


def test_plain_http_gets_no_answer_where_other_nodes_come(carrier: Member) -> None:
    plain = url_for_others(carrier).copy_with(scheme="http")

    with pytest.raises(httpx.TransportError):
        httpx.get(plain.join("/health/live"), timeout=30)
