"""The quick way tells of a title what the ordinary one does, and nothing that is no longer so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from tests.databases import SQLITE
from tests.logs import captured
from tests.office import Office
from tests.shown import Credentials, bearer
from tests.statements import issued
from tests.story import hex_of
from tidan_node.domain.events import ProfileChanged
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import EVERY_SCOPE, Scope
from tidan_node.people.roles import UserRole
from tidan_node.people.users import Users
from tidan_node.storage.database import Database
from tidan_node.titles.quick_reading import TITLE

pytestmark = pytest.mark.usefixtures("sql")
_DAY = timedelta(days=1)


@pytest.fixture
def looks(trade: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often a row was looked up, by any of the offices."""
    count = 0
    kind = type(trade.seller.database.quick)
    row = kind.row

    async def counted(*asked: Any) -> Any:
        nonlocal count
        count += 1
        return await row(*asked)

    monkeypatch.setattr(kind, "row", counted)
    return lambda: count


async def shown(office: Office, title: str, key: str | None = None) -> dict[str, Any]:
    """What is told of it, by both ways the same."""
    headers = {} if key is None else bearer(key)
    with issued(office.database) as statements:
        quick = await office.client.get(f"/v1/titles/{title}", headers=headers)
    assert (quick.status_code, statements) == (200, [])
    ordinary = await office.client.get(f"/v1/titles/{title}?ordinary", headers=headers)
    assert quick.content == ordinary.content
    marks = {"x-request-id"}
    assert set(quick.headers) == set(ordinary.headers)
    assert {name: quick.headers[name] for name in set(quick.headers) - marks} == {
        name: ordinary.headers[name] for name in set(ordinary.headers) - marks
    }
    return dict(quick.json())


def another_process(office: Office) -> Database:
    """What stands for one of the same node: connections of its own to the same database."""
    return Database(office.database.url.render_as_string(hide_password=False))


async def test_a_title_is_told_in_one_statement_as_in_the_ordinary_way(trade: Any) -> None:
    title = await trade.offered()

    for office in (trade.carrier, trade.seller, trade.buyer):
        told = await shown(office, title)
        assert told["offer"]["recipient"]["name"] == "Party 3 Ltd"
        assert told["terms"] == {"rulebook": "rules-1", "governingLaw": "SG"}
    assert (await shown(trade.carrier, title))["number"] == "TDB-0417"


async def test_a_title_to_bearer_is_told_in_the_same_way(trade: Any) -> None:
    title = await trade.issued(blank=True)

    assert (await shown(trade.seller, title))["titleholder"] is None


async def test_a_pledged_title_goes_the_ordinary_way(trade: Any) -> None:
    title = await trade.issued()
    answer = await trade.seller.post(f"/v1/titles/{title}/pledges", {"pledgee": "4"})
    assert answer.status_code == 202, answer.text
    await trade.seller.carry_out()

    with issued(trade.bank.database) as statements:
        told = (await trade.bank.get(f"/v1/titles/{title}")).json()
    assert told["proposal"]["bank"]["name"] == "Party 4 Ltd"
    assert statements


async def test_a_title_that_is_not_there_is_refused_in_the_ordinary_way(trade: Any) -> None:
    answer = await trade.seller.get("/v1/titles/0x" + "00" * 32)

    assert (answer.status_code, answer.json()["field"]) == (404, "title")


async def test_what_was_told_is_kept_while_nothing_is_written(
    trade: Any, looks: Callable[[], int]
) -> None:
    title = await trade.issued()
    first = await trade.seller.get(f"/v1/titles/{title}")
    assert looks() == 1

    again = await trade.seller.get(f"/v1/titles/{title}")

    assert (again.content, looks()) == (first.content, 1)
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


async def test_a_new_block_shows_at_once(trade: Any) -> None:
    title = await trade.issued()
    before = await shown(trade.seller, title)

    await trade.consortium.publish()

    after = await shown(trade.seller, title)
    assert after["asOf"]["block"] == before["asOf"]["block"] + 1


async def test_an_act_shows_at_once(trade: Any) -> None:
    title = await trade.issued()
    assert (await shown(trade.buyer, title))["offer"] is None

    await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})
    await trade.seller.carry_out()

    assert (await shown(trade.buyer, title))["offer"]["what"] == ["possession", "title"]


async def test_an_offer_expires_with_the_block_that_says_so(trade: Any) -> None:
    title = await trade.offered()
    assert (await shown(trade.buyer, title))["offer"]["expired"] is False

    trade.consortium.story.next_block(14 * 24 * 3600)
    await trade.consortium.publish()

    assert (await shown(trade.buyer, title))["offer"]["expired"] is True


