"""Facts of payments: ISO 20022 pacs.008 (a transfer) and camt.054 (what a bank booked)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tidan_node.verification.facts.papers import Booking, Payment
from tidan_node.verification.facts.places import VALUE, Place
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Money, PaperParty, Said, SaidParty

CURRENCY = "Ccy"
CREDIT, DEBIT = "CRDT", "DBIT"


def read_transfers(root: Place) -> Iterator[Payment]:
    """Each transfer of a FIToFICstmrCdtTrf; the amount instructed counts before the one settled."""
    for transfer in root.every("FIToFICstmrCdtTrf", "CdtTrfTxInf"):
        amount = _amount(transfer, "InstdAmt") or _amount(transfer, "IntrBkSttlmAmt")
        if amount is None:
            raise PaperUnreadable(VALUE, "is missing", path=f"{transfer.path}/IntrBkSttlmAmt")
        group = root.member("FIToFICstmrCdtTrf", "GrpHdr")
        settled = transfer.date("IntrBkSttlmDt")
        if settled is None and group is not None:
            settled = group.date("IntrBkSttlmDt")
        yield Payment(
            paper=root.paper,
            end_to_end=transfer.text("PmtId", "EndToEndId"),
            amount=amount,
            on=settled,
            payer=_party(transfer.member("Dbtr")),
            payee=_party(transfer.member("Cdtr")),
            pays=_numbers(transfer),
            words=_texts(transfer, "RmtInf", "Ustrd"),
        )


def read_bookings(root: Place) -> Iterator[Payment]:
    """Each transaction of a BkToCstmrDbtCdtNtfctn that is booked; what is only pending has not
    moved, and a reversal is none."""
    for notice in root.every("BkToCstmrDbtCdtNtfctn", "Ntfctn"):
        owner = _party(notice.member("Acct", "Ownr"))
        for entry in notice.items("Ntry"):
            status, reversal = entry.text("Sts", "Cd") or entry.text("Sts"), entry.text("RvslInd")
            if (status is not None and status.value != "BOOK") or (
                reversal is not None and reversal.value in ("true", "1")
            ):
                continue
            yield from _booked(entry, owner)


def _booked(entry: Place, owner: SaidParty | None) -> Iterator[Payment]:
    details = list(entry.every("NtryDtls", "TxDtls"))
    on = _day(entry.member("ValDt")) or _day(entry.member("BookgDt"))
    stated = entry.text("CdtDbtInd")
    parts = []
    for part in details or [entry]:
        # An entry of one transaction may leave the amount to the entry.
        amount = _amount(part, "Amt") or (_amount(entry, "Amt") if len(details) <= 1 else None)
        if amount is None:
            raise PaperUnreadable(VALUE, "is missing", path=f"{part.path}/Amt")
        parts.append((part, amount, part.text("CdtDbtInd") or stated))
    whole = _amount(entry, "Amt")
    amounts = tuple(amount for _, amount, _ in parts)
    net = _net([(amount, direction) for _, amount, direction in parts], whole, stated)
    for part, amount, direction in parts:
        is_credit = direction is not None and direction.value == CREDIT
        payer = _party(part.member("RltdPties", "Dbtr"))
        payee = _party(part.member("RltdPties", "Cdtr"))
        yield Payment(
            paper=entry.paper,
            end_to_end=part.text("Refs", "EndToEndId"),
            amount=amount,
            on=on,
            payer=payer or (None if is_credit else owner),
            payee=payee or (owner if is_credit else None),
            pays=_numbers(part),
            words=_texts(part, "RmtInf", "Ustrd"),
            booking=Booking(direction, owner, whole, amounts, net),
        )


def _net(
    parts: list[tuple[Said[Money], Said[str] | None]],
    whole: Said[Money] | None,
    stated: Said[str] | None,
) -> int | None:
    """What goes the other way than the entry is taken off."""
    currencies = {amount.value.currency for amount, _ in parts}
    if whole is None or currencies != {whole.value.currency}:
        return None
    way = None if stated is None else stated.value
    return sum(
        amount.value.amount
        if direction is None or way is None or direction.value == way
        else -amount.value.amount
        for amount, direction in parts
    )


def _amount(place: Place, name: str) -> Said[Money] | None:
    amount = place.money(name, currency=CURRENCY)
    if amount is not None and amount.value.amount < 0:
        raise PaperUnreadable(VALUE, "must not be negative", path=amount.path)
    return amount


def _day(place: Place | None) -> Said[date] | None:
    return None if place is None else place.date("Dt") or place.date("DtTm")


def _party(place: Place | None) -> SaidParty | None:
    """In later versions a party stands below Pty, as a bank may stand in its place."""
    if place is None:
        return None
    place = place.member("Pty") or place
    name = place.text("Nm")
    identifiers = set()
    for scheme in ("LEI", "AnyBIC"):
        value = place.text("Id", "OrgId", scheme)
        if value is not None:
            identifiers.add(f"{scheme}:{value.value}")
    found = PaperParty(None if name is None else name.value, frozenset(identifiers))
    return Said(found, place.paper, place.path)


def _numbers(place: Place) -> tuple[Said[str], ...]:
    return _texts(place, "RmtInf", "Strd", "RfrdDocInf", "Nb")


def _texts(place: Place, *names: str) -> tuple[Said[str], ...]:
    return tuple(text for each in place.every(*names) if (text := each.text()) is not None)
