"""The facts of each kind of paper, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tidan_node.verification.facts.said import Money, Price, Quantity, Said, SaidParty


@dataclass(frozen=True, slots=True)
class Container:
    """A container that a paper names, with what the paper says is in it and on its door."""

    reference: Said[str]
    seals: tuple[Said[str], ...] = ()
    packages: Said[Quantity] | None = None


@dataclass(frozen=True, slots=True)
class Vessel:
    """A ship on a voyage."""

    name: Said[str] | None
    imo: Said[str] | None
    voyage: Said[str] | None


@dataclass(frozen=True, slots=True)
class Bill:
    """A transport document: what the carrier took over, from whom, and where it goes."""

    paper: str
    number: Said[str]
    status: Said[str] | None
    bookings: tuple[Said[str], ...]
    shipper: SaidParty | None
    consignee: SaidParty | None
    made_out_to: SaidParty | None
    """To whose order it is, or the consignee of a straight one; nobody where it is in blank."""
    loading: Said[str] | None
    discharge: Said[str] | None
    delivery: Said[str] | None
    on_board: Said[date] | None
    issued: Said[date] | None
    departs: Said[date] | None
    arrives: Said[date] | None
    vessels: tuple[Vessel, ...]
    containers: tuple[Container, ...]
    packages: tuple[Said[Quantity], ...]
    gross: tuple[Said[Quantity], ...]
    net: tuple[Said[Quantity], ...]
    commodities: tuple[Said[str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice or a contract. The change is its allowances and charges together."""

    quantity: Said[Quantity] | None
    amount: Said[Money] | None
    price: Said[Price] | None
    change: int
    """In the smallest unit of the amount's currency; charges less allowances."""
    commodities: tuple[Said[str], ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums at the foot of an invoice (EN 16931, BG-22)."""

    lines: Said[Money] | None
    allowances: Said[Money] | None
    charges: Said[Money] | None
    before_tax: Said[Money] | None
    tax: Said[Money] | None
    with_tax: Said[Money] | None
    prepaid: Said[Money] | None
    rounding: Said[Money] | None
    payable: Said[Money] | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A commercial invoice: who bills whom for what."""

    paper: str
    number: Said[str]
    kind: Said[str] | None
    """What sort of invoice it is, by its code of UNTDID 1001."""
    issued: Said[date]
    due: Said[date] | None
    currency: Said[str]
    seller: SaidParty
    buyer: SaidParty
    orders: tuple[Said[str], ...]
    """What it says it is for: order, contract, the buyer's own reference."""
    documents: tuple[Said[str], ...]
    """Other documents that it names: bills of lading, declarations."""
    bills: tuple[Said[str], ...]
    """Those of them that it says are bills of lading."""
    delivered_to: tuple[Said[str], ...]
    """Countries (ISO 3166-1) of delivery."""
    lines: tuple[Line, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What a seller takes back of an invoice."""

    paper: str
    number: Said[str]
    seller: SaidParty | None
    credits: tuple[Said[str], ...]
    """Numbers of the invoices that it names."""
    payable: Said[Money] | None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of sale, as a UBL order."""

    paper: str
    number: Said[str]
    concluded: Said[date] | None
    currency: Said[str] | None
    seller: SaidParty | None
    buyer: SaidParty | None
    latest_shipment: Said[date] | None
    terms: Said[str] | None
    """The Incoterms rule, three letters."""
    named_place: Said[str] | None
    loading: tuple[Said[str], ...]
    discharge: tuple[Said[str], ...]
    lines: tuple[Line, ...]
    total: Said[Money] | None


@dataclass(frozen=True, slots=True)
class PackingList:
    """How the goods are packed, weighed and stowed."""

    paper: str
    number: Said[str]
    issued: Said[date] | None
    consignor: SaidParty | None
    goods: tuple[Said[Quantity], ...]
    packages: Said[Quantity] | None
    gross: Said[Quantity] | None
    net: Said[Quantity] | None
    items_gross: tuple[Said[Quantity], ...]
    items_net: tuple[Said[Quantity], ...]
    loading: tuple[Said[str], ...]
    discharge: tuple[Said[str], ...]
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A cargo policy: which goods, on which voyage, for how much, from when to when."""

    paper: str
    number: Said[str]
    issued: Said[date] | None
    cover_from: Said[date]
    cover_until: Said[date]
    insured: SaidParty
    sum_insured: Said[Money]
    claims_in: Said[str] | None
    goods_insured: tuple[Said[Money], ...]
    vessel: Vessel
    loading: Said[str] | None
    discharge: Said[str] | None
    commodities: tuple[Said[str], ...]
    packages: tuple[Said[Quantity], ...]
    gross: tuple[Said[Quantity], ...]
    bills: tuple[Said[str], ...]
    invoices: tuple[tuple[Said[str], Said[Money] | None], ...]
    containers: tuple[Said[str], ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """What a bank says of the entry that a payment is booked by, on the account of its owner."""

    direction: Said[str] | None
    """CRDT where it came in, DBIT where it went out; the transaction's, else the entry's."""
    owner: SaidParty | None
    entry: Said[Money] | None
    parts: tuple[Said[Money], ...]
    net: int | None
    """The transactions of the entry together, in its direction; None in several currencies."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved, or that a bank says has come in or gone out."""

    paper: str
    end_to_end: Said[str] | None
    amount: Said[Money]
    on: Said[date] | None
    payer: SaidParty | None
    payee: SaidParty | None
    pays: tuple[Said[str], ...]
    """Numbers of the documents that it is for."""
    words: tuple[Said[str], ...]
    """Unstructured remittance information."""
    booking: Booking | None = None
    """None of a transfer, which no bank has booked."""


@dataclass(frozen=True, slots=True)
class TrackedEvent:
    """One event of track and trace that has happened (classifier ACT)."""

    paper: str
    path: str
    code: str
    """LOAD, DISC, DEPA, ARRI, GTIN, …"""
    at: Said[datetime]
    place: Said[str] | None
    vessel: Vessel
    container: Container | None
    transshipment: bool
    documents: tuple[tuple[str, Said[str]], ...]
    """Kind (TRD, BKG, …) and number of each document that it concerns."""


@dataclass(frozen=True, slots=True)
class Papers:
    """All that was read, by kind."""

    bills: tuple[Bill, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    contracts: tuple[Contract, ...] = ()
    packing_lists: tuple[PackingList, ...] = ()
    policies: tuple[Policy, ...] = ()
    payments: tuple[Payment, ...] = ()
    events: tuple[TrackedEvent, ...] = ()
