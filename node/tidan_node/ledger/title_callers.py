"""Through which account a transaction acted on titles: its sender's, or that of who signed the act
that it relays."""

from __future__ import annotations

from typing import Any, Final

from tidan_node.domain.identifiers import ZERO_20, Address, to_bytes
from tidan_node.ledger.codec import decode_call
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Json
from tidan_node.ledger.signed_acts import SignedActs
from tidan_node.problems import Problem

_REGISTRY: Final = "TitleRegistry"


def title_caller(transaction: Json, manifest: Manifest) -> Address | None:
    """The account, computed from the signature where the act was relayed: what the relay says of
    it is the registry's to check, and an audit checks the registry. None of a transaction that was
    sent to another contract."""
    registry = manifest.address_of(_REGISTRY)
    if str(transaction["to"]).lower() != registry:
        return None
    call = decode_call(_REGISTRY, to_bytes(transaction["input"]))
    if call is None or call.function != "relay":
        return Address(transaction["from"].lower())
    arguments: Any = call.args  # Any: as the ABI decodes them
    relayed, _, valid_until, signature = arguments
    acts = SignedActs(manifest.chain_id, registry)
    try:
        return acts.signer_of(acts.act_in(relayed), valid_until, signature)
    except Problem:
        return Address(ZERO_20)  # nobody's: the registry ought to have refused it
