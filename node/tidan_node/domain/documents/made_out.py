"""To whom a document says it is made out, held against whom its title is made out to.

What a title says and what its document says is one statement (`docs/titles.md`, "Whose name stands
in the document"), as far as it can be told who is meant. A code says so where a member has it. What
no member has leaves the name, and that says it to people only: companies write theirs in more ways
than one, and anybody may go by a name, so that another name is a doubt and no contradiction.

By DCSA EBL 3.0.4 a straight bill goes to its `consignee`, whom nothing but an amendment changes; of
one to order the `endorsee` is who gets the title "by means of endorsement". So at the issue it can
be made out to its shipper still, or to whom the shipper acts for; and later, as also in place of a
paper, to whomever it was endorsed to.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tidan_node.domain.documents.transport_document import TransportDocument
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Identifier
from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.domain.title_problems import TitleholderDiffers
from tidan_node.domain.titles import TitleKind

Place = Literal["consignee", "endorsee", "shipper", "onBehalfOfShipper"]
_PARTIES: Final = "documentParties"
_SHIPPERS: Final[tuple[Place, ...]] = ("shipper", "onBehalfOfShipper")
_ONLY_LIST: Final = {"GLEIF": "LEI", "DNB": "DUNS"}


@dataclass(frozen=True, slots=True)
class NamedParty:
    """A party as a document names it."""

    place: Place
    name: str
    codes: frozenset[Identifier]


def made_out_to(document: TransportDocument) -> NamedParty | None:
    """The consignee of a straight bill, the endorsee of one to order; nobody of one in blank."""
    return _named(document, "consignee" if document.kind is TitleKind.STRAIGHT else "endorsee")


def codes_in(document: TransportDocument) -> frozenset[Identifier]:
    """The codes by which the document says whose it is, or was."""
    found = (made_out_to(document), *(_named(document, place) for place in _SHIPPERS))
    return frozenset(code for each in found if each is not None for code in each.codes)


def hold_against(
    document: TransportDocument,
    titleholder: PartyState,
    members: Collection[PartyState],
    *,
    begins: bool,
    field: str | None,
) -> str | None:
    """What there is to doubt, if anything; or `TitleholderDiffers` where nothing is left to doubt.

    `members` are those of the active members that have any of `codes_in` the document; whose the
    title is may be none any more. `begins`: nobody can have endorsed the title yet; `field`: where
    the titleholder was named, if it was.
    """
    named = made_out_to(document)
    if named is None or named.codes & _codes_of(titleholder):
        return None
    meant = _meant(named, members)
    if not meant:
        return None if _is_called(titleholder, named) else _in_words(named, titleholder)
    whose = " or ".join(each.standing.called for each in meant)
    is_straight = named.place == "consignee"
    if not is_straight and (not begins or _may_be_shipper(document, titleholder, members)):
        called = titleholder.standing.called
        return f"the document's endorsee is {whose} by its code, and the title is {called}'s"
    raise TitleholderDiffers(
        f"the document's {named.place} is {whose} by its code, not {titleholder.standing.called}",
        field=field or f"/{_PARTIES}/{named.place}",
    )


def _meant(named: NamedParty, members: Collection[PartyState]) -> list[PartyState]:
    return [each for each in members if named.codes & _codes_of(each)]


def _may_be_shipper(
    document: TransportDocument, party: PartyState, members: Collection[PartyState]
) -> bool:
    """Also where the shipper is named without a code that a member has: a name tells nothing."""
    for place in _SHIPPERS:
        shipper = _named(document, place)
        if shipper is None:
            continue
        if shipper.codes & _codes_of(party) or not _meant(shipper, members):
            return True
    return False


def _is_called(party: PartyState, named: NamedParty) -> bool:
    """By the name alone, unless both have codes of one list, which are not the same."""
    schemes = {code.scheme for code in named.codes}
    apart = any(code.scheme in schemes for code in _codes_of(party))
    return not apart and _same(party.name, named.name)


def _in_words(named: NamedParty, titleholder: PartyState) -> str:
    return (
        f"the document's {named.place} has no code of {titleholder.standing.called}, and not its"
        " name to the letter: see that both are one"
    )


def _codes_of(party: PartyState) -> frozenset[Identifier]:
    said = () if party.profile is None else party.profile.identifiers
    registered = (Identifier.parse(key.code) for key in party.numbering_keys if key.code)
    return frozenset(said) | {code for code in registered if code is not None}


def _same(one: str, other: str) -> bool:
    return _normal(one) == _normal(other)


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _named(document: TransportDocument, place: Place) -> NamedParty | None:
    parties = document.fields[_PARTIES]
    party = parties.get(place) if isinstance(parties, Mapping) else None
    if not isinstance(party, Mapping):
        return None
    listed = party.get("identifyingCodes", [])
    codes = listed if isinstance(listed, list) else []
    found = frozenset(code for each in codes for code in _codes(each))
    return NamedParty(place, str(party["partyName"]), found)


def _codes(stated: JsonValue) -> set[Identifier]:
    """A list goes by its name, or by its provider's: `LEI`, which is GLEIF's, `DUNS`, which is Dun
    and Bradstreet's, or `SMDG`."""
    if not isinstance(stated, Mapping):
        return set()
    provider = str(stated["codeListProvider"]).upper()
    lists = {str(stated.get("codeListName", "")).upper(), provider, _ONLY_LIST.get(provider, "")}
    parsed = {Identifier.parse(f"{each}:{stated['partyCode']}") for each in lists}
    return {each for each in parsed if each is not None}
