"""`tidan audit` on real nodes and a real chain: what was tampered with is named, by exit code 5."""

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import update

from tests.system.consortium import Consortium, Member, wait_until
from tidan_cli.exits import ExitCode
from tidan_node.storage.database import Database
from tidan_node.trail.sealer import Sealer
from tidan_node.trail.tables import trail_entries

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def members(consortium: Consortium) -> Iterator[tuple[Member, Member, Member]]:
    carrier = consortium.member("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ")
    shipper = consortium.member("shipper", "TRADER", "LEI:TIDANDEMOSHIPPER0198")
    regulator = consortium.member("regulator", "REGULATOR", "LEI:TIDANDEMOREGULATOR19")
    for member in (carrier, shipper, regulator):
        with (member.home / "node.toml").open("a") as settings:
            settings.write("\nanchor_every = 1\npoll_interval = 0.2\n")
        member.serve()
    yield carrier, shipper, regulator
    for member in (carrier, shipper, regulator):
        member.stop()


@pytest.fixture(scope="module")
def title(members: tuple[Member, Member, Member]) -> str:
    """Issued by the carrier, seen by everybody; the carrier's trail is anchored."""
    carrier, *others = members
    packaged = resources.files("tidan_cli.demo") / "documents" / "dossier"
    document = json.loads((packaged / "transport-document.json").read_text(encoding="utf-8"))
    parties = document["documentParties"]
    parties["endorsee"] = parties["issuingParty"]  # the carrier itself
    body = {"document": document, "possessor": "1", "titleholder": "1"}
    accepted = carrier.post("/v1/titles", body, str(uuid4()))
    assert accepted.status_code == 202, accepted.text
    operation = accepted.json()["operation"]["id"]
    wait_until(lambda: carrier.operation_ended(operation), "the title is issued")
    issued = str(accepted.json()["title"])
    for member in others:
        wait_until(lambda m=member: has(m, issued), f"{member.home.name} has read of it")
    wait_until(lambda: anchored(carrier), "the trail is anchored")
    return issued


def has(member: Member, title: str) -> bool:
    return title in [each["id"] for each in member.get("/v1/titles")["items"]]


def anchored(member: Member) -> bool:
    verdict = member.get("/v1/trail/verify")
    return bool(verdict["entries"] == verdict["anchoredUpTo"] > 0 == verdict["unsealed"])


@pytest.fixture
def carrier(members: tuple[Member, Member, Member], title: str) -> Iterator[Member]:
    """The carrier, at rest; its database is put back as it was after the test."""
    member = members[0]
    member.stop()
    kept = {each: each.read_bytes() for each in member.home.glob("node.db*")}
    yield member
    member.stop()
    for each in member.home.glob("node.db*"):
        each.unlink()
    for path, content in kept.items():
        path.write_bytes(content)
    member.serve()


def tampered(member: Member, change: Callable[[Path], object]) -> None:
    change(member.home / "node.db")
    member.serve()


def sql(statement: str, *values: object) -> Callable[[Path], object]:
    def carry_out(path: Path) -> None:
        database = sqlite3.connect(path)
        with database:
            assert database.execute(statement, values).rowcount > 0
        database.close()

    return carry_out


def found(member: Member) -> list[tuple[str, str, str]]:
    audit = member.tidan("audit", "chain", expected=ExitCode.DIFFERENCE)
    assert audit.slug == "audit-differs"
    for finding in audit.answer["findings"][:3]:
        assert finding["record"] in audit.problem["detail"]
    return [(each["kind"], each["record"], each["verdict"]) for each in audit.answer["findings"]]


class TestChain:
    def test_every_record_of_an_honest_node_is_verified(
        self, members: tuple[Member, Member, Member], title: str
    ) -> None:
        for member in members:
            answer = member.tidan("audit", "chain").answer
            assert (answer["verdict"], answer["findings"]) == ("verified", [])
            assert answer["counts"]["title"] == {"verified": 1}
            assert answer["counts"]["party"] == {"verified": 3}
            assert answer["blocks"] == answer["asOf"]["block"] - _first_block(member) + 1

    def test_a_value_changed_in_a_projected_row_is_named(self, carrier: Member, title: str) -> None:
        tampered(carrier, sql("update titles set possessor = 2"))
        assert found(carrier) == [("title", title, "different")]

    def test_a_value_changed_in_a_sealed_entry_of_the_trail_is_named(
        self, carrier: Member, title: str
    ) -> None:
        tampered(carrier, sql("update trail_entries set actor = 'another' where seq = 1"))
        assert found(carrier) == [("trail", "1", "damaged")]
        trail = carrier.tidan("audit", "trail", expected=ExitCode.DIFFERENCE).answer
        (finding,) = trail["findings"]
        assert [(each["rule"], each["seq"]) for each in finding["damage"]] == [("altered", 1)]

    def test_a_value_changed_in_a_stored_document_is_named(
        self, carrier: Member, title: str
    ) -> None:
        change = sql(
            "update contents set document = cast(replace(cast(document as text), 'DEHAM', 'NLRTM')"
            " as blob) where record_id = ?",
            title,
        )
        tampered(carrier, change)
        assert found(carrier) == [("document", title, "damaged")]

    def test_a_whole_trail_rewritten_and_chained_anew_is_found_against_its_anchors(
        self, carrier: Member, title: str
    ) -> None:
        tampered(carrier, rewritten)
        assert carrier.get("/v1/trail")["items"][-1]["actor"] == "another"
        assert found(carrier) == [("trail", "1", "damaged")]
        trail = carrier.tidan("audit", "trail", expected=ExitCode.DIFFERENCE).answer
        (finding,) = trail["findings"]
        assert [each["rule"] for each in finding["damage"]] == ["not-anchored-so"]


