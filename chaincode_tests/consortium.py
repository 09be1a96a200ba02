"""A consortium to test with: all contracts deployed, and parties of every role."""

from dataclasses import dataclass

from chaincode_tests.chain import Chain
from chaincode_tests.contract import Contract, deploy

CARRIER, TRADER, BANK, INSURER, REGULATOR, KEYHOLDER, NOTARY, OPERATOR = (1 << i for i in range(8))
ACTIVE, SUSPENDED, REVOKED = 1, 2, 3


@dataclass(frozen=True)
class Party:
    """An enrolled party and the one account that acts for it."""

    index: int
    account: str


@dataclass(frozen=True)
class Consortium:
    """What every test starts from; `admin` is the Authority's admin and no party."""

    chain: Chain
    admin: str
    authority: Contract
    parties: Contract
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
        self.parties.transact(self.admin, "changeStatus", party.index, status, "for the test")


def found_consortium(chain: Chain) -> Consortium:
    """Deploys the contracts in their order and enrols the parties."""
    admin, *accounts = chain.accounts
    free = iter(accounts)
    authority = deploy(chain, admin, "Authority", admin)
    parties = deploy(chain, admin, "PartyRegistry", authority.address)

    def enrolled(roles: int) -> Party:
        return enrol(parties, admin, roles, next(free))

    return Consortium(
        chain=chain,
        admin=admin,
        authority=authority,
        parties=parties,
        titles=deploy(chain, admin, "TitleRegistry", parties.address),
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


def enrol(parties: Contract, admin: str, roles: int, account: str) -> Party:
    """One more party, by the registry's admin."""
    outcome = parties.transact(
        admin, "enrol", roles, account, b'{"name":"a party"}', "rulebook 1.0", "English law"
    )
    return Party(outcome.events[0].fields["party"], account)
