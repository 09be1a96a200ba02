"""What waits about people tells of the directory to those alone who may know it."""

from __future__ import annotations

from typing import Any

from tidan_node.people.roles import UserRole

NEW = {
    "issuer": "https://login.example",
    "subject": "new-person@mail.example",
    "name": "the new one",
    "roles": ["MAKER"],
}


async def test_a_reader_is_told_no_subject_before_or_after(house: Any) -> None:
    checker = await house.checker()
    reader = await house.person("reader", UserRole.READER)
    await house.require("title.offer", 1)
    answer = await house.seller.post("/v1/users", NEW)
    approval = answer.json()["approval"]["id"]

    before = await reader.get(f"/v1/approvals/{approval}")
    await checker.approve(approval)
    after = [await reader.get(f"/v1/approvals/{approval}"), await reader.get("/v1/approvals")]

    assert before.json()["withheld"] == ["approvals:decide"]
    assert all("mail.example" not in told.text for told in (before, *after))
    assert after[0].json()["status"] == "done"


async def test_whoever_decides_and_an_administrator_see_it(house: Any) -> None:
    checker = await house.checker()
    boss = await house.person("boss", UserRole.ADMIN)
    await house.require("title.offer", 1)
    approval = (await house.seller.post("/v1/users", NEW)).json()["approval"]["id"]

    seen = [await each.get(f"/v1/approvals/{approval}") for each in (checker, boss)]
    done = await checker.approve(approval)
    told = await boss.get(f"/v1/approvals/{approval}")

    assert [each.json()["request"]["subject"] for each in seen] == [NEW["subject"]] * 2
    assert done.json()["answer"]["subject"] == told.json()["answer"]["subject"] == NEW["subject"]