def rewritten(path: Path) -> None:
    """What somebody with the database and the program can do."""

    async def rewrite() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        async with database.writing() as connection:
            forged = {"seq": None, "previous": None, "hash": None, "actor": "another"}
            await connection.execute(update(trail_entries).values(forged))
        while await Sealer(database=database, anchoring=None).seal():
            pass
        await database.close()

    asyncio.run(rewrite())


def _first_block(member: Member) -> int:
    number = member.get("/v1/audit/blocks?limit=1")["items"][0]["number"]
    assert isinstance(number, int)
    return number


class TestTitle:
    def test_a_row_so_damaged_that_the_node_cannot_answer_is_named(
        self, carrier: Member, title: str
    ) -> None:
        tampered(carrier, sql("update titles set status = 99"))
        for typed in (title, title[2:14]):
            audit = carrier.tidan("audit", "title", typed, expected=ExitCode.DIFFERENCE)
            assert (audit.answer["record"], audit.answer["verdict"]) == (title, "unanswered")
            assert title in audit.problem["detail"]


class TestRegulator:
    def test_it_sees_the_title_and_none_of_the_content(
        self, members: tuple[Member, Member, Member], title: str
    ) -> None:
        regulator = members[2]
        assert regulator.get(f"/v1/titles/{title}")["holdsContent"] is False
        with regulator.client() as client:
            assert client.get(f"/v1/titles/{title}/document").status_code == 404
        assert regulator.get("/v1/audit/contents")["items"] == []
        answer = regulator.tidan("audit", "title", title).answer
        assert answer["verdict"] == "verified"
        assert [act["by"]["name"] for act in answer["history"]] == ["carrier"]

    def test_its_report_is_signed_and_an_altered_one_is_refused(
        self, members: tuple[Member, Member, Member], title: str, tmp_path: Path
    ) -> None:
        regulator, file = members[2], tmp_path / "report.jws"
        audit = regulator.tidan("audit", "chain", "--report", file)
        assert audit.answer["report"] == {"file": str(file), "signedBy": 3}
        answer = regulator.tidan("audit", "verify-report", file).answer
        assert (answer["signer"]["name"], answer["keyReplaced"]) == ("regulator", False)
        assert answer["report"]["verdict"] == "verified"

        head, payload, signature = file.read_text().strip().split(".")
        other = "A" if payload[40] != "A" else "B"
        altered = tmp_path / "altered.jws"
        altered.write_text(".".join((head, payload[:40] + other + payload[41:], signature)))
        refused = regulator.tidan("audit", "verify-report", altered, expected={2, 5})
        assert refused.slug in ("report-not-genuine", "file-unusable")
        altered.write_text(".".join((head, payload, signature[:8] + "AAAA" + signature[12:])))
        refused = regulator.tidan("audit", "verify-report", altered, expected=ExitCode.DIFFERENCE)
        assert refused.slug == "report-not-genuine"


class TestFiles:
    def test_acts_are_exported_one_a_line(
        self, members: tuple[Member, Member, Member], title: str, tmp_path: Path
    ) -> None:
        lines, rows = tmp_path / "acts.jsonl", tmp_path / "acts.csv"
        words = ("--jsonl", lines, "--csv", rows)
        answer = members[2].tidan("audit", "party", "1", *words).answer
        assert answer["verdict"] == "verified"
        assert [(each["record"], each["parts"]) for each in answer["records"]] == [
            (title, ["issuer", "holds", "is titleholder"])
        ]
        acts = [json.loads(line) for line in lines.read_text().splitlines()]
        assert [(act["act"], act["record"], act["by"]["index"]) for act in acts] == [
            ("ISSUE", title, 1)
        ]
        with rows.open(newline="") as stream:
            assert [row["byName"] for row in csv.DictReader(stream)] == ["carrier"]

    def test_a_period_has_the_acts_of_then_and_no_others(
        self, members: tuple[Member, Member, Member], title: str
    ) -> None:
        regulator = members[2]
        now = regulator.tidan(
            "audit", "period", "--from", "2020-01-01", "--to", "2100-12-31"
        ).answer
        assert [act["record"] for act in now["acts"]] == [title]
        then = regulator.tidan(
            "audit", "period", "--from", "2020-01-01", "--to", "2020-12-31"
        ).answer
        assert (then["acts"], then["verdict"]) == ([], "verified")
