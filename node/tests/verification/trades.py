"""A trade whose parties have nodes, and whose papers are the true dossier of the demo."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.office import Consortium, Office, numbering_key
from tests.story import hex_of
from tests.verification.dossiers import BILL, POLICY, RESALE, Papers, altered
from tidan_node.domain.events import NumberingKeyRegistered
from tidan_node.domain.identifiers import IssuerCode, PartyIndex

Json = dict[str, Any]  # Any: JSON


def own_dossier() -> Papers:
    """The dossier, its records under the codes of this consortium's parties."""
    papers = altered(BILL, ('"carrierCode": "TDZ"', '"carrierCode": "P1"'))
    seller = 'schemeID="0199">TIDANDEMOSHIPPER0198'
    papers = altered(RESALE, (seller, 'schemeID="SMDG">P2'), papers=papers)
    insurer = '"scheme": "LEI", "value": "TIDANDEMOINSURER0175"'
    return altered(POLICY, (insurer, '"scheme": "SMDG", "value": "P3"'), papers=papers)


def encoded(papers: Mapping[str, bytes]) -> list[Json]:
    return [
        {"name": name, "content": base64.b64encode(content).decode()}
        for name, content in papers.items()
    ]


@dataclass
class Trade:
    """P1 carries, P2 sells, P3 insures, P4 is the bank."""

    consortium: Consortium
    carrier: Office
    seller: Office
    insurer: Office
    bank: Office
    papers: Papers

    async def issued(self, possessor: str = "4", titleholder: str | None = None) -> str:
        """The id of the title of the dossier's bill."""
        wish = {"document": json.loads(self.papers[BILL]), "possessor": possessor}
        made_out = {"titleholder": titleholder or possessor}
        return await self._made(self.carrier, "titles", wish | made_out)

    async def endorsee_is(self, party: int) -> None:
        """The identifier that the dossier's bill is made out to is this party's."""
        code, story = IssuerCode("LEI:TIDANDEMOSHIPPER0198"), self.consortium.story
        key = numbering_key(party).public_key
        story.emit(NumberingKeyRegistered(PartyIndex(party), hex_of(code), code, key))
        await self.consortium.publish()

    async def registered(self) -> str:
        wish = {"document": self.papers[RESALE].decode(), "buyer": "1"}
        return await self._made(self.seller, "invoices", wish)

    async def insured(self) -> str:
        wish = {"document": json.loads(self.papers[POLICY]), "insured": "2"}
        return await self._made(self.insurer, "policies", wish)

    async def given_to_the_bank(self, office: Office, kind: str, record: str) -> None:
        package = await office.get(f"/v1/{kind}/{record}/package")
        answer = await self.bank.post_file("/v1/packages", package.content)
        assert answer.status_code == 201, answer.text

    async def checked(self, office: Office | None = None, **wish: Any) -> Json:
        answer = await (office or self.bank).client.post("/v1/trade-checks", json=wish)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def _made(self, office: Office, kind: str, wish: Json) -> str:
        answer = await office.post(f"/v1/{kind}", wish)
        assert answer.status_code == 202, answer.text
        await office.carry_out()
        return str(answer.json()[{"policies": "policy"}.get(kind, kind.removesuffix("s"))])


def rule(report: Json, name: str) -> Json:
    """What one rule says of the trade."""
    (found,) = [each for each in report["rules"] if each["id"] == name]
    return found
