"""`tidan party rotate-key`: the request, its end, and the key that takes the old one's place."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.next_key import NextKey
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.ledger import keystore
from tidan_node.ledger.keyfile import Keyfile
from tidan_node.ledger.signer import LocalSigner

PASSWORD = "a password for tests"
OTHER = "0x" + "cd" * 20


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What of a node home a rotation touches."""
    home = tmp_path / "node"
    home.mkdir(mode=0o700)
    (home / "keystore.password").write_text(PASSWORD)
    (home / "keystore.password").chmod(0o600)
    (home / "node.toml").write_text('keystore_password_file = "keystore.password"\n')
    keystore.create(home / "account.json", PASSWORD, work=keystore.FOR_RANDOM_PASSWORD)
    return home


def account(home: Path) -> str:
    return LocalSigner(keystore.open(home / "account.json", PASSWORD)).address


class TestNextKey:
    @pytest.mark.parametrize("work", [keystore.FOR_RANDOM_PASSWORD, keystore.FOR_CHOSEN_PASSWORD])
    def test_its_password_is_stretched_as_that_of_the_key_in_use(
        self, home: Path, work: int
    ) -> None:
        (home / "account.json").unlink()
        keystore.create(home / "account.json", PASSWORD, work=work)

        NextKey(home).made()

        assert Keyfile.read((home / "account-next.json").read_bytes()).work == work

    def test_it_is_made_once_for_its_owner_alone(self, home: Path) -> None:
        key = NextKey(home)
        assert key.account is None
        first = key.made()
        assert (key.made(), key.account) == (first, first)
        assert first != key.in_use
        assert stat.S_IMODE((home / "account-next.json").stat().st_mode) == 0o600

    def test_adopted_it_is_the_nodes_and_the_former_one_is_kept(self, home: Path) -> None:
        former, key = account(home), NextKey(home)
        following = key.made()
        kept = key.adopt()
        assert kept is not None
        assert (account(home), key.in_use, key.account) == (following, following, None)
        assert LocalSigner(keystore.open(kept, PASSWORD)).address == former
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    def test_where_the_former_one_is_lost_there_is_nothing_to_keep(self, home: Path) -> None:
        (home / "account.json").unlink()
        key = NextKey(home)
        following = key.made()
        assert key.follows_none
        assert key.adopt() is None
        assert (account(home), key.follows_none) == (following, False)


