"""`tidan node renew-exchange-key`: whatever stops it, the next run goes on."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.home_lock import sole_renewal
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.exchange.exchange_keystores import former_of, next_of
from tidan_node.ledger import keystore
from tidan_node.ledger.keyfile import Keyfile

PASSWORD = "a password for tests"


@pytest.fixture
def home(tmp_path: Path, node: Any) -> Path:
    """What of a node home a renewal touches."""
    home = tmp_path / "node"
    home.mkdir(mode=0o700)
    (home / "keystore.password").write_text(PASSWORD)
    (home / "keystore.password").chmod(0o600)
    (home / "node.toml").write_text('keystore_password_file = "keystore.password"\n')
    (home / "client.json").write_text(f'{{"url": "{node.url}", "apiKey": "k"}}')
    keystore.create(home / "exchange.json", PASSWORD, work=keystore.FOR_RANDOM_PASSWORD)
    return home


def keys(path: Path) -> ExchangeKeys:
    return ExchangeKeys.from_secret(keystore.open(path, PASSWORD))


def says(node: Any, signing: dict[str, str], *, certified: bool = False) -> None:
    """What the chain has of the node's party, as the node reads it."""
    certificates = ["MAA="] if certified else []
    node.answer("GET", "/v1/me", {"party": {"signingKey": signing, "certificates": certificates}})


class TestRenewExchangeKey:
    @pytest.mark.parametrize("work", [keystore.FOR_RANDOM_PASSWORD, keystore.FOR_CHOSEN_PASSWORD])
    def test_the_password_of_the_new_key_is_stretched_as_that_of_the_former(
        self, node: Any, tidan: Any, told: Any, home: Path, work: int
    ) -> None:
        file = home / "exchange.json"
        file.unlink()
        keystore.create(file, PASSWORD, work=work)
        former = file.read_bytes()
        says(node, keys(file).signing_jwk)
        node.answer("POST", "/v1/profile", told.accepted("succeeded"), status=202)

        assert tidan("node", "renew-exchange-key", "--home", home).code == 0

        assert file.read_bytes() != former
        assert Keyfile.read(file.read_bytes()).work == work

    def test_the_new_key_is_named_then_put_in_its_place_and_the_former_one_is_kept(
        self, node: Any, tidan: Any, told: Any, home: Path
    ) -> None:
        former = keys(home / "exchange.json")
        says(node, former.signing_jwk, certified=True)
        node.answer("POST", "/v1/profile", told.accepted("succeeded"), status=202)

        ended = tidan("node", "renew-exchange-key", "--home", home)

        assert ended.code == 0, ended.err
        (asked,) = node.taken("POST", "/v1/profile")
        assert asked.json == {"signingKey": keys(home / "exchange.json").signing_jwk}
        kept = former_of(home / "exchange.json", former)
        assert keys(kept).signing_jwk == former.signing_jwk
        assert [stat.S_IMODE(each.stat().st_mode) for each in home.glob("exchange*")] == [0o600] * 2
        assert "tidan party certify" in " ".join(ended.out.split())

    def test_where_others_must_approve_nothing_is_put_in_its_place(
        self, node: Any, tidan: Any, home: Path
    ) -> None:
        before = (home / "exchange.json").read_bytes()
        says(node, keys(home / "exchange.json").signing_jwk)
        approval = {"id": "01a202d3", "act": "profile.change", "status": "open"}
        node.answer("POST", "/v1/profile", {"approval": approval}, status=202)

        ended = tidan("node", "renew-exchange-key", "--home", home)

        assert ended.code == 8
        assert (home / "exchange.json").read_bytes() == before
        assert "`tidan approval approve 01a202d3`; once it is done, repeat" in " ".join(
            ended.err.split()
        )

    def test_what_has_been_named_meanwhile_is_not_asked_for_again(
        self, node: Any, tidan: Any, home: Path
    ) -> None:
        keystore.create(
            next_of(home / "exchange.json"), PASSWORD, work=keystore.FOR_RANDOM_PASSWORD
        )
        following = keys(next_of(home / "exchange.json"))
        says(node, following.signing_jwk)

        ended = tidan("node", "renew-exchange-key", "--home", home, "--json")

        assert (ended.code, ended.answer["signingKey"]) == (0, following.signing_jwk)
        assert node.taken("POST", "/v1/profile") == []
        assert keys(home / "exchange.json").signing_jwk == following.signing_jwk

    def test_a_refusal_leaves_the_key_for_the_next_run(
        self, node: Any, tidan: Any, told: Any, home: Path
    ) -> None:
        says(node, keys(home / "exchange.json").signing_jwk)
        node.refuse("POST", "/v1/profile", "profile-change-under-way", 409, detail="wait")
        first = tidan("node", "renew-exchange-key", "--home", home, "--json")
        made = keys(next_of(home / "exchange.json")).signing_jwk
        node.answer("POST", "/v1/profile", told.accepted("succeeded"), status=202)

        second = tidan("node", "renew-exchange-key", "--home", home, "--json")

        assert (first.code, second.answer["signingKey"]) == (1, made)

    def test_two_at_a_time_are_refused(self, node: Any, tidan: Any, home: Path) -> None:
        with sole_renewal(home):
            for command in ("renew-exchange-key", "renew-certificate"):
                ended = tidan("node", command, "--home", home, "--json")
                assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/home-busy")
        assert node.asked == []
