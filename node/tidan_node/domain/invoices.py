"""The rules of an invoice: what seller and buyer may say of it, and when. The contract keeps the
same."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Final

from tidan_node.domain.identifiers import ZERO_32, ContentRoot, PartyIndex, RecordId, TitleId
from tidan_node.domain.parties import Role, RoleMissing, Standing
from tidan_node.domain.record_problems import (
    AlreadyRegistered,
    BuyerIsTheSeller,
    EmptyValue,
    NotTheBuyer,
    NotTheSeller,
    WrongStatus,
)
from tidan_node.domain.title_problems import StaleSeq

SELLERS: Final = Role.TRADER | Role.CARRIER


class InvoiceStatus(enum.IntEnum):
    """The states of an invoice, numbered as in InvoiceRegistry."""

    NONE = 0
    REGISTERED = 1
    ACCEPTED = 2
    DISPUTED = 3
    SETTLED = 4
    CANCELLED = 5
    REPLACED = 6


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """What a seller states when it registers an invoice."""

    invoice_id: RecordId
    content_root: ContentRoot
    schema: int
    version: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice as it stands after `seq` acts. Each act gives the invoice after it, or a Problem.

    Checks come in the contract's order: seq, status, the caller's place, the caller is active, the
    rest.
    """

    invoice_id: RecordId
    seller: PartyIndex
    buyer: PartyIndex
    status: InvoiceStatus
    seq: int
    content_root: ContentRoot
    schema: int
    version: int

    @classmethod
    def register(
        cls, terms: InvoiceTerms, *, seller: Standing, buyer: Standing, taken: bool
    ) -> Invoice:
        """A new invoice, by an active trader or carrier to another active party."""
        seller.require_active("caller")
        if not seller.roles & SELLERS:
            raise RoleMissing(f"{seller.called} is neither trader nor carrier", field="caller")
        if taken:
            raise AlreadyRegistered("this invoice is registered already", field="invoice")
        if buyer.party == seller.party:
            raise BuyerIsTheSeller("the seller cannot be the buyer", field="buyer")
        buyer.require_active("buyer")
        return cls(
            invoice_id=terms.invoice_id,
            seller=seller.party,
            buyer=buyer.party,
            status=InvoiceStatus.REGISTERED,
            seq=1,
            content_root=terms.content_root,
            schema=terms.schema,
            version=terms.version,
        )

    def accept(self, *, caller: Standing, expected_seq: int) -> Invoice:
        """The buyer says that it owes this, also of an invoice that it had disputed."""
        self._require_seq(expected_seq)
        self._require_status(InvoiceStatus.REGISTERED, InvoiceStatus.DISPUTED)
        self._require_buyer(caller)
        return self._after(InvoiceStatus.ACCEPTED)

    def dispute(self, *, caller: Standing, expected_seq: int) -> Invoice:
        """The buyer finds something wrong with an invoice that it has not accepted."""
        self._require_seq(expected_seq)
        self._require_status(InvoiceStatus.REGISTERED)
        self._require_buyer(caller)
        return self._after(InvoiceStatus.DISPUTED)

    def settle(self, *, caller: Standing, expected_seq: int) -> Invoice:
        """The seller states that it is paid."""
        self._require_seq(expected_seq)
        self._require_status(InvoiceStatus.ACCEPTED, InvoiceStatus.DISPUTED)
        self._require_seller(caller)
        return self._after(InvoiceStatus.SETTLED)

    def cancel(self, *, caller: Standing, expected_seq: int) -> Invoice:
        """The seller takes back an invoice that is not accepted."""
        self._require_seq(expected_seq)
        self._require_status(InvoiceStatus.REGISTERED, InvoiceStatus.DISPUTED)
        self._require_seller(caller)
        return self._after(InvoiceStatus.CANCELLED)

    def link(self, title: TitleId, *, caller: Standing, expected_seq: int) -> Invoice:
        """The seller states that the invoice is for the goods of this title."""
        self._require_seq(expected_seq)
        self._require_status(
            InvoiceStatus.REGISTERED, InvoiceStatus.ACCEPTED, InvoiceStatus.DISPUTED
        )
        self._require_seller(caller)
        if title == ZERO_32:
            raise EmptyValue("a title's id is not zero", field="title")
        return self._after(self.status)

    def _after(self, status: InvoiceStatus) -> Invoice:
        return replace(self, status=status, seq=self.seq + 1)

    def _require_seq(self, expected_seq: int) -> None:
        if expected_seq != self.seq:
            raise StaleSeq(
                f"the invoice is at seq {self.seq}, the request expects {expected_seq}",
                field="expectedSeq",
                actualSeq=self.seq,
            )

    def _require_status(self, *allowed: InvoiceStatus) -> None:
        if self.status not in allowed:
            names = " or ".join(status.name for status in allowed)
            raise WrongStatus(
                f"the invoice is {self.status.name}; this needs one that is {names}",
                field="invoice",
            )

    def _require_seller(self, caller: Standing) -> None:
        if caller.party != self.seller:
            raise NotTheSeller(
                f"{caller.called} did not issue the invoice, party {self.seller} did",
                field="caller",
            )
        caller.require_active("caller")

    def _require_buyer(self, caller: Standing) -> None:
        if caller.party != self.buyer:
            raise NotTheBuyer(
                f"the invoice is not made out to {caller.called}, but to party {self.buyer}",
                field="caller",
            )
        caller.require_active("caller")
