"""The authority's key and the password beside it."""

from pathlib import Path

import pytest

from tidan_cli.authority import AuthorityHome
from tidan_node.ledger import keystore
from tidan_node.ledger.keyfile import Keyfile
from tidan_node.ledger.signer import LocalSigner


@pytest.fixture
def authority(tmp_path: Path) -> AuthorityHome:
    return AuthorityHome(tmp_path)


def test_the_second_time_it_is_the_same_key(authority: AuthorityHome) -> None:
    made = authority.signer_or_new()
    assert authority.signer_or_new().address == authority.signer().address == made.address


def test_a_password_that_is_made_with_the_key_is_not_stretched(authority: AuthorityHome) -> None:
    authority.signer_or_new()
    work = Keyfile.read((authority.path / "authority.json").read_bytes()).work
    assert work == keystore.FOR_RANDOM_PASSWORD


def test_a_password_that_was_there_before_is_stretched(authority: AuthorityHome) -> None:
    (authority.path / "authority.password").write_text("open sesame\n")
    made = authority.signer_or_new()
    file = authority.path / "authority.json"
    assert Keyfile.read(file.read_bytes()).work == keystore.FOR_CHOSEN_PASSWORD
    assert LocalSigner(keystore.open(file, "open sesame")).address == made.address
