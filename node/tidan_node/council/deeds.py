"""What a call of the Council does, read back from its bytes: in fields, and in a sentence."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eth_hash.auto import keccak

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, to_hex
from tidan_node.domain.parties import PartyStatus, Role, role_names
from tidan_node.domain.platforms import AnchorKind, anchor_id_of
from tidan_node.domain.profiles import ProfileMalformed, read_profile
from tidan_node.ledger.codec import decode_call
from tidan_node.records.party_rows import plain_text
from tidan_node.web.shapes import Names, as_utc, moment_of

UNREADABLE: Final = "unreadable"
Fields = dict[str, Any]  # Any: JSON, by kind of deed
Told = tuple[str, str, Fields]


@dataclass(frozen=True, slots=True)
class Deed:
    """A kind as it is proposed, a sentence for people, and the call's arguments by their names."""

    kind: str
    words: str
    details: Fields = field(default_factory=dict)


def deed_of(contract: str | None, data: bytes, names: Names) -> Deed:
    """What the contract of this name would be told. `names` are those of `parties_in`."""
    call = None if contract is None else decode_call(contract, data)
    tell = None if call is None else _TELLERS.get((call.contract, call.function))
    if call is None or tell is None:
        return Deed(UNREADABLE, "a call that this node cannot read", {"data": to_hex(data)})
    try:
        return Deed(*tell(call.args, _Named(names)))
    except (ValueError, LookupError):
        return Deed(UNREADABLE, f"{call.function} with arguments that make no sense")


def parties_in(contract: str | None, data: bytes) -> set[PartyIndex]:
    """Every party that the call names."""
    call = None if contract is None else decode_call(contract, data)
    if call is None:
        return set()
    named = _PARTIES_AT.get((call.contract, call.function), ())
    return {PartyIndex(int(str(call.args[place]))) for place in named} - {NO_PARTY}


@dataclass(frozen=True, slots=True)
class _Named:
    names: Names

    def words(self, party: int) -> str:
        return f"{self.names.get(PartyIndex(party), 'nobody enrolled')} (party {party})"

    def fields(self, party: int) -> Fields | None:
        if party == NO_PARTY:
            return None
        index = PartyIndex(party)
        return {"index": party, "name": self.names.get(index, f"party {party}")}


Arguments = tuple[Any, ...]  # Any: as the ABI decodes them; each teller knows its own


def _enrol(args: Arguments, _: _Named) -> Told:
    roles, account, raw, rulebook, law, codes = args
    details: Fields = {
        "roles": role_names(Role(roles)),
        "account": account,
        "profileHash": to_hex(keccak(raw)),
        "codes": [{"code": plain_text(code), "key": to_hex(key)} for code, key in codes],
        "rulebook": plain_text(rulebook),
        "governingLaw": plain_text(law),
        "name": None,
        "identifiers": [],
        "nodeUrl": None,
        "profileError": None,
    }
    try:
        profile = read_profile(raw)
    except ProfileMalformed as malformed:
        details["profileError"] = f"{malformed.field}: {malformed.detail}"
        who = "a party whose profile cannot be read"
    else:
        who = profile.name
        details["name"] = profile.name
        details["nodeUrl"] = profile.node_url
        details["identifiers"] = [str(each) for each in profile.identifiers]
    return "enrol", f"enrol {who} as {_said(roles)} with account {account}", details


def _status(args: Arguments, named: _Named) -> Told:
    party, status, reason = args
    kind = _STATUS_KINDS[PartyStatus(status)]
    details = {"party": named.fields(party), "reason": plain_text(reason)}
    return kind, f"{kind} {named.words(party)}", details


def _revoke(args: Arguments, named: _Named) -> Told:
    party, successor, reason = args
    words = f"revoke {named.words(party)} for ever"
    if successor != NO_PARTY:
        words += f"; {named.words(successor)} answers the surrenders of its titles"
    details = {
        "party": named.fields(party),
        "successor": named.fields(successor),
        "reason": plain_text(reason),
    }
    return "revoke", words, details


def _successor(args: Arguments, named: _Named) -> Told:
    party, successor = args
    words = f"let {named.words(successor)} answer the surrenders of {named.words(party)}"
    details = {"party": named.fields(party), "successor": named.fields(successor)}
    return "name-successor", words, details


def _change_roles(args: Arguments, named: _Named) -> Told:
    party, roles = args
    details = {"party": named.fields(party), "roles": role_names(Role(roles))}
    return "change-roles", f"make {named.words(party)} {_said(roles)} and nothing else", details


