"""What a signed legacy transaction says, read from its bytes."""

from __future__ import annotations

from tidan_node.domain.identifiers import Address, to_hex
from tidan_node.ledger.embedded.rlp import Item, NotRlp, decode
from tidan_node.ledger.signer import LegacyTransaction


def read_transaction(raw: bytes, chain_id: int) -> LegacyTransaction:
    """The transaction that was signed for this chain."""
    fields = decode(raw)
    match fields:
        case [nonce, price, gas, bytes(to), value, bytes(data), _, _, _]:
            return LegacyTransaction(
                chain_id=chain_id,
                nonce=_number(nonce),
                gas_price=_number(price),
                gas=_number(gas),
                to=Address(to_hex(to)) if to else None,
                value=_number(value),
                data=data,
            )
    raise NotRlp("it is no legacy transaction")


def _number(item: Item) -> int:
    if not isinstance(item, bytes):
        raise NotRlp("a list stands where a number should")
    return int.from_bytes(item, "big")
