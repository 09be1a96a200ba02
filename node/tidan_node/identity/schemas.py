"""Parties as callers see them."""

from __future__ import annotations

from tidan_node.domain.did import did_of
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.parties import role_names
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.registers import Standing, standing_of
from tidan_node.domain.tls_certificates import certificate_texts
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.roles import UserRole
from tidan_node.people.users import User
from tidan_node.records.recorded import Recorded
from tidan_node.web.shapes import AsOf, Moment, Shape, moment_of
from tidan_node.web.state import ChainFacts


class IdentifierAnswer(Shape):
    """A name of the party in a public list, by its own word."""

    scheme: str
    value: str
    checked: Standing
    """Whether such a number can exist in its list: `valid`, `invalid`, or `unchecked` where the
    list has no rule known here. Whose it is, is another question."""


class AccountAnswer(Shape):
    """An account of the party; one that is not active acts for nobody, for ever."""

    account: str
    active: bool


class NumberingKeyAnswer(Shape):
    """A code that the authority has registered for the party, and its key (P-256, compressed)."""

    code: str
    key: str


class RotationAnswer(Shape):
    """What the party has asked for its accounts; from that time on anybody may complete it."""

    added: str | None
    removed: str | None
    completable_from: Moment


class PartyAnswer(Shape):
    """A party: what the authority says of it, and in `profile` fields what it says of itself."""

    index: int
    name: str
    status: str
    status_reason: str
    roles: list[str]
    accounts: list[AccountAnswer]
    numbering_keys: list[NumberingKeyAnswer]
    rotation: RotationAnswer | None
    successor: int | None
    """The party that answers for this one, which is revoked: surrenders of its titles, pledges."""
    identifiers: list[IdentifierAnswer]
    codes: list[str]
    node_url: str | None
    signing_key: dict[str, str] | None
    """A public JWK (RFC 8037): what the party's node signs is verified with it."""
    encryption_key: dict[str, str] | None
    did: str | None
    """Its did:web: the one that it states, else that of its node's address."""
    certificates: list[str]
    """An X.509 chain in base64 DER, its own first, by which somebody vouches for it."""
    tls_certificates: list[str]
    """In base64 DER: what the party's node shows other nodes, which trust nothing else."""
    profile_hash: str | None
    profile_error: str | None
    """Why the profile on the chain cannot be read, where it cannot."""
    rulebook: str
    governing_law: str
    enrolled_at: Moment
    changed_at: Moment
    fault: str | None
    """What is wrong with the node's view of it, where something is."""

    @classmethod
    def of(cls, recorded: Recorded[PartyState]) -> PartyAnswer:
        party, profile = recorded.state, recorded.state.profile
        rotation = party.rotation
        return cls(
            index=party.index,
            name=party.name,
            status=party.status.name,
            status_reason=party.status_reason,
            roles=role_names(party.roles),
            accounts=[
                AccountAnswer(account=each.account, active=each.active) for each in party.accounts
            ],
            numbering_keys=[
                NumberingKeyAnswer(code=each.code, key=to_hex(each.key))
                for each in party.numbering_keys
            ],
            rotation=None
            if rotation is None
            else RotationAnswer(
                added=rotation.added,
                removed=rotation.removed,
                completable_from=moment_of(rotation.completable_from),
            ),
            successor=party.successor or None,
            identifiers=[
                IdentifierAnswer(scheme=each.scheme, value=each.value, checked=standing_of(each))
                for each in (profile.identifiers if profile else ())
            ],
            codes=list(profile.codes) if profile else [],
            node_url=profile.node_url if profile else None,
            signing_key=profile.signing_key if profile else None,
            encryption_key=profile.encryption_key if profile else None,
            did=did_of(profile) if profile else None,
            certificates=certificate_texts(profile.certificates if profile else ()),
            tls_certificates=certificate_texts(profile.tls_certificates if profile else ()),
            profile_hash=party.profile_hash,
            profile_error=party.profile_error,
            rulebook=party.rulebook,
            governing_law=party.governing_law,
            enrolled_at=moment_of(recorded.first.time),
            changed_at=moment_of(recorded.last.time),
            fault=recorded.fault,
        )


class PartyAsOf(PartyAnswer):
    """A party, and the block that this was true at."""

    as_of: AsOf


class PartyPage(Shape):
    """Parties, in the order in which they were enrolled."""

    items: list[PartyAnswer]
    next_cursor: str | None
    as_of: AsOf


class KeyAnswer(Shape):
    """The API key or session that the request was sent with."""

    id: str
    name: str
    scopes: list[Scope]
    session: bool
    agent: bool
    """Whether it acts in the place of the user, by delegation."""
    expires_at: Moment | None

    @classmethod
    def of(cls, caller: Caller) -> KeyAnswer:
        return cls(
            id=caller.key_id,
            name=caller.name,
            scopes=sorted(caller.scopes),
            session=caller.session,
            agent=caller.agent,
            expires_at=caller.expires_at,
        )


class UserOfMe(Shape):
    """The person who has signed in, or whose key it is."""

    id: str
    name: str
    roles: list[UserRole]

    @classmethod
    def of(cls, user: User) -> UserOfMe:
        return cls(id=user.user_id, name=user.name, roles=sorted(user.roles))


class ChainAnswer(Shape):
    """The chain that this node follows."""

    chain_id: int
    title_registry: str

    @classmethod
    def of(cls, chain: ChainFacts) -> ChainAnswer:
        return cls(chain_id=chain.chain_id, title_registry=chain.title_registry)


class MeAnswer(Shape):
    """Who is calling, and for whom this node speaks: null while its account is not enrolled."""

    key: KeyAnswer
    user: UserOfMe | None
    """None where the key is a service's."""
    account: str
    party: PartyAnswer | None
    chain: ChainAnswer
    as_of: AsOf
