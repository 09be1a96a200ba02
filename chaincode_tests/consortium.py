"""A consortium to test with: all contracts deployed, and parties of every role."""

from dataclasses import dataclass

from chaincode_tests.chain import Chain
from chaincode_tests.contract import Contract, deploy

CARRIER, TRADER, BANK, INSURER, REGULATOR, KEYHOLDER, NOTARY, OPERATOR = (1 << i for i in range(8))
ACTIVE, SUSPENDED, REVOKED = 1, 2, 3
NO_PARTY = 0
NOBODY = "0x" + "00" * 20
DAY = 24 * 3600
ROTATION_WINDOW = DAY
ADMIN_ROLE, COUNCIL_ROLE = 0, 1
# three of four or five; the window to object is longer than the delay
PAPER_DELAY = 5 * DAY
THRESHOLD, DELAY, OBJECTION_WINDOW = 3, 2 * DAY, 3 * DAY


@dataclass(frozen=True)
class Party:
    """An enrolled party and the one account that acts for it."""

    index: int
    account: str


@dataclass(frozen=True)
class Consortium:
    """What every test starts from; `admin` is the Authority's admin, and no party. The Council is
    not founded yet."""

    chain: Chain
    admin: str
    authority: Contract
    parties: Contract
    platforms: Contract
    council: Contract
    gate: Contract
    gateways: Contract
    titles: Contract
    invoices: Contract
    policies: Contract
    anchors: Contract
    carrier: Party
    other_carrier: Party
    shipper: Party
    buyer: Party
    second_buyer: Party
    bank: Party
    insurer: Party
    regulator: Party  # and every other role that no act of a title asks for
    stranger: str  # an account of no party
    spare: str  # another

    def set_status(self, party: Party, status: int) -> None:
        if status == REVOKED:
            self.revoke(party)
        else:
            self.parties.transact(self.admin, "changeStatus", party.index, status, "for the test")

    def revoke(self, party: Party, successor: int = NO_PARTY) -> None:
        self.parties.transact(self.admin, "revoke", party.index, successor, "for the test")

    def recognise(self, gateway: str) -> str:
        """The gateway, from now on."""
        self.gateways.transact(self.admin, "recognise", gateway, "for the test")
        return gateway

    def admit(self, gateway: str, carrier: Party | None = None) -> str:
        """The gateway, which brings in titles of the carrier's from now on."""
        account = (carrier or self.carrier).account
        self.gateways.transact(account, "admit", gateway)
        return gateway

    def add_account(self, party: Party, account: str) -> None:
        """The party takes one account more, which takes as long as its rotation does."""
        self.parties.transact(party.account, "requestRotation", account, NOBODY)
        self.wait(ROTATION_WINDOW)
        self.parties.transact(party.account, "completeRotation", party.index)

    def fresh_account(self, number: int = 0) -> str:
        """An account that no party and no other test of this block has used."""
        return self.chain.accounts[-1 - number]

    def wait(self, seconds: int) -> None:
        """The next block is this much later than the last."""
        self.chain.next_block_at(self.chain.now + seconds)


def found_consortium(chain: Chain) -> Consortium:
    """Deploys the contracts in their order and enrols the parties."""
    admin, *accounts = chain.accounts
    free = iter(accounts)
    authority = deploy(chain, admin, "Authority", admin)
    parties = deploy(chain, admin, "PartyRegistry", authority.address, ROTATION_WINDOW)
    platforms = deploy(chain, admin, "PlatformRegistry", authority.address)
    gateways = deploy(chain, admin, "GatewayRegistry", authority.address, parties.address)
    council = deploy_council(chain, admin, (authority, parties, platforms, gateways))
    gate = deploy(chain, admin, "BankGate", parties.address)

    def enrolled(roles: int) -> Party:
        return enrol(parties, admin, roles, next(free))

    return Consortium(
        chain=chain,
        admin=admin,
        authority=authority,
        parties=parties,
        platforms=platforms,
        council=council,
        gate=gate,
        gateways=gateways,
        titles=deploy_titles(chain, admin, (parties, gate, gateways)),
        invoices=deploy(chain, admin, "InvoiceRegistry", parties.address),
        policies=deploy(chain, admin, "PolicyRegistry", parties.address),
        anchors=deploy(chain, admin, "TrailAnchor", parties.address),
        carrier=enrolled(CARRIER),
        other_carrier=enrolled(CARRIER),
        shipper=enrolled(TRADER),
        buyer=enrolled(TRADER),
        second_buyer=enrolled(TRADER),
        bank=enrolled(BANK),
        insurer=enrolled(INSURER),
        regulator=enrolled(REGULATOR | KEYHOLDER | NOTARY | OPERATOR),
        stranger=next(free),
        spare=next(free),
    )


def deploy_council(
    chain: Chain,
    admin: str,
    registries: tuple[Contract, Contract, Contract, Contract],
    terms: tuple[int, int, int] = (THRESHOLD, DELAY, OBJECTION_WINDOW),
) -> Contract:
    """A Council of authority, parties, platforms and gateways, admin beside its founder."""
    council = deploy(chain, admin, "Council", *(each.address for each in registries), terms)
    registries[0].transact(admin, "grantRole", ADMIN_ROLE, council.address, 0)
    return council


def deploy_titles(chain: Chain, admin: str, asked: tuple[Contract, Contract, Contract]) -> Contract:
    """A TitleRegistry that asks these: parties, gate, gateways."""
    addresses = [each.address for each in asked]
    return deploy(chain, admin, "TitleRegistry", *addresses, PAPER_DELAY)


def enrol(parties: Contract, admin: str, roles: int, account: str) -> Party:
    """One more party, by the registry's admin."""
    outcome = parties.transact(
        admin, "enrol", roles, account, b'{"name":"a party"}', "rulebook 1.0", "English law", []
    )
    return Party(outcome.events[0].fields["party"], account)
