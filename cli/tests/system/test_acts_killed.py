"""`kill -9` amid acts that replace titles or pledge them: each is done once, its packages come."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.sampling import TIMES
from tests.system.consortium import Consortium, Member, wait_until
from tests.system.neighbours import has_arrived
from tests.system.test_kill_nine import MOMENTS as OF_OPERATIONS

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

Json = dict[str, Any]  # Any: JSON

OF_PARCELS = (
    "parcel.before-commit",
    "parcel.sealed",
    "parcel.sent",
    "parcel.delivered.before-commit",
)
MEMBERS = {
    "carrier": ("CARRIER", "LEI:TIDANDEMOKILL0000125", "SMDG:TDZ"),
    "seller": ("TRADER", "LEI:TIDANDEMOKILL0000222"),
    "buyer": ("TRADER", "LEI:TIDANDEMOKILL0000319"),
    "bank": ("BANK", "LEI:TIDANDEMOKILL0000416"),
}


@dataclass
class Deaths:
    """Members whose nodes die amid what they do, each time at another moment."""

    members: dict[str, Member]
    chance: random.Random
    died: list[str]

    def do(self, who: str, path: str, body: Json) -> Json:
        """Ask, die, come back, ask the same again until it is answered and done."""
        member, key = self.members[who], str(uuid4())
        moment = self.chance.choice((*OF_OPERATIONS, *OF_PARCELS))
        self.died.append(f"{who} at {moment} amid {path}")
        member.kill()
        member.serve(crash_at=moment)
        with contextlib.suppress(httpx.HTTPError):  # it may die before it can answer
            assert member.post(path, body, key).status_code == 202
        member.wait_for_crash()
        member.serve()
        return self._done(member, path, body, key)

    def do_alive(self, who: str, path: str, body: Json | None = None) -> Json:
        return self._done(self.members[who], path, body or {}, str(uuid4()))

    def _done(self, member: Member, path: str, body: Json, key: str) -> Json:
        answer = member.post(path, body, key)
        assert answer.status_code == 202, (answer.text, self.died)
        accepted: Json = answer.json()
        operation = accepted["operation"]["id"]
        wait_until(lambda: member.operation_ended(operation), f"{operation} ended, {self.died}")
        assert member.get(f"/v1/operations/{operation}")["status"] == "succeeded", self.died
        return accepted

    def arrives(self, sender: str, receiver: str, title: str) -> None:
        """The package comes, once; and both know of the title what the other does."""
        sends, takes = self.members[sender], self.members[receiver]
        words = f"the package has come, {self.died}"
        wait_until(lambda: has_arrived(sends, takes, title), words)
        self.agree(title, lambda shown: shown["holdsContent"], receiver)

    def agree(self, title: str, so: Callable[[Json], object], *who: str) -> None:
        for each in who:
            member = self.members[each]
            wait_until(
                lambda m=member: m.knows(title) and bool(so(m.get(f"/v1/titles/{title}"))),
                f"{each} has read of it, {self.died}",
            )

    def acts_on(self, title: str) -> list[str]:
        history = self.members["carrier"].get(f"/v1/titles/{title}/history")
        return [each["act"] for each in history["acts"]]


@pytest.fixture(scope="module")
def members(consortium: Consortium) -> dict[str, Member]:
    made = {name: consortium.member(name, *told) for name, told in MEMBERS.items()}
    for member in made.values():
        member.serve()
    return made


@pytest.mark.parametrize("seed", range(TIMES))
def test_every_act_is_done_once_and_every_package_comes(
    members: dict[str, Member], transport_document: Json, seed: int
) -> None:
    deaths = Deaths(members, random.Random(seed), [])
    number = transport_document["transportDocumentReference"]
    seller, buyer, bank = (members[name].identifier for name in ("seller", "buyer", "bank"))

    def bill(letter: str, version: str | None = None) -> Json:
        named = {"transportDocumentReference": number + letter}
        more = {} if version is None else {"transportDocumentSubReference": version}
        return transport_document | named | more

    made_out = {"possessor": seller, "titleholder": seller}
    if "endorsee" not in transport_document["documentParties"]:
        del made_out["titleholder"]
    titles = [{"document": bill(letter)} | made_out for letter in "AB"]
    changed, pledged = deaths.do("carrier", "/v1/title-batches", {"titles": titles})["titles"]
    for each in (changed, pledged):
        deaths.arrives("carrier", "seller", each)

    deaths.do("seller", f"/v1/titles/{pledged}/pledges", {"pledgee": bank})
    deaths.arrives("seller", "bank", pledged)
    deaths.do_alive("bank", f"/v1/titles/{pledged}/pledges/accept")
    deaths.do("bank", f"/v1/titles/{pledged}/pledges/enforce", {"recipient": buyer})
    deaths.arrives("bank", "buyer", pledged)
    deaths.do_alive("buyer", f"/v1/titles/{pledged}/offers/accept")

    surrender = f"/v1/titles/{changed}/surrenders/amendment"
    deaths.do_alive("seller", surrender, {"reason": "CORRECTION"})
    deaths.agree(changed, lambda shown: shown["status"] == "PENDING_AMENDMENT", "carrier")
    amended = {"document": bill("A", "2"), "reason": "CORRECTION"}
    (whole,) = deaths.do("carrier", f"/v1/titles/{changed}/amendments", amended)["titles"]
    deaths.arrives("carrier", "seller", whole)

    deaths.do_alive("seller", f"/v1/titles/{whole}/surrenders/amendment", {"reason": "SPLIT"})
    deaths.agree(whole, lambda shown: shown["status"] == "PENDING_AMENDMENT", "carrier")
    halves = {"documents": [bill("C"), bill("D")], "reason": "SPLIT"}
    parts = deaths.do("carrier", f"/v1/titles/{whole}/splits", halves)["titles"]
    for part in parts:
        deaths.arrives("carrier", "seller", part)

    deaths.agree(pledged, lambda shown: shown["possessor"]["name"] == "buyer", "carrier")
    assert deaths.acts_on(changed) == ["ISSUE", "SURRENDER_FOR_AMENDMENT", "VOID"], deaths.died
    assert deaths.acts_on(whole) == ["ISSUE_SUCCESSOR", "SURRENDER_FOR_AMENDMENT", "VOID"]
    assert [deaths.acts_on(part) for part in parts] == [["ISSUE_SUCCESSOR"]] * 2
    pledge = ["PROPOSE_PLEDGE", "ACCEPT_PLEDGE", "ENFORCE_PLEDGE", "ACCEPT"]
    assert deaths.acts_on(pledged) == ["ISSUE", *pledge], deaths.died
    for each in (changed, pledged, whole, *parts):
        members["carrier"].tidan("audit", "title", each)


def test_of_two_acts_at_two_nodes_one_wins_and_the_other_learns_why(
    consortium: Consortium, members: dict[str, Member], transport_document: Json
) -> None:
    deaths = Deaths(members, random.Random(0), [])
    holder = {"possessor": members["seller"].identifier}
    if "endorsee" in transport_document["documentParties"]:
        holder["titleholder"] = members["seller"].identifier
    title = deaths.do_alive("carrier", "/v1/titles", {"document": transport_document} | holder)[
        "title"
    ]
    deaths.arrives("carrier", "seller", title)
    pledge = {"pledgee": members["bank"].identifier}
    deaths.do_alive("seller", f"/v1/titles/{title}/pledges", pledge)
    deaths.arrives("seller", "bank", title)
    consortium.kill_chain()
    asked = {}
    for who, path in (("seller", "offers/withdraw"), ("bank", "pledges/accept")):
        answer = members[who].post(f"/v1/titles/{title}/{path}", {}, str(uuid4()))
        assert answer.status_code == 202, answer.text
        asked[who] = answer.json()["operation"]["id"]

    consortium.chain_up()
    for who, operation in asked.items():
        wait_until(lambda w=who, o=operation: members[w].operation_ended(o), f"{who} is answered")

    ended = {who: members[who].get(f"/v1/operations/{each}") for who, each in asked.items()}
    assert {each["status"] for each in ended.values()} == {"succeeded", "failed"}
    (problem,) = [each["problem"] for each in ended.values() if each["status"] == "failed"]
    assert (problem["type"], problem["field"]) == ("/v1/problems/stale-seq", "expectedSeq")
    assert (problem["title"], problem["detail"]) == (
        "The record has moved on since you looked at it",
        f"record {title} is at seq 3, the request expects 2",
    )
