"""Ids bound to their issuer, as the registries derive them."""

from eth_abi.abi import encode
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.proofs.record_ids import record_id_of, series_id_of, title_id_of

NUMBER = "0x" + "5a" * 32


class TestIds:
    def test_they_are_the_hash_of_the_abi_encoding_of_issuer_and_number(self) -> None:
        encoded = encode(["uint32", "bytes32"], [9, bytes.fromhex(NUMBER[2:])])
        expected = "0x" + keccak(encoded).hex()
        found = {of(PartyIndex(9), NUMBER) for of in (record_id_of, series_id_of, title_id_of)}
        assert found == {expected}

    def test_one_number_makes_another_id_for_each_issuer(self) -> None:
        assert len({title_id_of(PartyIndex(index), NUMBER) for index in range(1, 50)}) == 49
