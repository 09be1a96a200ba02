"""A title that is security of somebody: who checks it is told of whom."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.verification.trades import Trade, rule


async def test_who_is_offered_a_pledged_title_is_told_to_which_bank(trade: Trade) -> None:
    await trade.endorsee_is(2)
    title = await trade.issued(possessor="2", titleholder="2")
    await trade.given_to_the_bank(trade.carrier, "titles", title)
    await trade.seller.post(f"/v1/titles/{title}/pledges", {"pledgee": "4"})
    await trade.seller.carry_out()
    proposed = rule(await trade.checked(trade.insurer, title=title), "title-unencumbered")
    await trade.bank.post(f"/v1/titles/{title}/pledges/accept", {})
    await trade.bank.carry_out()
    await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})
    await trade.seller.carry_out()

    offered = rule(await trade.checked(trade.insurer, title=title), "title-unencumbered")
    pledgee = rule(await trade.checked(title=title), "title-unencumbered")

    assert (proposed["verdict"], proposed["severity"]) == ("finding", "high")
    assert proposed["detail"].startswith("the title is proposed to Party 4 Ltd (4) as security")
    assert proposed["evidence"] == [
        {"paper": "chain", "path": f"/title/{title}/proposal", "value": "Party 4 Ltd (4)"}
    ]
    assert offered["verdict"] == "finding"
    assert offered["detail"] == "the title is pledged to Party 4 Ltd (4)"
    assert pledgee["verdict"] == "pass"


async def test_a_proposal_whose_time_is_over_is_no_security(trade: Trade) -> None:
    await trade.endorsee_is(2)
    title = await trade.issued(possessor="2", titleholder="2")
    soon = datetime.fromtimestamp(trade.consortium.story.now + 60, UTC)
    wish = {"pledgee": "4", "deadline": soon.isoformat()}
    await trade.seller.post(f"/v1/titles/{title}/pledges", wish)
    await trade.seller.carry_out()
    while trade.consortium.story.now <= soon.timestamp():
        await trade.consortium.publish()
    await trade.consortium.publish()

    report = await trade.checked(trade.insurer, title=title)

    assert rule(report, "title-unencumbered")["verdict"] == "pass"
