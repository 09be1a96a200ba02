"""Nothing of a document, a package or a key is ever in the log."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from tests.logs import captured
from tests.papers import transport_document
from tidan_node.domain.packages import read_package
from tidan_node.operations.tables import operations


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


async def test_what_replaces_a_title_or_pledges_it_is_in_no_log_no_trail_and_no_intent(
    trade: Any,
) -> None:
    with captured() as log:
        changed, pledged = await trade.issued("TDB-1"), await trade.issued("TDB-2")
        await trade.seller.post(f"/v1/titles/{pledged}/pledges", {"pledgee": "Party 4 Ltd"})
        surrender = f"/v1/titles/{changed}/surrenders/amendment"
        await trade.seller.post(surrender, {"reason": "SPLIT"})
        await trade.seller.carry_out()
        wrong = transport_document("TDB-4") | {"isElectronic": "perhaps ceramic"}
        for second in (wrong, transport_document("TDB-4")):
            documents = [transport_document("TDB-3"), second]
            body = {"documents": documents, "reason": "SPLIT"}
            answer = await trade.carrier.post(f"/v1/titles/{changed}/splits", body)
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()
        kept = [log.getvalue()]

    for office in (trade.carrier, trade.seller):
        kept.append(json.dumps(await office.trail()))
        kept.append((await office.get("/v1/operations")).text)
        async with office.database.reading() as connection:
            kept += [
                json.dumps(each) for each in await connection.scalars(select(operations.c.intent))
            ]
    packages = [read_package(await trade.package(each)) for each in answer.json()["titles"]]
    secrets = [each.secret.hex() for each in packages]
    found = [word for word in ("ceramic", "Kiln", "TDB-", *secrets) if word in "".join(kept)]
    assert found == []
