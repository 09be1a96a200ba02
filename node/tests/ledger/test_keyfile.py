"""Key files as other tools write and read them."""

import json

import pytest
from eth_account import Account

from tidan_node.ledger.keyfile import Keyfile

SECRET = bytes.fromhex("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d")

# "Test Vectors" of the Web3 Secret Storage Definition, version 3. Its other vector has a work that
# RFC 7914 does not allow with such small blocks, and OpenSSL refuses.
PBKDF2 = {
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf": "pbkdf2",
        "kdfparams": {
            "c": 262144,
            "dklen": 32,
            "prf": "hmac-sha256",
            "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
        },
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3,
}


def test_the_key_of_the_definition_opens() -> None:
    keyfile = Keyfile.read(json.dumps(PBKDF2).encode())
    assert keyfile.opened(b"testpassword") == SECRET


@pytest.mark.parametrize("kdf", ["pbkdf2", "scrypt"])
def test_a_file_of_another_tool_opens(kdf: str) -> None:
    written = Account.encrypt(SECRET, "öffne dich", kdf=kdf, iterations=2)
    assert Keyfile.read(json.dumps(written).encode()).opened("öffne dich".encode()) == SECRET


def test_a_file_with_capitals_of_old_opens() -> None:
    keyfile = Keyfile.sealed(SECRET, b"pass", 2)
    text = keyfile.text().replace('"crypto"', '"Crypto"')
    assert Keyfile.read(text.encode()).opened(b"pass") == SECRET


@pytest.mark.parametrize("work", [2, 2**10, 2**17])
def test_another_tool_opens_our_file(work: int) -> None:
    text = Keyfile.sealed(SECRET, "öffne dich".encode(), work).text()
    assert bytes(Account.decrypt(text, "öffne dich")) == SECRET


def test_a_text_comes_back_as_it_was() -> None:
    keyfile = Keyfile.sealed(SECRET, b"pass", 2)
    assert Keyfile.read(keyfile.text().encode()) == keyfile


def test_two_files_of_one_secret_have_nothing_in_common() -> None:
    files = [Keyfile.sealed(SECRET, b"pass", 2).crypto for _ in range(2)]
    seen = {(each.kdfparams["salt"], each.cipherparams.iv, each.ciphertext) for each in files}
    assert len({salt for salt, _, _ in seen}) == 2
    assert len({vector for _, vector, _ in seen}) == 2
    assert len({text for _, _, text in seen}) == 2