def _register(args: Arguments, named: _Named) -> Told:
    party, code, key = args
    details = {"party": named.fields(party), "code": plain_text(code), "key": to_hex(key)}
    return "register-code", f"register {plain_text(code)} for {named.words(party)}", details


def _recover(args: Arguments, named: _Named) -> Told:
    party, added, reason = args
    words = f"end every account of {named.words(party)} and let {added} act for it"
    details = {"party": named.fields(party), "added": added, "reason": plain_text(reason)}
    return "recover", words, details


def _recognise(args: Arguments, _: _Named) -> Told:
    platform, kind, anchor, roles, acts, expires_at = args
    until = as_utc(moment_of(expires_at))
    details = anchor_fields(AnchorKind(kind), anchor) | {
        "anchor": anchor_id_of(platform, AnchorKind(kind), anchor),
        "platform": plain_text(platform),
        "roles": role_names(Role(roles)),
        "acts": acts.split(),
        "expiresAt": until,
    }
    words = (
        f"recognise {plain_text(platform)} until {until}: its users may {', '.join(acts.split())}"
        f" for parties that are {_said(roles)}"
    )
    return "recognise", plain_text(words), details


def _withdraw(args: Arguments, _: _Named) -> Told:
    return "withdraw", f"withdraw the recognition {args[0]}", {"anchor": args[0]}


def _recognise_gateway(args: Arguments, _: _Named) -> Told:
    gateway, name = args
    details = {"gateway": gateway, "name": plain_text(name)}
    return "recognise-gateway", f"recognise the gateway {plain_text(name)} ({gateway})", details


def _dismiss_gateway(args: Arguments, _: _Named) -> Told:
    return "dismiss-gateway", f"dismiss the gateway {args[0]}", {"gateway": args[0]}


def _seat(kind: str, verb: str) -> Callable[[Arguments, _Named], Told]:
    def told(args: Arguments, named: _Named) -> Told:
        return kind, verb.format(named.words(args[0])), {"party": named.fields(args[0])}

    return told


def anchor_fields(kind: AnchorKind, anchor: bytes) -> Fields:
    """An anchor as answers show it: what it is, and how people compare it over the telephone."""
    if kind is AnchorKind.DID:
        return {
            "did": plain_text(anchor.decode(errors="replace")),
            "certificate": None,
            "sha256": None,
        }
    return {
        "did": None,
        "certificate": base64.b64encode(anchor).decode(),
        "sha256": hashlib.sha256(anchor).hexdigest(),
    }


def _said(roles: int) -> str:
    return " and ".join(role_names(Role(roles))) or "nothing"


_STATUS_KINDS: Final = {PartyStatus.SUSPENDED: "suspend", PartyStatus.ACTIVE: "reinstate"}
_REGISTRY, _PLATFORMS, _COUNCIL = "PartyRegistry", "PlatformRegistry", "Council"
_GATEWAYS: Final = "GatewayRegistry"
_TELLERS: Final[Mapping[tuple[str, str], Callable[[Arguments, _Named], Told]]] = {
    (_REGISTRY, "enrol"): _enrol,
    (_REGISTRY, "changeStatus"): _status,
    (_REGISTRY, "revoke"): _revoke,
    (_REGISTRY, "nameSuccessor"): _successor,
    (_REGISTRY, "changeRoles"): _change_roles,
    (_REGISTRY, "registerNumberingKey"): _register,
    (_REGISTRY, "recover"): _recover,
    (_PLATFORMS, "recognise"): _recognise,
    (_PLATFORMS, "withdraw"): _withdraw,
    (_GATEWAYS, "recognise"): _recognise_gateway,
    (_GATEWAYS, "dismiss"): _dismiss_gateway,
    (_COUNCIL, "addSeat"): _seat("add-seat", "give {} a seat in the Council"),
    (_COUNCIL, "removeSeat"): _seat("remove-seat", "take the Council's seat from {}"),
}
_PARTIES_AT: Final[Mapping[tuple[str, str], tuple[int, ...]]] = {
    (_REGISTRY, "changeStatus"): (0,),
    (_REGISTRY, "revoke"): (0, 1),
    (_REGISTRY, "nameSuccessor"): (0, 1),
    (_REGISTRY, "changeRoles"): (0,),
    (_REGISTRY, "registerNumberingKey"): (0,),
    (_REGISTRY, "recover"): (0,),
    (_COUNCIL, "addSeat"): (0,),
    (_COUNCIL, "removeSeat"): (0,),
}
