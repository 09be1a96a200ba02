"""Nothing of a document, a package or a key is ever in the log."""

from __future__ import annotations

import json
from typing import Any

from tests.logs import captured
from tests.papers import transport_document
from tidan_node.domain.packages import read_package


async def test_a_title_leaves_its_ids_in_the_log_and_nothing_else(trade: Any) -> None:
    with captured() as log:
        title = await trade.offered()
        package = await trade.package(title)
        await trade.buyer.post_file("/v1/packages", package)
        await trade.buyer.post_file("/v1/packages", package[:-9])
        await trade.buyer.get(f"/v1/titles/{title}/document")
        await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
        wrong = transport_document("TDB-9") | {"isElectronic": "perhaps ceramic"}
        await trade.carrier.post("/v1/titles", {"document": wrong})
        written = log.getvalue()

    content = read_package(package)
    for secret in (
        "ceramic",
        "Kiln",
        "TDB-",
        "Party 3",
        content.secret.hex(),
        content.id_proof.hex(),
        trade.buyer.client.headers["Authorization"],
    ):
        assert secret not in written
    lines = [json.loads(line) for line in written.splitlines()]
    assert {line["event"] for line in lines} == {"request"}
    accepted = [line for line in lines if line["status"] == 202]
    assert all(line["operation"] and line["caller"] for line in accepted)
    assert len(accepted) == 3
