"""Keys that only sign: they have no node and no gas, and are an account of a party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.story import Story
from tidan_node.domain.events import AccountAdded
from tidan_node.domain.identifiers import Address, PartyIndex

Json = dict[str, Any]  # Any: JSON

OFFLINE: Final = Account.from_key("0x" + "11" * 32)
STRANGER: Final = Account.from_key("0x" + "22" * 32)


def give_offline_key(story: Story, party: int) -> None:
    """From now on the offline key is an account of this party, too."""
    account = Address(OFFLINE.address.lower())
    story.accounts[PartyIndex(party)].append(account)
    story.emit(AccountAdded(PartyIndex(party), account))


def signed(prepared: Mapping[str, Any], key: Any = OFFLINE) -> Json:
    """What is relayed of an act that was prepared, once this key has signed it."""
    message = encode_typed_data(full_message=dict(prepared["typedData"]))
    return {
        "call": prepared["call"],
        "signer": key.address,
        "validUntil": prepared["validUntil"],
        "signature": "0x" + bytes(key.sign_message(message).signature).hex(),
    }
