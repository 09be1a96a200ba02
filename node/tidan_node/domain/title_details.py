"""What each act adds to the history of a title, as TitleRegistry defines it.

What fits a word is one; the rest is the hash of its ABI encoding. An act that is not named here
adds nothing (32 zero bytes), one with a reason the reason, one of a pledgee its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from eth_hash.auto import keccak

from tidan_node.domain.history import word, words
from tidan_node.domain.identifiers import Address, PartyIndex, Pledgee, TitleId, to_bytes
from tidan_node.domain.titles import Issuance, Offer, TitleKind
from tidan_node.domain.titles.terms import Replaced, terms_word


def issue_detail(issuance: Issuance) -> bytes:
    return _hash(_stated(issuance))


def paper_issue_detail(issuance: Issuance, withdrawal: str) -> bytes:
    return _hash(_stated(issuance), to_bytes(withdrawal))


def successor_detail(issuance: Issuance, origins: Iterable[TitleId]) -> bytes:
    return _hash(_stated(issuance), _joined(origins))


def import_detail(issuance: Issuance, issuer: PartyIndex, gateway: Address, transfer: str) -> bytes:
    return _hash(_stated(issuance), word(issuer), _account(gateway), to_bytes(transfer))


def offer_detail(offer: Offer) -> bytes:
    return word(offer.recipient | offer.what << 32 | offer.deadline << 40)


def transfer_detail(possessor: PartyIndex, titleholder: PartyIndex, kind: TitleKind) -> bytes:
    return word(possessor | titleholder << 32 | kind << 64)


def endorsement_detail(titleholder: PartyIndex, kind: TitleKind) -> bytes:
    return word(titleholder | kind << 32)


def proposal_detail(pledgee: Pledgee, deadline: int) -> bytes:
    return _hash(to_bytes(pledgee), word(deadline))


def enforcement_detail(pledgee: Pledgee, recipient: PartyIndex, deadline: int) -> bytes:
    return _hash(to_bytes(pledgee), words(recipient, deadline))


def pledgee_detail(pledgee: Pledgee) -> bytes:
    return to_bytes(pledgee)


def void_detail(how: Replaced, reason: int, successors: Iterable[TitleId]) -> bytes:
    return _hash(words(how, reason), _joined(successors))


def lock_detail(gateway: Address, transfer: str) -> bytes:
    return _hash(_account(gateway), to_bytes(transfer))


def gateway_detail(gateway: Address) -> bytes:
    return _account(gateway)


def _stated(issuance: Issuance) -> bytes:
    stated = (issuance.title_id, issuance.series, issuance.content_root)
    return b"".join(map(to_bytes, stated)) + word(terms_word(issuance))


def _joined(titles: Iterable[TitleId]) -> bytes:
    return _hash(*map(to_bytes, titles))


def _account(account: Address) -> bytes:
    return to_bytes(account).rjust(32, b"\0")


def _hash(*parts: bytes) -> bytes:
    return keccak(b"".join(parts))
