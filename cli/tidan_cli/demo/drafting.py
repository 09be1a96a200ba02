"""Bills of lading as a carrier writes them anew: the demo's own under other numbers and versions,
for another port, for a part of the cargo."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from tidan_cli.demo.papers import Bill

Document = dict[str, Any]  # Any: JSON


class Drafts:
    """Writes documents that differ from the demo's bill of lading in what they are told to."""

    def __init__(self, bill: Bill, folder: Path) -> None:
        self._own: Document = json.loads(bill.path.read_bytes())
        self._folder = folder

    def whole(
        self, number: str, *, version: str | None = None, discharged_at: str | None = None
    ) -> Path:
        """The bill of the whole cargo, to its own port of discharge or to another."""
        document = deepcopy(self._own)
        if discharged_at is not None:
            document["transports"]["portOfDischarge"] = {"UNLocationCode": discharged_at}
        return self._written(document, number, version)

    def part(self, number: str, container: str) -> Path:
        """The bill of what is in one container: its goods, its seal, its freight."""
        document = deepcopy(self._own)
        for item in document["consignmentItems"]:
            item["cargoItems"] = [
                each for each in item["cargoItems"] if each["equipmentReference"] == container
            ]
        document["utilizedTransportEquipments"] = [
            each
            for each in document["utilizedTransportEquipments"]
            if each["equipment"]["equipmentReference"] == container
        ]
        for charge in document["charges"]:
            charge |= {"quantity": 1, "currencyAmount": charge["unitPrice"]}
        return self._written(document, number, None)

    def _written(self, document: Document, number: str, version: str | None) -> Path:
        named = document | {"transportDocumentReference": number}
        if version is not None:
            named["transportDocumentSubReference"] = version
        name = number if version is None else f"{number}-{version}"
        path = self._folder / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(named, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return path
