"""A request between nodes is signed as a whole, once, for a short time, by one key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from tests.story import exchange_keys
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.exchange.problems import SignatureRefused
from tidan_node.exchange.signatures import (
    LIFE,
    SKEW,
    Signed,
    claimed,
    key_id,
    sign,
    target,
    verified,
)

URL = "https://node-2.example/v1/parcels"
NAME = key_id(1337, PartyIndex(1))
KIND = "application/vnd.tidan.parcel+json"
BODY = b'{"a":"parcel"}'
MOMENT = timedelta(seconds=20)
"""Longer than a busy machine takes for a test."""
KEY = exchange_keys(1).signing_jwk


def lines(**changes: str) -> dict[str, str]:
    headers = sign(exchange_keys(1), NAME, url=URL, content_type=KIND, body=BODY)
    return {name.lower(): value for name, value in headers.items()} | changes


def checked(headers: dict[str, str], *, url: str = URL, body: bytes = BODY) -> Signed:
    signed = verified(claimed(headers), KEY, url=url, headers=headers)
    signed.require_body(body)
    return signed


def rule_of(headers: dict[str, str], **changes: Any) -> object:
    with pytest.raises(SignatureRefused) as refused:
        checked(headers, **changes)
    return refused.value.extra["rule"]


def test_the_signer_is_known_by_its_key() -> None:
    signed = checked(lines())

    assert signed.party == 1


def test_each_signature_has_a_nonce_of_its_own() -> None:
    assert checked(lines()).nonce != checked(lines()).nonce


def test_what_is_covered_cannot_change() -> None:
    assert rule_of(lines(), body=BODY + b" ") == "digest"
    assert rule_of(lines(), url="https://node-3.example/v1/parcels") == "signature"
    assert rule_of(lines(**{"content-type": "application/json"})) == "signature"
    assert rule_of(lines(**{"content-digest": "sha-256=:AAAA:"})) == "signature"


def test_another_key_did_not_sign_it() -> None:
    headers = lines()

    with pytest.raises(SignatureRefused):
        verified(claimed(headers), exchange_keys(2).signing_jwk, url=URL, headers=headers)


@pytest.mark.parametrize("given", ["", "party=()", 'party=();keyid="someone"', "?;="])
def test_a_signature_without_a_name_is_refused(given: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        claimed({"signature-input": given})

    assert refused.value.extra["rule"] == "form"


def test_a_signature_of_two_names_is_refused() -> None:
    both = ', other=();keyid="tidan:1337:2"'

    with pytest.raises(SignatureRefused):
        claimed({"signature-input": lines()["signature-input"] + both})


@dataclass
class Message:
    """A request, as the signing library wants it."""

    method: str
    url: str
    headers: dict[str, str]


def made(
    left_out: str = "", *, created: datetime | None = None, life: timedelta = LIFE
) -> dict[str, str]:
    """As a careless node would make it, or one whose clock is wrong, with its right key."""
    message = Message("POST", URL, {"Content-Type": KIND})
    now = created or datetime.now(UTC)
    covered = ["@method", "@target-uri", "content-type", "content-digest"]
    body = BODY if left_out != "content-digest" else None
    HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(
            public_keys={}, private_keys={NAME: exchange_keys(1).signing_private_key}
        ),
    ).sign(
        message,
        key_id=NAME,
        created=now,
        expires=None if left_out == "expires" else now + life,
        nonce=None if left_out == "nonce" else "n" * 24,
        tag=None if left_out == "tag" else "tidan-parcel",
        covered_component_ids=[each for each in covered if each != left_out],
        body=body,
    )
    return {name.lower(): value for name, value in message.headers.items()}


@pytest.mark.parametrize(
    "left_out", ["expires", "nonce", "tag", "content-digest", "@target-uri", "@method"]
)
def test_a_signature_over_less_is_refused(left_out: str) -> None:
    assert rule_of(made(left_out)) in {"time", "form", "signature", "digest"}


class TestTime:
    """Clocks of two nodes may differ by a minute; a signature lasts five."""

    @pytest.mark.parametrize("ahead", [SKEW - MOMENT, -(LIFE + SKEW - MOMENT)])
    def test_a_clock_that_is_off_by_less_than_a_minute_is_borne(self, ahead: timedelta) -> None:
        assert checked(made(created=datetime.now(UTC) + ahead)).party == 1

    @pytest.mark.parametrize("ahead", [SKEW + MOMENT, -(LIFE + SKEW + MOMENT)])
    def test_a_clock_that_is_off_by_more_is_not(self, ahead: timedelta) -> None:
        assert rule_of(made(created=datetime.now(UTC) + ahead)) == "time"

    @pytest.mark.parametrize("life", [LIFE + timedelta(seconds=1), timedelta(days=365), -MOMENT])
    def test_a_signature_that_lasts_longer_or_ends_before_it_begins_is_refused(
        self, life: timedelta
    ) -> None:
        assert rule_of(made(life=life)) == "time"

    def test_it_has_ended_when_it_says_so(self) -> None:
        created = datetime.now(UTC) - SKEW - 2 * MOMENT

        assert rule_of(made(created=created, life=MOMENT)) == "time"


@pytest.mark.parametrize(
    ("node_url", "url"),
    [
        ("https://node.example", "https://node.example/v1/parcels"),
        ("https://node.example/", "https://node.example/v1/parcels"),
        ("http://[::1]:8750/tidan/", "http://[::1]:8750/tidan/v1/parcels"),
    ],
)
def test_the_target_is_below_the_nodes_address(node_url: str, url: str) -> None:
    assert target(node_url) == url
