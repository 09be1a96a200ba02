"""A consortium in memory: its members act by the rules, and it emits what the contracts would."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from stdnum.iso7064 import mod_97_10

from tests.paper_acts import invoice_after, new_invoice, new_policy, policy_after
from tests.title_book.book import Call, Scene, TitleBook
from tests.title_book.calls import carry_out
from tests.title_book.members import Members
from tests.title_book.told import events_of
from tests.tls import certificate_of
from tidan_node.domain import events as happened
from tidan_node.domain.council import CouncilState
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.identifiers import (
    NO_PARTY,
    Address,
    BlockHash,
    ContentRoot,
    PartyIndex,
    RecordId,
    TitleId,
    TxHash,
    to_bytes,
)
from tidan_node.domain.invoices import Invoice, InvoiceTerms
from tidan_node.domain.membership_events import (
    AdmissionWithdrawn,
    GatewayAdmitted,
    GatewayDismissed,
    GatewayRecognised,
)
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.platforms import AnchorId, Recognition
from tidan_node.domain.policies import Policy, PolicyTerms
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.domain.proposals import Terms
from tidan_node.domain.titles import Offered, Title, TitleKind
from tidan_node.domain.titles.terms import packed

CHAIN = 31337
GENESIS_TIME = 1_700_000_000
LOSS_PAYEE = PartyIndex(3)
GATEWAY = Address("0x" + "9a" * 20)


def with_check_digits(prefix: str) -> str:
    """A made-up LEI: these 18 signs and the two check digits of ISO 7064."""
    return prefix + mod_97_10.calc_check_digits(prefix)


def hex_of(*parts: object, size: int = 32) -> str:
    """A name made of these parts, the same in every run."""
    return "0x" + hashlib.sha256(repr(parts).encode()).digest()[:size].hex()


def exchange_keys(index: int) -> ExchangeKeys:
    return ExchangeKeys.from_secret(index.to_bytes(32, "big"))


def acting(index: PartyIndex) -> Address:
    """The account that a party acts on titles with here, whatever becomes of its others."""
    return Address(f"0x{index:040x}")


def party(index: int) -> PartyIndex:
    return PartyIndex(index)


@dataclass
class Story:
    """Told by calling its acts, which keep to the rules; `chance.played` chooses by chance."""

    fork: str = "main"
    events: list[ChainEvent] = field(default_factory=list)
    block: int = 1
    standings: dict[PartyIndex, Standing] = field(default_factory=dict)
    accounts: dict[PartyIndex, list[Address]] = field(default_factory=dict)
    invoices: dict[RecordId, Invoice] = field(default_factory=dict)
    policies: dict[RecordId, Policy] = field(default_factory=dict)
    anchored: dict[PartyIndex, int] = field(default_factory=dict)
    council: CouncilState = field(default_factory=lambda: CouncilState(Terms(2, 86_400, 86_400)))
    recognitions: dict[AnchorId, Recognition] = field(default_factory=dict)
    book: TitleBook = field(init=False)

    def __post_init__(self) -> None:
        self.book = TitleBook(Members(self.standings, gateways={GATEWAY}))

    @property
    def now(self) -> int:
        return GENESIS_TIME + 5 * self.block

    def emit(self, *events: Event) -> None:
        """One transaction with these events, in the present block."""
        log = sum(1 for each in self.events if each.origin.block_number == self.block)
        transaction = TxHash(hex_of(self.fork, "transaction", self.block, log))
        for offset, event in enumerate(events):
            origin = Origin(
                chain_id=CHAIN,
                contract=Address(hex_of("contract", size=20)),
                block_number=self.block,
                block_hash=BlockHash(hex_of(self.fork, "block", self.block)),
                block_time=self.now,
                tx_hash=transaction,
                log_index=log + offset,
            )
            self.events.append(ChainEvent(event, origin))

    def next_block(self, count: int = 1) -> None:
        self.block += count

    def enrol(
        self,
        roles: Role,
        profile: bytes | None = None,
        *,
        terms: tuple[str, str] = ("rules-1", "SG"),
    ) -> PartyIndex:
        index = party(len(self.standings) + 1)
        account = Address(hex_of("account", index, size=20))
        self.standings[index] = Standing(index, roles, PartyStatus.ACTIVE)
        self.accounts[index] = [account]
        self.book.members.accounts[acting(index)] = index
        raw = profile if profile is not None else self.profile_of(index).canonical()
        self.emit(
            happened.PartyEnrolled(index, roles, *terms),
            happened.AccountAdded(index, account),
            happened.ProfileChanged(index, hex_of(raw), raw),
        )
        return index

    def profile_of(self, index: PartyIndex) -> Profile:
        keys = exchange_keys(index)
        return Profile(
            name=f"Party {index} Ltd",
            identifiers=(Identifier("LEI", with_check_digits(f"5299{index:014d}")),),
            node_url=f"https://node-{index}.example",
            codes=(f"SMDG:P{index}",),
            signing_key=keys.signing_jwk,
            encryption_key=keys.encryption_jwk,
            tls_certificates=(certificate_of(index),),
        )

    def change_status(self, index: PartyIndex, status: PartyStatus) -> None:
        since = self.now if status is PartyStatus.REVOKED else 0
        before = self.standings[index]
        self.standings[index] = replace(before, status=status, revoked_at=since)
        self.emit(happened.StatusChanged(index, status, f"is {status.name.lower()} now"))

    def change_roles(self, index: PartyIndex, roles: Role) -> None:
        self.standings[index] = replace(self.standings[index], roles=roles)
        self.emit(happened.RolesChanged(index, roles))

    def recognise_gateway(self, gateway: Address = GATEWAY) -> None:
        self.book.members.gateways.add(gateway)
        self.emit(GatewayRecognised(gateway, "another chain"))

    def dismiss_gateway(self, gateway: Address = GATEWAY) -> None:
        self.book.members.gateways.remove(gateway)
        self.emit(GatewayDismissed(gateway))

    def admit_gateway(self, carrier: PartyIndex, gateway: Address = GATEWAY) -> None:
        self.book.members.admissions.add((carrier, gateway))
        self.emit(GatewayAdmitted(carrier, gateway))

    def withdraw_admission(self, carrier: PartyIndex, gateway: Address = GATEWAY) -> None:
        self.book.members.admissions.remove((carrier, gateway))
        self.emit(AdmissionWithdrawn(carrier, gateway))

    @property
    def titles(self) -> dict[TitleId, Title]:
        """The titles as the rules have them."""
        return {title_id: kept.title for title_id, kept in self.book.kept.items()}

    def on_title(self, function: str, *arguments: object, account: Address) -> list[TitleId]:
        """A call of TitleRegistry, as the ABI takes it: which titles it touched."""
        call, scene = Call(function, arguments), Scene(account, self.now)
        before = dict(self.book.kept)
        touched = carry_out(self.book, call, scene)
        self.emit(*events_of(self.book, before, call, scene))
        return touched

    def issue(
        self,
        issuer: PartyIndex,
        possessor: PartyIndex,
        *,
        kind: TitleKind = TitleKind.ORDER,
        titleholder: PartyIndex | None = None,
    ) -> TitleId:
        number = len(self.titles) + 1
        holder = possessor if titleholder is None else titleholder
        names = [to_bytes(hex_of(name, number)) for name in ("title", "series", "root")]
        named = NO_PARTY if kind is TitleKind.BLANK else holder
        stated = (*names, packed(possessor, named, kind, 1, 1, 0))
        (title,) = self.on_title("issue", stated, account=acting(issuer))
        return title

    def offer(
        self,
        title_id: TitleId,
        recipient: PartyIndex,
        *,
        what: Offered = Offered.POSSESSION | Offered.TITLE,
        lasting: int = 3600,
    ) -> None:
        self._by_possessor("offer", title_id, recipient, what, self.now + lasting)

    def withdraw(self, title_id: TitleId) -> None:
        self._by_possessor("withdraw", title_id)

    def accept(self, title_id: TitleId) -> None:
        self._by(self._offeree(title_id), "accept", title_id)

    def decline(self, title_id: TitleId) -> None:
        self._by(self._offeree(title_id), "decline", title_id)

    def surrender(self, title_id: TitleId) -> None:
        self._by_possessor("surrenderForDelivery", title_id)

    def accept_surrender(self, title_id: TitleId) -> None:
        self._by(self.titles[title_id].issuer, "acceptSurrender", title_id)

    def reject_surrender(self, title_id: TitleId, reason: int = 1) -> None:
        self._by(self.titles[title_id].issuer, "rejectSurrender", title_id, reason)

    def register_invoice(
        self, seller: PartyIndex, buyer: PartyIndex, named: InvoiceTerms | None = None
    ) -> RecordId:
        id_ = RecordId(hex_of("invoice", len(self.invoices) + 1))
        terms = named or InvoiceTerms(id_, ContentRoot(hex_of("invoice root", id_)), 2, 1)
        parties = self.standings[seller], self.standings[buyer]
        invoice, event = new_invoice(terms, *parties, taken=terms.invoice_id in self.invoices)
        self.invoices[invoice.invoice_id] = invoice
        self.emit(event)
        return invoice.invoice_id

    def act_on_invoice(
        self, invoice: RecordId, act: type[Event], *, title: TitleId | None = None, reason: int = 2
    ) -> None:
        before = self.invoices[invoice]
        named = title or TitleId(hex_of("title", before.seq + 1))
        after, event = invoice_after(before, act, self.standings, title=named, reason=reason)
        self.invoices[invoice] = after
        self.emit(event)

    def issue_policy(
        self, insurer: PartyIndex, insured: PartyIndex, named: PolicyTerms | None = None
    ) -> RecordId:
        id_ = RecordId(hex_of("policy", len(self.policies) + 1))
        root = ContentRoot(hex_of("policy root", id_))
        terms = named or PolicyTerms(id_, root, self.now + 10_000, 3, 1)
        parties = self.standings[insurer], self.standings[insured]
        taken = terms.policy_id in self.policies
        policy, event = new_policy(terms, *parties, taken=taken, now=self.now)
        self.policies[policy.policy_id] = policy
        self.emit(event)
        return policy.policy_id

    def act_on_policy(
        self,
        policy: RecordId,
        act: type[Event],
        *,
        root: ContentRoot | None = None,
        loss_payee: PartyIndex = LOSS_PAYEE,
    ) -> None:
        before = self.policies[policy]
        named = root or ContentRoot(hex_of("policy root", policy, before.seq + 1))
        after, event = policy_after(
            before, act, self.standings, now=self.now, root=named, loss_payee=loss_payee
        )
        self.policies[policy] = after
        self.emit(event)

    def anchor(self, index: PartyIndex, count: int = 10) -> None:
        before = self.anchored.get(index, 0)
        self.anchored[index] = before + count
        checkpoint = hex_of("checkpoint", index, before)
        self.emit(happened.TrailAnchored(index, before + count, checkpoint, before))

    def _by_possessor(self, function: str, title_id: TitleId, *more: object) -> None:
        self._by(self.titles[title_id].possessor, function, title_id, *more)

    def _by(self, party: PartyIndex, function: str, title_id: TitleId, *more: object) -> None:
        seq = self.titles[title_id].seq
        self.on_title(function, to_bytes(title_id), seq, *more, account=acting(party))

    def _offeree(self, title_id: TitleId) -> PartyIndex:
        title = self.titles[title_id]
        return title.offer.recipient if title.offer else title.possessor
