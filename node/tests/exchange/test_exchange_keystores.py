"""A node has every exchange key of its home, and none that the home's password does not open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story import exchange_keys
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.exchange.exchange_keystores import ExchangeKeystores, former_of, next_of
from tidan_node.ledger import keystore
from tidan_node.ledger.keystore import WrongPassword

PASSWORD = "a password for tests"
LIGHT = 2
"""Work that a test can bear: what is tested is not scrypt."""


def kept(path: Path, secret: int, password: str = PASSWORD) -> ExchangeKeys:
    keystore.create(path, password, secret.to_bytes(32, "big"), work=LIGHT)
    return exchange_keys(secret)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "exchange.json"
    kept(path, 1)
    return path


def held(stores: ExchangeKeystores) -> list[dict[str, str]]:
    return [each.signing_jwk for each in stores.ring.all()]


def test_the_next_and_the_former_keys_are_found_beside_those_in_use(file: Path) -> None:
    following = kept(next_of(file), 2)
    former = kept(former_of(file, exchange_keys(3)), 3)

    stores = ExchangeKeystores(file, PASSWORD)

    own = exchange_keys(1).signing_jwk
    assert held(stores) == [own, following.signing_jwk, former.signing_jwk]
    assert len(list(stores)) == 3


def test_keys_that_are_made_meanwhile_are_seen_at_the_next_look(file: Path) -> None:
    stores = ExchangeKeystores(file, PASSWORD)
    following = kept(next_of(file), 2)
    unseen = stores.ring.to_be_named(following.signing_jwk)

    stores.ring.look()

    found = stores.ring.to_be_named(following.signing_jwk)
    assert unseen is None
    assert found is not None
    assert found.encryption_jwk == following.encryption_jwk


def test_in_their_place_they_are_those_in_use_and_no_former_ones_may_be_named(file: Path) -> None:
    following = kept(next_of(file), 2)
    stores = ExchangeKeystores(file, PASSWORD)
    former_of(file, exchange_keys(1)).write_bytes(file.read_bytes())
    next_of(file).replace(file)

    stores.ring.look()

    before = exchange_keys(1).signing_jwk
    assert held(stores) == [following.signing_jwk, before]
    assert stores.ring.to_be_named(before) is None
    assert stores.ring.of(before) is not None


def test_what_does_not_open_beside_them_stops_no_node(file: Path) -> None:
    kept(next_of(file), 2, "another password")
    former_of(file, exchange_keys(3)).write_bytes(b"{")

    stores = ExchangeKeystores(file, PASSWORD)

    assert held(stores) == [exchange_keys(1).signing_jwk]


def test_those_in_use_must_open(file: Path) -> None:
    with pytest.raises(WrongPassword):
        ExchangeKeystores(file, "another password")


def test_where_the_profile_names_others_the_keystores_are_used(file: Path) -> None:
    stores = ExchangeKeystores(file, PASSWORD)

    others = exchange_keys(9).signing_jwk
    assert stores.ring.of(others) is None
    assert stores.ring.in_use(others).signing_jwk == exchange_keys(1).signing_jwk
    assert stores.ring.in_use(None).signing_jwk == exchange_keys(1).signing_jwk
