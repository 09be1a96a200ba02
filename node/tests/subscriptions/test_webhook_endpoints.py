"""Webhooks as those who manage them see them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Verifying

from tests.webhook_receiver import receiving
from tidan_node.people.api_keys import utc_now
from tidan_node.subscriptions import service
from tidan_node.web.tables import answers

URL = "https://erp.example/hooks/tidan"


async def test_the_secret_is_shown_once_and_never_again(office: Any) -> None:
    made = (await office.post("/v1/webhooks", {"url": URL, "types": ["tidan.title"]})).json()

    listed = await office.get("/v1/webhooks")
    one = await office.get(f"/v1/webhooks/{made['id']}")

    assert made["secret"].startswith("whsec_")
    assert listed.json()["items"] == [one.json()]
    assert one.json() == {key: value for key, value in made.items() if key != "secret"}
    assert made["secret"][6:] not in listed.text + one.text
    assert (made["types"], made["delivered"], made["problem"]) == (["tidan.title"], 0, None)


async def test_the_same_request_again_tells_all_but_the_secret(office: Any) -> None:
    name = office.new_key()
    made = await office.client.post("/v1/webhooks", json={"url": URL}, headers=name)

    again = await office.client.post("/v1/webhooks", json={"url": URL}, headers=name)

    assert again.json() == made.json() | {"secret": None}
    async with office.database.reading() as connection:
        kept = list(await connection.scalars(select(answers.c.body)))
    assert not any(made.json()["secret"].encode() in bytes(body) for body in kept)


async def test_that_one_comes_and_goes_is_in_the_trail(office: Any) -> None:
    made = (await office.post("/v1/webhooks", {"url": f"{URL}?token=x"})).json()
    await office.client.delete(f"/v1/webhooks/{made['id']}")

    assert await office.trail() == [
        ("webhook.added", made["id"], {"host": "erp.example"}),
        ("webhook.removed", made["id"], {}),
    ]
    assert (await office.get("/v1/webhooks")).json() == {"items": []}


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/hook",
        "http://10.0.0.7/hook",
        "http://127.0.0.1.example/hook",
        "ftp://127.0.0.1/hook",
        "https://name:word@erp.example/",
        "https://erp.example/#part",
        "https:///hook",
        "https://erp.example:99999/",
        "https://[::1/",
        "no-url-at-all",
    ],
)
async def test_a_url_that_nothing_can_be_delivered_to_is_refused(office: Any, url: str) -> None:
    answer = await office.post("/v1/webhooks", {"url": url})

    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "/v1/problems/webhook-url-refused"
    assert answer.json()["field"] == "url"
    assert url not in answer.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://[::1]:9/", "http://localhost:9/"])
async def test_this_very_machine_may_be_told_without_tls(office: Any, url: str) -> None:
    assert (await office.post("/v1/webhooks", {"url": url})).status_code == 201


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"url": URL, "types": ["tidan.titel"]}, "types"),
        ({"url": URL, "types": []}, "types"),
        ({"url": URL, "records": ["0x zz"]}, "records.0"),
        ({"url": URL, "secret": "whsec_mine"}, "secret"),
    ],
)
async def test_a_wish_that_has_not_the_form_is_refused(
    office: Any, wish: dict[str, Any], field: str
) -> None:
    answer = await office.post("/v1/webhooks", wish)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_there_are_only_so_many(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_WEBHOOKS", 1)
    await office.post("/v1/webhooks", {"url": URL})

    refused = await office.post("/v1/webhooks", {"url": URL})

    assert refused.json()["type"] == "/v1/problems/too-many-webhooks"


async def test_one_that_is_not_there_is_not_found(office: Any) -> None:
    for answer in (
        await office.get("/v1/webhooks/none"),
        await office.client.delete("/v1/webhooks/none"),
        await office.post("/v1/webhooks/none/test"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/not-found")


async def test_a_trial_is_delivered_at_once_and_counts_for_nothing(office: Any) -> None:
    node = office.app.state.node
    office.app.state.node = dataclasses.replace(node, clock=utc_now)
    async with receiving(statuses=[204, 418]) as receiver:
        made = (await office.post("/v1/webhooks", {"url": receiver.url})).json()
        good = await office.client.post(f"/v1/webhooks/{made['id']}/test")
        bad = await office.client.post(f"/v1/webhooks/{made['id']}/test")
        headers, body = await receiver.next()

    assert Verifying(made["secret"]).verify(body, headers)["type"] == "tidan.webhook.test"
    assert (good.json()["delivered"], good.json()["problem"]) == (True, None)
    assert (bad.json()["delivered"], bad.json()["problem"]) == (False, "http-418")
    assert (await office.get(f"/v1/webhooks/{made['id']}")).json()["delivered"] == 0
