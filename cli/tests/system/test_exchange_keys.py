"""A node's exchange keys are renewed while parcels go on, and whatever is killed in between."""

from __future__ import annotations

import itertools
import os
import subprocess

import pytest

from tests.system.consortium import CRASHED, Consortium, Json, Member
from tests.system.test_certificates import assert_a_parcel_arrives, pinned, shown
from tidan_cli.demo.commands import tidan_program

pytestmark = pytest.mark.system

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def pair(consortium: Consortium) -> tuple[Member, Member]:
    members = (
        consortium.member("Rekeying Demo Line", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ"),
        consortium.member("Rekeying Demo Trader", "TRADER", "LEI:TIDANDEMOSHIPPER0198"),
    )
    for member in members:
        member.serve()
    return members


def named(member: Member) -> str:
    key: str = member.get("/v1/me")["party"]["signingKey"]["x"]
    return key


def assert_parcels_go_on(pair: tuple[Member, Member], document: Json) -> None:
    """Under a number that no title of the test has had."""
    numbered = document | {"transportDocumentReference": f"KEY{next(_numbers):08}"}
    assert_a_parcel_arrives(*pair, numbered)


def killed_at(member: Member, moment: str) -> None:
    ended = subprocess.run(
        [*tidan_program(), "node", "renew-exchange-key", "--home", str(member.home)],
        env=os.environ | {"TIDAN_CRASH_AT": moment},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == CRASHED, ended.stderr


@pytest.mark.parametrize(
    ("moment", "is_named"),
    [
        ("exchange-key.made", False),
        ("exchange-key.named", True),
        ("exchange-key.former-kept", True),
    ],
)
def test_a_renewal_that_was_killed_leaves_a_node_that_can_read_and_is_gone_on_with(
    pair: tuple[Member, Member], transport_document: Json, moment: str, is_named: bool
) -> None:
    _, trader = pair
    before = named(trader)

    killed_at(trader, moment)

    assert (named(trader) != before) == is_named
    assert_parcels_go_on(pair, transport_document)
    if moment == "exchange-key.named":
        trader.kill()  # also a node that is started between the steps
        trader.serve()
        assert_parcels_go_on(pair, transport_document)

    renewed = trader.tidan("node", "renew-exchange-key").answer

    assert named(trader) == renewed["signingKey"]["x"] != before
    assert not (trader.home / "exchange-next.json").exists()
    assert_parcels_go_on(pair, transport_document)


def test_the_sender_renews_its_keys_and_its_certificate_and_goes_on_without_a_restart(
    pair: tuple[Member, Member], transport_document: Json
) -> None:
    carrier, _ = pair
    carrier.tidan("node", "renew-exchange-key")
    assert_parcels_go_on(pair, transport_document)

    carrier.tidan("node", "renew-certificate")

    assert pinned(carrier) == shown(carrier)
    carrier.stop()
    carrier.serve()
    assert_parcels_go_on(pair, transport_document)