async def test_a_party_that_is_called_otherwise_shows_at_once(trade: Any) -> None:
    title = await trade.issued()
    await shown(trade.buyer, title)
    story, seller = trade.consortium.story, trade.seller.party

    raw = replace(story.profile_of(seller), name="Party 2 and Sons").canonical()
    story.emit(ProfileChanged(seller, hex_of(raw), raw))
    await trade.consortium.publish()

    assert (await shown(trade.buyer, title))["possessor"]["name"] == "Party 2 and Sons"


async def test_a_document_that_comes_in_shows_at_once(trade: Any) -> None:
    title = await trade.issued()
    assert (await shown(trade.seller, title))["holdsContent"] is False

    taken = await trade.seller.post_file("/v1/packages", await trade.package(title))
    assert taken.status_code == 201

    told = await shown(trade.seller, title)
    assert (told["holdsContent"], told["number"]) == (True, "TDB-0417")


async def test_another_reader_is_told_no_more_than_it_may_know(trade: Any) -> None:
    title = await trade.issued()
    assert (await shown(trade.carrier, title))["number"] == "TDB-0417"
    less = await Credentials(trade.carrier).service_key(EVERY_SCOPE - {Scope.DOCUMENTS_READ})
    none = await Credentials(trade.carrier).service_key({Scope.TITLES_ACT})
    await shown(trade.carrier, title)

    assert (await shown(trade.carrier, title, less.reveal()))["number"] is None
    refused = await trade.carrier.client.get(f"/v1/titles/{title}", headers=bearer(none.reveal()))
    assert refused.status_code == 403
    assert (await shown(trade.carrier, title))["number"] == "TDB-0417"


async def test_a_known_id_with_another_secret_is_refused(trade: Any) -> None:
    title = await trade.issued()
    key = (await Credentials(trade.seller).service_key()).reveal()
    await shown(trade.seller, title, key)

    forged = key[:-1] + ("0" if key[-1] != "0" else "1")
    refused = await trade.seller.client.get(f"/v1/titles/{title}", headers=bearer(forged))

    assert refused.status_code == 401


async def test_a_key_that_another_process_revokes_opens_nothing_from_then_on(trade: Any) -> None:
    title = await trade.issued()
    key = await Credentials(trade.seller).service_key()
    await shown(trade.seller, title, key.reveal())
    other = another_process(trade.seller)

    async with other.writing() as connection:
        await ApiKeys(connection).revoke(key.key_id)
    refused = await trade.seller.client.get(f"/v1/titles/{title}", headers=bearer(key.reveal()))

    assert refused.status_code == 401
    await other.close()


async def test_a_key_whose_owner_is_disabled_opens_nothing_from_then_on(trade: Any) -> None:
    title = await trade.issued()
    known = Credentials(trade.seller)
    owner = await known.user(UserRole.READER)
    key = (await known.users_key(owner)).reveal()
    await shown(trade.seller, title, key)

    async with trade.seller.database.writing() as connection:
        await Users(connection).disable(owner.user_id)

    refused = await trade.seller.client.get(f"/v1/titles/{title}", headers=bearer(key))
    assert refused.status_code == 401


async def test_a_key_that_ends_opens_nothing_though_nothing_was_written(
    trade: Any, looks: Callable[[], int]
) -> None:
    title = await trade.issued()
    known = Credentials(trade.seller)
    key = (await known.users_key(await known.user(UserRole.READER))).reveal()
    assert (await shown(trade.seller, title, key))["id"] == title
    kept = looks()
    await shown(trade.seller, title, key)
    assert looks() == kept

    trade.consortium.story.next_block(2 * int(_DAY.total_seconds()))

    refused = await trade.seller.client.get(f"/v1/titles/{title}", headers=bearer(key))
    assert refused.status_code == 401


async def test_what_was_kept_is_logged_and_counted_like_any_answer(trade: Any) -> None:
    title = await trade.issued()
    with captured() as log:
        for _ in range(2):
            await trade.seller.get(f"/v1/titles/{title}")

    first, again = (json.loads(line) for line in log.getvalue().splitlines())
    assert first["route"] == again["route"] == "/v1/titles/{title}"
    assert first["caller"] == again["caller"] is not None
    assert title not in log.getvalue()
    figures = trade.seller.app.state.node.metrics.exposition().decode()
    assert 'route="/v1/titles/{title}",status="200"} 2.0' in figures


@pytest.mark.parametrize("sql", [SQLITE], indirect=True)
async def test_every_row_is_found_by_its_key_however_many_there_are(trade: Any) -> None:
    form = TITLE.prepared.on(sqlite.dialect())
    async with trade.seller.database.reading() as connection:
        plan = await connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {form.text}", tuple("" for _ in form.order)
        )
        steps = [row.detail for row in plan]

    # there is one checkpoint in a database
    assert [step for step in steps if not step.startswith("SEARCH")] == [
        "SCAN checkpoints LEFT-JOIN"
    ]
