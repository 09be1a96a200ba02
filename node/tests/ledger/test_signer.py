"""Legacy transactions, byte for byte as eth-account signs them."""

from eth_account import Account
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.domain.identifiers import Address, to_hex
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner, created_address

_KEY = bytes.fromhex("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

_keys = st.integers(1, _ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
_addresses = st.binary(min_size=20, max_size=20).map(lambda value: Address(to_hex(value)))
_transactions = st.builds(
    LegacyTransaction,
    chain_id=st.integers(1, 2**53),
    nonce=st.integers(0, 2**64 - 2),
    gas_price=st.integers(0, 2**128),
    gas=st.integers(0, 2**64 - 1),
    to=st.none() | _addresses,
    value=st.integers(0, 2**256 - 1),
    data=st.binary(max_size=300) | st.binary(min_size=65_000, max_size=66_000),
)


@given(key=_keys, transaction=_transactions)
def test_the_bytes_are_those_of_eth_account(key: bytes, transaction: LegacyTransaction) -> None:
    wanted = Account.sign_transaction(
        {
            "chainId": transaction.chain_id,
            "nonce": transaction.nonce,
            "gasPrice": transaction.gas_price,
            "gas": transaction.gas,
            "to": b"" if transaction.to is None else to_checksum_address(transaction.to),
            "value": transaction.value,
            "data": transaction.data,
        },
        key,
    )
    signed = LocalSigner(key).sign(transaction)
    assert signed.raw == bytes(wanted.raw_transaction)
    assert signed.tx_hash == to_hex(bytes(wanted.hash))


@given(key=_keys)
def test_the_address_is_that_of_eth_account(key: bytes) -> None:
    assert LocalSigner(key).address == Account.from_key(key).address.lower()


def test_the_same_transaction_gives_the_same_bytes() -> None:
    transaction = LegacyTransaction(chain_id=1, nonce=9, gas_price=0, gas=21_000, to=None)
    assert LocalSigner(_KEY).sign(transaction) == LocalSigner(_KEY).sign(transaction)


def test_the_example_of_eip_155_is_signed_as_it_says() -> None:
    """https://eips.ethereum.org/EIPS/eip-155, "Example"."""
    transaction = LegacyTransaction(
        chain_id=1,
        nonce=9,
        gas_price=20 * 10**9,
        gas=21_000,
        to=Address("0x" + "35" * 20),
        value=10**18,
    )
    signed = LocalSigner(b"\x46" * 32).sign(transaction)
    assert signed.raw.hex() == (
        "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
        "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb70330"
        "4b3800ccf555c9f3dc64214b297fb1966a3b6d83"
    )


def test_a_contract_is_where_creator_and_nonce_put_it() -> None:
    """The known first contracts of this much used account."""
    creator = Address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    assert created_address(creator, 0) == "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"
    assert created_address(creator, 1) == "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8"
