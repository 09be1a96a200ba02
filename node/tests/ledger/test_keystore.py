"""Secret keys in encrypted files."""

import base64
import json
import stat
from pathlib import Path

import pytest
from eth_account import Account

from tidan_node.ledger import keystore
from tidan_node.ledger.keyfile import Keyfile
from tidan_node.ledger.keystore import (
    FOR_CHOSEN_PASSWORD,
    FOR_RANDOM_PASSWORD,
    KeystoreExists,
    KeystoreUnreadable,
    WrongPassword,
)

_QUICK = 2**10


def _changed(*place: str, **members: object) -> bytes:
    """A key file of the password "pass" that says something else in one place."""
    document = json.loads(Keyfile.sealed(bytes(range(32)), b"pass", _QUICK).text())
    inner = document
    for name in place:
        inner = inner[name]
    inner |= members
    return json.dumps(document).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "account.json"


def test_a_key_comes_back_with_its_password(path: Path) -> None:
    secret = keystore.create(path, "open sesame", work=_QUICK)
    assert keystore.open(path, "open sesame") == secret


def test_a_given_secret_is_kept(path: Path) -> None:
    secret = bytes(range(1, 33))
    assert keystore.create(path, "pass", secret, work=_QUICK) == secret
    assert keystore.open(path, "pass") == secret


def test_other_tools_can_open_the_file(path: Path) -> None:
    secret = keystore.create(path, "pass", work=_QUICK)
    assert bytes(Account.decrypt(path.read_text(), "pass")) == secret


def test_a_wrong_password_is_a_problem_that_says_no_more(path: Path) -> None:
    keystore.create(path, "pass", work=_QUICK)
    with pytest.raises(WrongPassword) as refused:
        keystore.open(path, "word")
    assert refused.value.field == "password"
    assert refused.value.__cause__ is None


def test_a_key_is_never_written_over(path: Path) -> None:
    secret = keystore.create(path, "pass", work=_QUICK)
    with pytest.raises(KeystoreExists):
        keystore.create(path, "pass", work=_QUICK)
    assert keystore.open(path, "pass") == secret
    assert [each.name for each in path.parent.iterdir()] == ["account.json"]


def test_only_the_owner_can_read_the_file(path: Path) -> None:
    keystore.create(path, "pass", work=_QUICK)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_shows_neither_secret_nor_address(path: Path) -> None:
    secret = keystore.create(path, "pass", work=_QUICK)
    text = path.read_text().lower()
    assert secret.hex() not in text
    assert Account.from_key(secret).address.lower().removeprefix("0x") not in text


def test_each_new_secret_is_another_one() -> None:
    assert keystore.new_secret() != keystore.new_secret()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"version": 3}',
        b'{"version": 3, "crypto": {}}',
        _changed(version=4),
        _changed("crypto", kdf="argon2"),
        _changed("crypto", cipher="aes-256-gcm"),
        _changed("crypto", ciphertext="no hex"),
        _changed("crypto", "cipherparams", iv="00"),
        _changed("crypto", "kdfparams", n=3),
        _changed("crypto", "kdfparams", n="2"),
        _changed("crypto", "kdfparams", n=2**40),
        _changed("crypto", "kdfparams", dklen=16),
        _changed("crypto", "kdfparams", salt=None),
    ],
)
def test_a_file_that_is_no_key_is_named(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(KeystoreUnreadable) as refused:
        keystore.open(path, "pass")
    assert str(path) in refused.value.detail


def test_a_file_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(KeystoreUnreadable):
        keystore.open(path, "pass")


def test_a_damaged_key_does_not_open(path: Path) -> None:
    keystore.create(path, "pass", work=_QUICK)
    document = json.loads(path.read_text())
    document["crypto"]["ciphertext"] = "00" * 32
    path.write_text(json.dumps(document))
    with pytest.raises(WrongPassword):
        keystore.open(path, "pass")


class TestWork:
    def test_a_password_that_people_chose_is_stretched(self, path: Path) -> None:
        keystore.create(path, "open sesame")
        stretching = json.loads(path.read_text())["crypto"]["kdfparams"]
        assert (stretching["n"], stretching["r"], stretching["p"]) == (2**17, 8, 1)

    def test_beside_a_key_of_a_random_password_its_work_is_enough(self, path: Path) -> None:
        password = keystore.new_password()
        keystore.create(path, password, work=FOR_RANDOM_PASSWORD)
        assert keystore.work_beside(path, password) == FOR_RANDOM_PASSWORD

    def test_a_password_that_does_not_open_the_key_beside_is_stretched(self, path: Path) -> None:
        keystore.create(path, keystore.new_password(), work=FOR_RANDOM_PASSWORD)
        assert keystore.work_beside(path, "open sesame") == FOR_CHOSEN_PASSWORD

    def test_beside_a_key_of_a_stretched_password_it_is_stretched(self, path: Path) -> None:
        keystore.create(path, "open sesame", work=_QUICK)
        assert keystore.work_beside(path, "open sesame") == FOR_CHOSEN_PASSWORD

    @pytest.mark.parametrize("content", [None, b"{}"])
    def test_beside_no_key_it_is_stretched(self, path: Path, content: bytes | None) -> None:
        path.parent.mkdir()
        if content is not None:
            path.write_bytes(content)
        assert keystore.work_beside(path, "open sesame") == FOR_CHOSEN_PASSWORD

    def test_each_new_password_has_256_random_bits(self) -> None:
        passwords = {keystore.new_password() for _ in range(100)}
        assert len(passwords) == 100
        assert {len(base64.urlsafe_b64decode(each + "=")) for each in passwords} == {32}
