"""To whom a document says it is made out, held against the titleholder that was named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.papers import transport_document
from tidan_node.domain.documents.made_out import codes_in, hold_against
from tidan_node.domain.documents.transport_document import (
    TransportDocument,
    read_transport_document,
)
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.domain.title_problems import TitleholderDiffers


def member(index: int, name: str, *codes: str) -> PartyState:
    """A party with this name and these codes."""
    identifiers = tuple(Identifier(*code.split(":")) for code in codes)
    profile = Profile(name, identifiers)
    return PartyState(
        PartyIndex(index), Role.TRADER, PartyStatus.ACTIVE, "rules-1", "SG", profile=profile
    )


_NOBODYS = {"codeListProvider": "WAVE", "partyCode": "ABC"}

KILN = member(2, "Jade Kiln Exports", "LEI:KILN")
ELBE = member(3, "Elbe Imports", "LEI:ELBE")
LAMP = member(4, "Harbour Lamp Bank", "LEI:LAMP")
MEMBERS = (KILN, ELBE, LAMP)


def document(
    *,
    straight: bool = False,
    to: dict[str, Any] | None = None,
    acts_for: dict[str, Any] | None = None,
    shipped_by: dict[str, Any] | None = None,
) -> TransportDocument:
    """A bill whose consignee or endorsee is this one; its shipper has a code unless said."""
    fields = transport_document(straight=straight, blank=to is None)
    parties = fields["documentParties"]
    parties["shipper"] |= shipped_by or named("Jade Kiln Exports", ("GLEIF", "LEI", "KILN"))
    if acts_for is not None:
        parties["onBehalfOfShipper"] = acts_for
    if to is not None:
        parties["consignee" if straight else "endorsee"] = to
    return read_transport_document(json.dumps(fields).encode())


def named(name: str, *codes: tuple[str, str | None, str]) -> dict[str, Any]:
    """A party as a document names it; of each code the provider, its list, and the code."""
    listed = [
        {"codeListProvider": provider, "partyCode": code}
        | ({} if codes_of is None else {"codeListName": codes_of})
        for provider, codes_of, code in codes
    ]
    return {"partyName": name, "identifyingCodes": listed or [_NOBODYS]}


def held(paper: TransportDocument, titleholder: PartyState, *, begins: bool = True) -> str | None:
    codes = codes_in(paper)
    members = [each for each in MEMBERS if each.profile and codes & set(each.profile.identifiers)]
    return hold_against(paper, titleholder, members, begins=begins, field="titleholder")


BY_CODE = named("Somebody", ("GLEIF", "LEI", "LAMP"))


class TestByCode:
    @pytest.mark.parametrize("straight", [True, False])
    def test_the_member_that_is_meant_is_no_doubt_whatever_it_is_called(
        self, straight: bool
    ) -> None:
        assert held(document(straight=straight, to=BY_CODE), LAMP) is None

    @pytest.mark.parametrize("begins", [True, False])
    def test_a_straight_bill_is_its_consignees(self, begins: bool) -> None:
        with pytest.raises(TitleholderDiffers) as refused:
            held(document(straight=True, to=BY_CODE), ELBE, begins=begins)

        assert refused.value.field == "titleholder"
        assert refused.value.detail == (
            "the document's consignee is party 4 (Harbour Lamp Bank) by its code,"
            " not party 3 (Elbe Imports)"
        )

    def test_nor_is_it_its_shippers(self) -> None:
        with pytest.raises(TitleholderDiffers):
            held(document(straight=True, to=BY_CODE), KILN)

    def test_one_to_order_is_not_a_third_partys_when_it_is_issued(self) -> None:
        with pytest.raises(TitleholderDiffers):
            held(document(to=BY_CODE), ELBE)

    def test_but_it_can_be_its_shippers_who_endorses_it(self) -> None:
        doubt = held(document(to=BY_CODE), KILN)

        assert doubt == (
            "the document's endorsee is party 4 (Harbour Lamp Bank) by its code,"
            " and the title is party 2 (Jade Kiln Exports)'s"
        )

    def test_or_of_whom_the_shipper_acts_for(self) -> None:
        elbe = named("Elbe Imports", ("GLEIF", "LEI", "ELBE"))

        assert held(document(to=BY_CODE, acts_for=elbe), ELBE) is not None

    @pytest.mark.parametrize("name", ["Elbe Imports", "ELBE IMPORTS GmbH", "Jade Kiln Exports"])
    def test_a_shipper_without_a_code_may_be_anybody(self, name: str) -> None:
        """A name is spelt in more ways than one: what may be lawful is not refused."""
        paper = document(to=BY_CODE, shipped_by=named(name))

        assert "party 3" in (held(paper, ELBE) or "")

    def test_and_later_whoevers_it_was_endorsed_to(self) -> None:
        assert "party 3" in (held(document(to=BY_CODE), ELBE, begins=False) or "")

    @pytest.mark.parametrize(
        ("provider", "codes_of"), [("GLEIF", None), ("GLEIF", "lei"), ("ZZZ", "LEI"), ("LEI", None)]
    )
    def test_a_list_goes_by_its_name_or_its_provider(
        self, provider: str, codes_of: str | None
    ) -> None:
        to = named("Somebody", (provider, codes_of, "lamp"))

        with pytest.raises(TitleholderDiffers):
            held(document(straight=True, to=to), ELBE)

    def test_of_two_members_with_the_code_either_can_be_meant(self) -> None:
        claims_it, paper = member(9, "Another", "LEI:LAMP"), document(straight=True, to=BY_CODE)

        for titleholder in (LAMP, claims_it):
            both = [LAMP, claims_it]
            assert hold_against(paper, titleholder, both, begins=True, field=None) is None
        with pytest.raises(TitleholderDiffers) as refused:
            hold_against(paper, ELBE, [LAMP, claims_it], begins=True, field=None)
        assert refused.value.field == "/documentParties/consignee"

    @pytest.mark.parametrize("straight", [True, False])
    def test_whose_title_it_is_need_be_no_active_member_to_have_the_code(
        self, straight: bool
    ) -> None:
        """Its consignee was suspended since, or is a member anew under another number."""
        anew, paper = member(9, "Lamp Bank", "LEI:LAMP"), document(straight=straight, to=BY_CODE)

        assert hold_against(paper, LAMP, [anew], begins=False, field=None) is None

    def test_a_number_of_dun_and_bradstreet_needs_no_name_of_its_list(self) -> None:
        lamp = member(4, "Harbour Lamp Bank", "DUNS:001234567")
        paper = document(straight=True, to=named("Somebody", ("DNB", None, "001234567")))

        assert Identifier("DUNS", "001234567") in codes_in(paper)
        assert hold_against(paper, lamp, [lamp], begins=True, field=None) is None


class TestByName:
    @pytest.mark.parametrize("name", ["Elbe Imports", "ELBE  imports", "\uff25lbe Imports"])
    def test_the_same_name_is_no_doubt_however_it_is_written(self, name: str) -> None:
        assert held(document(straight=True, to=named(name)), ELBE) is None

    @pytest.mark.parametrize("straight", [True, False])
    def test_another_name_is_a_doubt_and_no_refusal(self, straight: bool) -> None:
        doubt = held(document(straight=straight, to=named("Elbe Imports GmbH")), ELBE)

        assert doubt is not None
        assert "see that both are one" in doubt
        assert "GmbH" not in doubt

    def test_the_same_name_with_another_code_of_the_same_list_is_a_doubt(self) -> None:
        to = named("Elbe Imports", ("GLEIF", "LEI", "NOBODYS"))

        assert held(document(straight=True, to=to), ELBE) is not None


def test_one_in_blank_is_made_out_to_nobody() -> None:
    assert held(document(), ELBE) is None