class TestRotateKey:
    def test_it_asks_for_a_new_key_in_the_place_of_the_nodes_own(
        self, node: Any, tidan: Any, told: Any, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_NODE_HOME", str(home))
        node.answer("GET", "/v1/me", {"account": account(home)})
        node.answer("POST", "/v1/rotations", told.accepted("succeeded"), status=202)
        rotation = {"added": None, "removed": None, "completableFrom": "2026-10-07T09:00:00Z"}
        node.answer("GET", f"/v1/parties/{account(home)}", {"rotation": rotation})

        ended = tidan("party", "rotate-key")

        assert ended.code == 0, ended.err
        assert node.taken("POST", "/v1/rotations")[0].json == {
            "added": NextKey(home).account,
            "removed": account(home),
        }
        assert "can be completed from 2026-10-07T09:00:00Z" in " ".join(ended.out.split())

    def test_it_asks_for_what_was_said(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", "/v1/rotations", told.accepted(), status=202)
        tidan("party", "rotate-key", "--add", OTHER, "--no-wait")
        assert node.taken("POST", "/v1/rotations")[0].json == {"added": OTHER}

    def test_completed_it_puts_the_new_key_in_its_place(
        self, node: Any, tidan: Any, told: Any, home: Path
    ) -> None:
        (home / "client.json").write_text(f'{{"url": "{node.url}", "apiKey": "k"}}')
        following = NextKey(home).made()
        done = told.accepted("succeeded")
        node.answer("POST", "/v1/rotations/completion", done, status=202)
        node.answer("GET", "/v1/me", {"party": {"index": 1}})
        node.answer("GET", f"/v1/parties/{following}", {"index": 1})

        ended = tidan("party", "rotate-key", "--complete", "--home", home)

        assert ended.code == 0, ended.err
        assert account(home) == following
        assert "start the node again" in " ".join(ended.out.split())

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ((OTHER, None), f"{OTHER} is an account of Paper Heron Demo Line now"),
            ((None, OTHER), f"{OTHER} is none any more"),
        ],
    )
    def test_completed_beside_the_nodes_own_account_it_says_that_this_stays(
        self, node: Any, tidan: Any, told: Any, changed: tuple[str, str], words: str
    ) -> None:
        own = "0x" + "ab" * 20
        done = told.accepted("succeeded")
        node.answer("POST", "/v1/rotations/completion", done, status=202)
        node.answer("GET", "/v1/me", {"party": told.carrier, "account": own})
        rotation = dict(zip(("added", "removed"), changed, strict=True))
        node.answer("GET", "/v1/parties/1", {"rotation": rotation})

        said = " ".join(tidan("party", "rotate-key", "--complete").out.split())

        assert words in said
        assert f"the node signs with {own} as before" in said
        assert "start" not in said

    def test_too_early_it_says_where_to_look_and_names_no_proposal(
        self, node: Any, tidan: Any
    ) -> None:
        node.answer("GET", "/v1/me", {"party": {"index": 1}})
        told = "the rotation can be completed from 2026-10-07T09:00:00Z"
        node.refuse("POST", "/v1/rotations/completion", "too-early", 409, detail=told)
        ended = tidan("party", "rotate-key", "--complete")
        said = " ".join(ended.err.split())
        assert "2026-10-07T09:00:00Z" in said
        assert "`tidan party show`" in said
        assert "run this again in a moment" in said
        assert "council show" not in said

    def test_cancelled_it_changes_no_key(
        self, node: Any, tidan: Any, told: Any, home: Path
    ) -> None:
        before = account(home)
        done = told.accepted("succeeded")
        node.answer("POST", "/v1/rotations/cancellation", done, status=202)
        assert tidan("party", "rotate-key", "--cancel").code == 0
        assert account(home) == before

    def test_a_prepared_key_is_adopted_only_once_the_chain_has_it(
        self, node: Any, tidan: Any, home: Path
    ) -> None:
        (home / "client.json").write_text(f'{{"url": "{node.url}", "apiKey": "k"}}')
        prepared = tidan("party", "rotate-key", "--prepare", "--home", home, "--json")
        following = prepared.answer["account"]
        where = f"/v1/parties/{following}"
        node.refuse("GET", where, "party-unknown", 404, detail="nobody")

        early = tidan("party", "rotate-key", "--adopt", "--home", home, "--json")
        secret = keystore.create(
            home / "exchange.json", PASSWORD, work=keystore.FOR_RANDOM_PASSWORD
        )
        signing = ExchangeKeys.from_secret(secret).signing_jwk
        party = {"index": 1, "name": "Paper Heron Demo Line", "signingKey": signing}
        node.answer("GET", where, party)
        node.answer("GET", "/v1/me", {"party": None})
        late = tidan("party", "rotate-key", "--adopt", "--home", home, "--json")

        assert (early.code, early.problem["type"]) == (1, "/v1/problems/account-not-known")
        assert late.answer["adopted"] == account(home) == following
        assert late.answer["party"] == {"index": 1, "name": "Paper Heron Demo Line"}

    @pytest.mark.parametrize("option", ["--complete", "--adopt"])
    def test_a_key_that_another_party_has_taken_is_not_put_in_its_place(
        self, node: Any, tidan: Any, told: Any, home: Path, option: str
    ) -> None:
        """The address of the next key is on the chain before it is anybody's account: another party
        can add it to its own, and the node would speak for that party."""
        (home / "client.json").write_text(f'{{"url": "{node.url}", "apiKey": "k"}}')
        before, following = account(home), NextKey(home).made()
        node.answer("GET", "/v1/me", {"party": {"index": 1}})
        node.answer("GET", f"/v1/parties/{following}", {"index": 2, "name": "Another"})
        done = told.accepted("succeeded")
        node.answer("POST", "/v1/rotations/completion", done, status=202)

        ended = tidan("party", "rotate-key", option, "--home", home, "--json")

        assert account(home) == before
        if option == "--adopt":
            assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/account-of-another")
        else:
            assert ended.answer["adopted"] is None

    def test_without_a_prepared_key_there_is_nothing_to_adopt(
        self, node: Any, tidan: Any, home: Path
    ) -> None:
        (home / "client.json").write_text(f'{{"url": "{node.url}", "apiKey": "k"}}')
        ended = tidan("party", "rotate-key", "--adopt", "--home", home, "--json")
        assert (ended.code, ended.problem["type"]) == (2, "/v1/problems/next-key-missing")

    def test_one_thing_at_a_time(self, node: Any, tidan: Any) -> None:
        assert tidan("party", "rotate-key", "--cancel", "--complete").code == 2
        assert node.asked == []
