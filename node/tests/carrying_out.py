"""What the contracts would do with a node's calls, done to the story that the offices share."""

from __future__ import annotations

from typing import Any

from tests.council_acts import on_council, on_gateways, on_rotation
from tests.story import Story, acting, hex_of
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex, to_bytes
from tidan_node.domain.invoices import InvoiceTerms
from tidan_node.domain.policies import PolicyTerms
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import decode_call

ON_INVOICES = {
    "accept": told.InvoiceAccepted,
    "dispute": told.InvoiceDisputed,
    "settle": told.InvoiceSettled,
    "cancel": told.InvoiceCancelled,
    "link": told.InvoiceLinked,
}
ON_POLICIES = {
    "endorse": told.PolicyEndorsed,
    "assign": told.PolicyAssigned,
    "cancel": told.PolicyCancelled,
}


def carry_out(story: Story, call: Call, caller: PartyIndex) -> None:
    """What the contract does with this call, if the rules let it; a Problem if they do not."""
    arguments: Any = call.args  # Any: what the handlers made of an intent, checked by its use
    match call.contract:
        case "TitleRegistry" if call.function == "relay":
            data, signer, until, _ = arguments
            assert until > story.now
            relayed = decode_call("TitleRegistry", to_bytes(data))
            (party,) = (each for each, accounts in story.accounts.items() if signer in accounts)
            assert relayed is not None
            carry_out(story, relayed, party)
        case "TitleRegistry":
            story.on_title(call.function, *map(_as_bytes, arguments), account=acting(caller))
        case "InvoiceRegistry":
            _on_invoice(story, call.function, caller, *arguments)
        case "PolicyRegistry":
            _on_policy(story, call.function, caller, *arguments)
        case "Council":
            on_council(story, call.function, caller, *arguments)
        case "PartyRegistry" if call.function == "changeProfile":
            raw = bytes.fromhex(arguments[0][2:])
            story.emit(told.ProfileChanged(caller, hex_of(raw), raw))
        case "PartyRegistry":
            on_rotation(story, call.function, caller, *arguments)
        case "GatewayRegistry":
            on_gateways(story, call.function, caller, *arguments)
        case contract:
            raise AssertionError(f"there is no {contract}.{call.function}")


def _on_invoice(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    if function == "register":
        number, root, buyer, schema, version = arguments
        invoice = record_id_of(caller, number)
        story.register_invoice(caller, buyer, InvoiceTerms(invoice, root, schema, version))
        return
    invoice, seq, *terms = arguments
    assert seq == story.invoices[invoice].seq
    members = {"dispute": "reason", "link": "title"}
    named = {members[function]: terms[0]} if terms else {}
    story.act_on_invoice(invoice, ON_INVOICES[function], **named)


def _on_policy(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    if function == "issue":
        number, root, insured, *more = arguments
        policy = record_id_of(caller, number)
        story.issue_policy(caller, insured, PolicyTerms(policy, root, *more))
        return
    policy, seq, *terms = arguments
    assert seq == story.policies[policy].seq
    members = {"endorse": "root", "assign": "loss_payee"}
    named = {members[function]: terms[0]} if terms else {}
    story.act_on_policy(policy, ON_POLICIES[function], **named)


def _as_bytes(argument: Any) -> Any:  # Any: as above
    """Words are hex in an intent, and bytes in the ABI."""
    if isinstance(argument, list | tuple):
        return tuple(map(_as_bytes, argument))
    is_word = isinstance(argument, str) and len(argument) == 66
    return to_bytes(argument) if is_word else argument
