"""What the contracts would do with a node's calls, done to the story that the offices share."""

from __future__ import annotations

from typing import Any

from tests.council_acts import on_council, on_rotation
from tests.story import Story, hex_of
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.invoices import InvoiceTerms
from tidan_node.domain.policies import PolicyTerms
from tidan_node.domain.titles import Issuance, Offered, Title, TitleKind
from tidan_node.ledger.calls import Call

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
        case "TitleRegistry":
            _on_title(story, call.function, caller, *arguments)
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
        case contract:
            raise AssertionError(f"there is no {contract}.{call.function}")


def _on_title(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    match function:
        case "issue":
            _issue(story, caller, *arguments[0])
        case "offer":
            title, _, recipient, what, deadline = arguments
            story.offer(
                title, PartyIndex(recipient), what=Offered(what), lasting=deadline - story.now
            )
        case "withdraw":
            story.withdraw(arguments[0])
        case "accept":
            story.accept(arguments[0])
        case "decline":
            story.decline(arguments[0])
        case "surrenderForDelivery":
            story.surrender(arguments[0])
        case "acceptSurrender":
            story.accept_surrender(arguments[0])
        case "rejectSurrender":
            story.reject_surrender(arguments[0], arguments[2])
        case _:
            raise AssertionError(f"there is no TitleRegistry.{function}")


def _on_invoice(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    if function == "register":
        invoice, root, buyer, schema, version = arguments
        story.register_invoice(caller, buyer, InvoiceTerms(invoice, root, schema, version))
        return
    invoice, seq, *terms = arguments
    assert seq == story.invoices[invoice].seq
    members = {"dispute": "reason", "link": "title"}
    named = {members[function]: terms[0]} if terms else {}
    story.act_on_invoice(invoice, ON_INVOICES[function], **named)


def _on_policy(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    if function == "issue":
        policy, root, insured, *more = arguments
        story.issue_policy(caller, insured, PolicyTerms(policy, root, *more))
        return
    policy, seq, *terms = arguments
    assert seq == story.policies[policy].seq
    members = {"endorse": "root", "assign": "loss_payee"}
    named = {members[function]: terms[0]} if terms else {}
    story.act_on_policy(policy, ON_POLICIES[function], **named)


def _issue(story: Story, caller: PartyIndex, *members: Any) -> None:
    title_id, series, root, possessor, titleholder, kind, schema, version = members
    issuance = Issuance(
        title_id, series, root, possessor, titleholder, TitleKind(kind), schema, version
    )
    story.titles[title_id] = Title.issue(
        issuance,
        carrier=story.standings[caller],
        possessor=story.standings[possessor],
        titleholder=story.standings.get(titleholder),
        id_taken=title_id in story.titles,
        series_taken=False,
    )
    story.emit(
        told.TitleIssued(
            title_id, caller, series, root, possessor, titleholder, issuance.kind, schema, version
        )
    )
