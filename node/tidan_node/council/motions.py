"""A wish becomes the call that the Council would make, if what it says can be done today."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from tidan_node.council import proposing as wanted
from tidan_node.domain.certificates.reading import is_authority, read_certificate
from tidan_node.domain.certificates.refused import refused
from tidan_node.domain.council import CouncilState
from tidan_node.domain.gateway_problems import GatewayAlreadyRecognised, GatewayUnknown
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ZERO_20,
    Address,
    IssuerCode,
    PartyIndex,
    address,
    to_bytes,
)
from tidan_node.domain.parties import PartyStatus, Role, role_named
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.platforms import (
    AnchorKind,
    AnchorWithdrawn,
    RecognitionExpired,
    acts_of,
    anchor_id,
    platform_code,
)
from tidan_node.domain.profiles import Profile, read_profile
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.ecvrf import validate_public_key
from tidan_node.domain.proofs.problems import NumberingRefused
from tidan_node.domain.record_problems import (
    AccountTaken,
    CodeTaken,
    EmptyValue,
    NumberingKeyMalformed,
    PartyNotRevoked,
    PartyRevoked,
    PartyStatusRefused,
    SuccessorUnfit,
)
from tidan_node.domain.registers import check_codes, check_profile
from tidan_node.ledger.calls import Call
from tidan_node.problems import InvalidInput
from tidan_node.records.records import Records


@dataclass(frozen=True, slots=True)
class Wish:
    """A call of the Council, and whose accounts it would take away."""

    call: Call
    subject: PartyIndex = NO_PARTY


@dataclass(frozen=True, slots=True)
class Motions:
    """Asks the node's view first: what the contract would refuse today is refused here, with the
    field at fault. By the time it is executed the contract decides anew."""

    records: Records
    council: CouncilState
    now: int

    async def of(self, request: wanted.ProposalRequest) -> Wish:  # noqa: PLR0911, PLR0912  one a kind
        match request:
            case wanted.Enrol():
                return await self._enrol(request)
            case wanted.Suspend():
                return await self._status(request, PartyStatus.SUSPENDED)
            case wanted.Reinstate():
                return await self._status(request, PartyStatus.ACTIVE)
            case wanted.Revoke():
                return await self._revoke(request)
            case wanted.NameSuccessor():
                return await self._successor(request)
            case wanted.ChangeRoles():
                party = await self._changeable(request.party)
                return _of_parties("changeRoles", party.index, int(_roles(request.roles)))
            case wanted.RegisterCode():
                return await self._code(request)
            case wanted.Recover():
                return await self._recover(request)
            case wanted.Recognise():
                return self._recognise(request)
            case wanted.Withdraw():
                return await self._withdraw(request)
            case wanted.RecogniseGateway():
                return await self._recognise_gateway(request)
            case wanted.DismissGateway():
                return await self._dismiss_gateway(request)
            case wanted.AddSeat():
                party = await self._party(request.party)
                self.council.add_seat(party.standing)
                return Wish(Call("Council", "addSeat", (party.index,)))
            case wanted.RemoveSeat():
                party = await self._party(request.party)
                self.council.remove_seat(party.index)
                return Wish(Call("Council", "removeSeat", (party.index,)))

    async def _enrol(self, request: wanted.Enrol) -> Wish:
        profile = profile_of(request)
        account = address(request.account)
        await self._require_new(account, "account")
        codes = [await self._new_code(each.code, each.key, "codes") for each in request.codes]
        if len({code for code, _ in codes}) < len(codes):
            raise InvalidInput("a code stands there twice", field="codes")
        return _of_parties(
            "enrol",
            int(_roles(request.roles)),
            account,
            profile.canonical(),
            request.rulebook,
            request.governing_law,
            tuple(codes),
        )

    async def _status(self, request: wanted.OfParty, status: PartyStatus) -> Wish:
        party = await self._changeable(request.party)
        if party.status is status:
            raise PartyStatusRefused(
                f"{party.standing.called} is {status.name.lower()} already", field="party"
            )
        return _of_parties("changeStatus", party.index, int(status), request.reason)

    async def _revoke(self, request: wanted.Revoke) -> Wish:
        party, successor = await self._changeable(request.party), NO_PARTY
        if request.successor is not None:
            successor = await self._fit_successor(request.successor, party)
        return _of_parties("revoke", party.index, successor, request.reason)

    async def _successor(self, request: wanted.NameSuccessor) -> Wish:
        party = await self._party(request.party)
        if party.status is not PartyStatus.REVOKED:
            raise PartyNotRevoked(f"{party.standing.called} is not revoked", field="party")
        successor = await self._fit_successor(request.successor, party)
        return _of_parties("nameSuccessor", party.index, successor)

    async def _code(self, request: wanted.RegisterCode) -> Wish:
        party = await self._changeable(request.party)
        code, key = await self._new_code(request.code, request.key, "code")
        return _of_parties("registerNumberingKey", party.index, code, key)

    async def _recover(self, request: wanted.Recover) -> Wish:
        party = await self._changeable(request.party)
        added = address(request.added, "added")
        await self._require_new(added, "added")
        call = Call("PartyRegistry", "recover", (party.index, added, request.reason))
        return Wish(call, subject=party.index)

    def _recognise(self, request: wanted.Recognise) -> Wish:
        platform = platform_code(request.platform)
        if (request.certificate is None) == (request.did is None):
            raise InvalidInput("give a certificate or a DID, one of them", field="certificate")
        if request.certificate is not None:
            kind, anchor = AnchorKind.CERTIFICATE, _authority(request.certificate)
        else:
            kind, anchor = AnchorKind.DID, (request.did or "").encode()
        expires_at = int(request.expires_at.timestamp())
        if expires_at <= self.now:
            raise RecognitionExpired("the recognition would end in the past", field="expiresAt")
        acts = acts_of([*request.acts])
        arguments = (platform, int(kind), anchor, int(_roles(request.roles)), acts, expires_at)
        return Wish(Call("PlatformRegistry", "recognise", arguments))

    async def _withdraw(self, request: wanted.Withdraw) -> Wish:
        found = await self.records.recognition(anchor_id(request.anchor))
        if found.state.withdrawn:
            raise AnchorWithdrawn("the recognition is withdrawn already", field="anchor")
        return Wish(Call("PlatformRegistry", "withdraw", (found.state.anchor_id,)))

    async def _recognise_gateway(self, request: wanted.RecogniseGateway) -> Wish:
        gateway = address(request.gateway, "gateway")
        if gateway == ZERO_20:
            raise EmptyValue("nobody has the key of the zero address", field="gateway")
        if await self.records.is_gateway(gateway):
            raise GatewayAlreadyRecognised(f"{gateway} is recognised already", field="gateway")
        return Wish(Call("GatewayRegistry", "recognise", (gateway, request.name)))

    async def _dismiss_gateway(self, request: wanted.DismissGateway) -> Wish:
        gateway = address(request.gateway, "gateway")
        if not await self.records.is_gateway(gateway):
            raise GatewayUnknown(f"{gateway} is no gateway that is recognised", field="gateway")
        return Wish(Call("GatewayRegistry", "dismiss", (gateway,)))

    async def _party(self, reference: str, at: str = "party") -> PartyState:
        return (await self.records.party_by_identifier(reference, at)).state

    async def _changeable(self, reference: str) -> PartyState:
        party = await self._party(reference)
        if party.status is PartyStatus.REVOKED:
            raise PartyRevoked(f"{party.standing.called} is revoked", field="party")
        return party

    async def _fit_successor(self, reference: str, revoked: PartyState) -> PartyIndex:
        party = await self._party(reference, "successor")
        if not party.standing.may_succeed(revoked.standing):
            raise SuccessorUnfit(
                f"{party.standing.called} is no other, active member with the roles carrier and "
                f"bank that {revoked.standing.called} has (carrier, where it has neither)",
                field="successor",
            )
        return party.index

    async def _new_code(self, code: str, key: str, at: str) -> tuple[str, bytes]:
        check_codes([code])
        point = to_bytes(key.lower())
        try:
            validate_public_key(point)
        except NumberingRefused as error:
            raise NumberingKeyMalformed(
                f"the key of {code} is no point of P-256", field=at
            ) from error
        known = await self.records.numbering_key(IssuerCode(code))
        if known is not None:
            raise CodeTaken(f"{code} has the numbering key of party {known.party}", field=at)
        return code, point

    async def _require_new(self, account: Address, at: str) -> None:
        if account == ZERO_20:
            raise EmptyValue("nobody has the key of the zero address", field=at)
        holder = await self.records.party_that_ever_had(account)
        if holder is not None:
            raise AccountTaken(
                f"account {account} belongs, or belonged, to party {holder}", field=at
            )


def profile_of(request: wanted.Enrol) -> Profile:
    """The profile of a new party, by the rules that every profile has."""
    profile = read_profile(canonical_bytes(request.profile))
    check_profile(profile)
    return profile


def _authority(text: str) -> bytes:
    """The DER of a certificate that may vouch for others; any other would recognise nobody."""
    der = base64.b64decode(text)
    if not is_authority(read_certificate(der)):
        raise refused("anchor", "what is recognised is not an authority's certificate")
    return der


def _of_parties(function: str, *arguments: object) -> Wish:
    return Wish(Call("PartyRegistry", function, arguments))


def _roles(names: list[wanted.RoleName]) -> Role:
    roles = Role(0)
    for name in names:
        roles |= role_named(name)
    return roles
