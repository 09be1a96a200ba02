"""Titles moved by a key that only signs: it has no node, no gas, and never meets the chain."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.system.consortium import Consortium, Json, Member, wait_until
from tests.system.test_kill_nine import MOMENTS, issued_on_chain
from tidan_cli.demo.cast import BUYER, CARRIER, SHIPPER
from tidan_cli.demo.commands import Outcome

pytestmark = pytest.mark.system

ROOT: Final = Path(__file__).parents[3]
KEYS: Final = [Account.from_key(bytes([number]) * 32) for number in (0x41, 0x42, 0x43)]


@pytest.fixture(scope="module")
def trade(consortium: Consortium) -> list[Member]:
    """A carrier, a seller and a buyer, each with an account whose key is nowhere but here."""
    members = [
        consortium.member(role.key, role.role, role.identifier, *codes)
        for role, codes in ((CARRIER, ("SMDG:TDZ",)), (SHIPPER, ()), (BUYER, ()))
    ]
    for member, key in zip(members, KEYS, strict=True):
        member.serve()
        member.tidan("party", "rotate-key", "--add", key.address)
    consortium.advance("24h")
    for member in members:
        member.tidan("party", "rotate-key", "--complete")
    return members


def relayed(
    member: Member, number: int, act: str, *words: str | Path, by: Member | None = None
) -> Outcome:
    """The act prepared by the member's node, signed away from it, and sent by it or by another."""
    prepared = member.tidan("title", "prepare", act, *words).answer
    signed = KEYS[number].sign_message(encode_typed_data(full_message=prepared["typedData"]))
    file = member.home / "act.json"
    file.write_text(json.dumps(prepared))
    return (by or member).tidan(
        *("title", "relay", file, "--signer", KEYS[number].address),
        *("--signature", "0x" + bytes(signed.signature).hex()),
    )


def offered_as_the_page_says(seller: Member, title: str, folder: Path) -> None:
    """The commands of docs/titles.md, typed as they stand there."""
    page = (ROOT / "docs" / "titles.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(tidan title prepare.*?)```", page, re.DOTALL)
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "TIDAN_NODE_HOME": str(seller.home),
            "TITLE": title,
            "BUYER": BUYER.identifier,
            "ACCOUNT": KEYS[1].address,
            "KEY": "0x" + bytes(KEYS[1].key).hex(),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_title_is_issued_offered_and_accepted_by_keys_that_only_sign(
    trade: list[Member], transport_document: Json, tmp_path: Path
) -> None:
    carrier, seller, buyer = trade
    document = tmp_path / "bill.json"
    document.write_text(json.dumps(transport_document))

    issued = relayed(
        *(carrier, 0, "issue", "--document", document),
        *("--possessor", SHIPPER.identifier, "--titleholder", SHIPPER.identifier),
    ).answer

    (title,) = issued["titles"]
    assert issued["onlyRelayed"] is False
    assert issued["parcels"][0]["status"] == "delivered"
    wait_until(lambda: seller.knows(title), "the seller reads the issue")
    offered_as_the_page_says(seller, title, tmp_path)

    wait_until(
        lambda: buyer.get(f"/v1/titles/{title}")["offer"] is not None, "the buyer reads the offer"
    )
    read = json.loads(buyer.content(f"/v1/titles/{title}/document"))
    number = "transportDocumentReference"
    assert read[number] == transport_document[number]
    relayed(buyer, 2, "accept", f"id={title}")

    wait_until(
        lambda: carrier.get(f"/v1/titles/{title}")["seq"] == 3, "the carrier reads the acceptance"
    )
    assert carrier.get(f"/v1/titles/{title}")["possessor"]["name"] == buyer.home.name


def test_a_title_whose_issue_another_node_has_sent_comes_with_its_document(
    trade: list[Member], transport_document: Json, tmp_path: Path
) -> None:
    carrier, seller, buyer = trade
    document = tmp_path / "bill.json"
    document.write_text(json.dumps(transport_document))

    sent = relayed(
        *(carrier, 0, "issue", "--document", document),
        *("--possessor", SHIPPER.identifier, "--titleholder", SHIPPER.identifier),
        by=buyer,
    ).answer

    assert sent["onlyRelayed"] is True
    for member in (carrier, seller):
        wait_until(partial(has_document, member, sent["title"]), f"{member.home.name} has it")
    assert not has_document(buyer, sent["title"])


def has_document(member: Member, title: str) -> bool:
    with member.client() as client:
        return client.get(f"/v1/titles/{title}/document").status_code == 200


@pytest.mark.parametrize("moment", [each for each in MOMENTS if each.startswith("operation.")])
def test_what_another_key_has_signed_is_issued_exactly_once_whenever_the_node_dies(
    consortium: Consortium,
    trade: list[Member],
    transport_document: Json,
    tmp_path: Path,
    moment: str,
) -> None:
    carrier = trade[0]
    document = tmp_path / "bill.json"
    document.write_text(json.dumps(transport_document))
    prepared = carrier.tidan(
        *("title", "prepare", "issue", "--document", document),
        *("--possessor", SHIPPER.identifier, "--titleholder", SHIPPER.identifier),
    ).answer
    signature = KEYS[0].sign_message(encode_typed_data(full_message=prepared["typedData"]))
    body = {name: prepared[name] for name in ("call", "validUntil")}
    body |= {"signer": KEYS[0].address, "signature": "0x" + bytes(signature.signature).hex()}
    carrier.kill()
    carrier.serve(crash_at=moment)
    key = str(uuid4())
    with contextlib.suppress(httpx.HTTPError):  # it may die before it can answer
        assert carrier.post("/v1/title-acts:relay", body, key).status_code == 202
    carrier.wait_for_crash()

    carrier.serve()
    answer = carrier.post("/v1/title-acts:relay", body, key)

    assert answer.status_code == 202, answer.text
    told = answer.json()
    (title,), operation = told["titles"], told["operation"]["id"]
    wait_until(lambda: carrier.operation_ended(operation), f"{operation} ended")
    relays = carrier.get(f"/v1/operations?target={title}")["items"]
    assert [(each["kind"], each["status"]) for each in relays] == [("title.relay", "succeeded")]
    assert issued_on_chain(consortium, title) == [relays[0]["result"]["txHash"]]
    assert json.loads(carrier.content(f"/v1/titles/{title}/document")) == transport_document
