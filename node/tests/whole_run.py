"""Everything that a node offers, done once by a few members, rightly and wrongly."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.council.wishes import NEWCOMER, enrolment
from tests.exchange.roads import brought, delivered, sealed
from tests.office import Consortium, Office
from tests.papers import invoice, policy, transport_document
from tests.recognition.ports import Desk, Port
from tests.said import Said
from tests.shown import Credentials
from tests.signing import STRANGER, give_offline_key, signed
from tests.story import CHAIN, exchange_keys
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parcels import MEDIA_TYPE
from tidan_node.exchange.courier import Courier
from tidan_node.exchange.signatures import key_id, sign, target
from tidan_node.exchange.wire import wire_client
from tidan_node.people.roles import UserRole
from tidan_node.web.four_eyes import Act

REASON = "the reason is nobody's business"
ON_CHAIN = "a reason that every member reads on the chain"


@dataclass
class Members:
    """A carrier that also insures, a trader and a bank, and all that passes their nodes."""

    consortium: Consortium
    carrier: Office
    trader: Office
    bank: Office
    said: Said

    async def everybody_delivers(self) -> None:
        async with wire_client() as client:
            for office in (self.carrier, self.trader, self.bank):
                await delivered(Courier(office.app.state.node, client))

    async def done(self, office: Office, path: str, body: Any = None) -> Any:
        """What was answered to an act that the chain then carried out; Any: JSON."""
        answer = await office.post(path, body)
        assert answer.is_success, answer.text
        await office.carry_out()
        return answer.json()


async def trade(members: Members) -> None:
    """Titles, invoices and policies from node to node; wrong documents, lost and false packages."""
    carrier, trader, bank = members.carrier, members.trader, members.bank
    title = (
        await members.done(
            carrier,
            "/v1/titles",
            {"document": transport_document(), "possessor": "2", "titleholder": "2"},
        )
    )["title"]
    bill = await members.done(trader, "/v1/invoices", {"document": invoice(), "buyer": "3"})
    cover = {"document": policy(code="SMDG:P1"), "insured": "2"}
    insured = (await members.done(carrier, "/v1/policies", cover))["policy"]
    await members.everybody_delivers()
    await members.done(trader, f"/v1/titles/{title}/offers", {"recipient": "3"})
    await members.done(trader, f"/v1/invoices/{bill['invoice']}/links", {"title": title})
    await members.done(trader, f"/v1/policies/{insured}/assignment", {"lossPayee": "3"})
    await members.everybody_delivers()
    await members.done(bank, f"/v1/titles/{title}/offers/accept")
    await members.done(bank, f"/v1/invoices/{bill['invoice']}/dispute", {"reason": "QUALITY"})
    for kind, record in (("titles", title), ("invoices", bill["invoice"]), ("policies", insured)):
        for part in ("", "/history", "/document", "/package"):
            assert (await trader.get(f"/v1/{kind}/{record}{part}")).status_code == 200
    package = (await trader.get(f"/v1/titles/{title}/package")).content
    for file in (package, package[:-9], package.replace(b"SMDG:P1", b"SMDG:P3")):
        await bank.post_file("/v1/packages", file)
    await carrier.post(
        "/v1/titles", {"document": transport_document("X") | {"isElectronic": "x y"}}
    )
    await trader.post("/v1/invoices", {"document": "<Invoice>half an invoice", "buyer": "3"})
    await bank.get("/v1/titles/TDB-0417/document")
    await bank.get("/v1/containers/TDZU0001017")
    await bank.get("/v1/titles", number="TDB-0417")
    assert (await bank.client.post("/v1/search", json={"text": "TDZU0001017"})).json()["items"]
    paper = {"name": "a paper.xml", "content": base64.b64encode(invoice("INV-7").encode()).decode()}
    asked = {"title": title, "papers": [paper]}
    assert (await bank.client.post("/v1/trade-checks", json=asked)).status_code == 200
    url = target((await bank.get("/v1/me")).json()["party"]["nodeUrl"])
    for parcel in (sealed(b"{}", recipient=3), b"no parcel"):
        name, how = key_id(CHAIN, PartyIndex(1)), {"content_type": MEDIA_TYPE, "body": parcel}
        headers = sign(exchange_keys(1), name, url=url, **how)
        members.said.add(*headers.values())
        answers = [await brought(bank, parcel, headers) for _ in range(2)]
        assert answers[1].json()["rule"] == "replayed"


async def signed_elsewhere(members: Members) -> None:
    """An issue that a key without a node signs, prepared, sent wrongly and then rightly."""
    office, story = members.carrier, members.consortium.story
    give_offline_key(story, office.party)
    await members.consortium.publish()
    wish = {"act": "issue", "document": transport_document("TDB-0418")}
    wish |= {"possessor": "2", "titleholder": "2", "reason": "CORRECTION"}
    assert (await office.post("/v1/title-acts:prepare", wish)).status_code == 422
    del wish["reason"]
    act = (await office.post("/v1/title-acts:prepare", wish)).json()
    for wrong in (signed(act, STRANGER), signed(act) | {"call": act["call"][:-2]}):
        assert (await office.post("/v1/title-acts:relay", wrong)).is_client_error
    told = await members.done(office, "/v1/title-acts:relay", signed(act))
    assert (await office.get(f"/v1/titles/{told['title']}/history", proof="true")).is_success
    await members.everybody_delivers()


async def membership(members: Members) -> None:
    """The Council decides, and accounts are exchanged."""
    wish = {"reason": ON_CHAIN, **enrolment()}
    await members.done(members.carrier, "/v1/council/proposals", wish)
    await members.done(members.bank, "/v1/council/proposals/1/approval")
    await members.done(members.bank, "/v1/council/proposals/1/approval/withdrawal")
    recovery = {"kind": "recover", "party": "2", "added": NEWCOMER, "reason": ON_CHAIN}
    await members.done(members.carrier, "/v1/council/proposals", recovery)
    objection = {"reason": "again " + ON_CHAIN}
    await members.done(members.trader, "/v1/council/proposals/2/objection", objection)
    assert (await members.trader.get("/v1/council/proposals")).json()["items"]
    await members.done(members.trader, "/v1/rotations", {"added": NEWCOMER})
    await members.done(members.trader, "/v1/rotations/cancellation")
    did = {"did": "did:web:trader.example"}
    await members.done(members.trader, "/v1/profile", did)


async def vouching(members: Members) -> None:
    """Credentials, and whether parties are who they say."""
    asked = {"subject": "2", "form": "sd-jwt"}
    made = (await members.carrier.post("/v1/credentials", asked)).json()
    shown = {"credential": made["credential"], "disclose": ["name"], "audience": "harbour-bank"}
    shown["nonce"] = "nonce-of-the-harbour-bank"
    answer = await members.trader.post("/v1/credentials/presentations", shown)
    presentation = {"credential": answer.json()["presentation"], "audience": "harbour-bank"}
    for each in (presentation, {"credential": made["credential"][:-5]}, {"credential": "x" * 40}):
        await members.bank.client.post("/v1/credentials/verification", json=each)
    gone = {"reason": REASON}
    await members.carrier.post(f"/v1/credentials/{made['id']}/revocation", gone)
    assert (await members.bank.client.post("/v1/parties/1/verification")).status_code == 200
    report = {"report": {"audit": "chain", "findings": ["a finding of ours"]}}
    assert (await members.bank.client.post("/v1/audit/reports", json=report)).status_code == 200


async def people(members: Members) -> None:
    """Users, their keys and agents, what waits for approval, and webhooks."""
    office = members.trader
    ends = (members.consortium.clock() + timedelta(days=9)).isoformat()
    clients = []
    for who in ("ann.subject@mail.example", "bob.subject@mail.example"):
        person = {
            "issuer": "https://login.example/tenant",
            "subject": who,
            "name": f"Name of {who}",
        }
        made = await office.post("/v1/users", person | {"roles": ["MAKER", "CHECKER"]})
        scopes = [
            "records:read",
            "documents:read",
            "invoices:act",
            "approvals:decide",
            "keys:manage",
        ]
        wish = {"name": f"Key of {who}", "scopes": scopes, "expiresAt": ends}
        key = await office.post("/v1/keys", wish | {"user": made.json()["id"]})
        clients.append({"Authorization": f"Bearer {key.json()['key']}"})
    maker, checker = clients
    agent = {"name": "A robot's key", "scopes": ["invoices:act"], "expiresAt": ends, "agent": True}
    await office.client.post("/v1/keys", json=agent, headers=maker | office.new_key())
    await office.post("/v1/approval-rules", {"act": Act.INVOICE_REGISTER, "approvers": 1})
    for number, decision, body in (
        ("INV-KEPT-1", "approval", None),
        ("INV-KEPT-2", "refusal", {"reason": REASON}),
    ):
        wish = {"document": invoice(number), "buyer": "3"}
        waits = await office.client.post(
            "/v1/invoices", json=wish, headers=maker | office.new_key()
        )
        path = f"/v1/approvals/{waits.json()['approval']['id']}"
        assert (await office.client.get(path)).status_code == 200
        decided = await office.client.post(
            f"{path}/{decision}", json=body, headers=checker | office.new_key()
        )
        assert decided.status_code == 200, decided.text
    hook = (
        await office.post("/v1/webhooks", {"url": "http://127.0.0.1:9/?token=hook-token"})
    ).json()
    assert (await office.client.post(f"/v1/webhooks/{hook['id']}/test")).status_code == 200
    token = maker["Authorization"].split()[1]
    for way in (
        {"params": {"token": token}},
        {"headers": {"Authorization": f"Bearer {token[:-8]}01234567"}},
        {"headers": {"Authorization": f"Basic {token}"}},
        {"headers": {"Cookie": f"session={token}"}},
    ):
        await office.client.get("/v1/titles", **way)
    await office.client.get(f"/v1/operations/{token}")


async def guests(members: Members) -> None:
    """People of another platform, by credentials good and bad."""
    desk = Desk(members.trader, Port(members.consortium.clock()))
    desk.equip()
    await desk.recognise()
    member, stranger = desk.port.member("Somebody Private"), desk.port.member("Nobody Known")
    await desk.know(member.subject)
    members.said.add(member.subject, stranger.subject, "Somebody Private", "Nobody Known")
    for each in (member, stranger):
        for token in (desk.port.token(each), desk.port.token(each, party=1), "a.broken.token"):
            members.said.add(token)
            answer = await desk.sign_in(token)
            await desk.sign_in(token)
            if answer.status_code == 201:
                members.said.add(answer.json()["token"])
                await desk.get("/v1/titles", answer.json()["token"])


async def sessions(members: Members) -> None:
    known = Credentials(members.trader)
    text = (await known.session(await known.user(*UserRole))).reveal()
    members.said.add(text)
    shown = {"Authorization": f"Bearer {text}"}
    for method in ("GET", "DELETE", "GET"):
        await members.trader.client.request(method, "/v1/sessions/current", headers=shown)


async def whole_run(members: Members) -> None:
    for chapter in (trade, signed_elsewhere, membership, vouching, people, guests, sessions):
        await chapter(members)
