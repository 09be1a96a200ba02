"""The whole story on real processes: who did what, and what is left of it when it is kept."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.demo.telling import PATIENCE, TITLES_WAY, Json, processes_of, told_to_its_end
from tests.system.consortium import wait_until
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR, SHIPPER
from tidan_cli.demo.commands import tidan
from tidan_cli.exits import ExitCode
from tidan_cli.node_choice import read_client_file
from tidan_cli.party_card import PartyCard
from tidan_node.domain.identifiers import Address
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Profile

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def story(folder: Path) -> Iterator[Json]:
    """One run of the demo with --keep, looked at by many tests, and cleaned up at the end."""
    try:
        yield told_to_its_end("--keep", "--dir", folder)
    finally:
        left = processes_of(folder)
        tidan("demo", "clean", "--dir", folder)
        assert not folder.exists()
        assert not any(each.is_alive for each in left)


@pytest.fixture
def title(story: Json) -> Json:
    (title,) = story["titles"]
    assert isinstance(title, dict)
    return title


@pytest.fixture
def carrier_home(story: Json, folder: Path) -> Path:
    return folder / CARRIER.key


class TestTheCouncil:
    def test_two_of_three_let_the_three_others_in(self, story: Json, folder: Path) -> None:
        council = tidan("council", "show", "--home", folder / INSURER.key).answer
        proposals = tidan("council", "list", "--home", folder / INSURER.key).answer["items"]

        assert [each["party"]["name"] for each in council["seats"]] == [
            CARRIER.name,
            BANK.name,
            REGULATOR.name,
        ]
        assert council["terms"] == {"threshold": 2, "delay": 86_400, "objectionWindow": 86_400}
        assert {each["details"]["name"]: each["status"] for each in proposals} == {
            SHIPPER.name: "EXECUTED",
            BUYER.name: "EXECUTED",
            INSURER.name: "EXECUTED",
        }
        for each in proposals:
            approvers = [approval["party"]["name"] for approval in each["approvals"]]
            assert approvers == [BANK.name, REGULATOR.name]

    def test_who_deployed_cannot_enrol_any_more(self, story: Json, folder: Path) -> None:
        another = PartyCard(
            profile=Profile("Another Demo Trader", (), "http://127.0.0.1:1", ()),
            roles=Role.TRADER,
            account=Address("0x" + "7e" * 20),
            numbering_keys={},
        )
        card = folder / "another-card.json"
        card.write_bytes(another.to_json())

        refused = tidan(
            *("party", "enrol", card, "--chain-home", folder / "chain"),
            expected=ExitCode.REFUSED,
        )

        assert refused.slug == "council-decides"


class TestTheTrade:
    def test_the_title_goes_all_the_way(self, title: Json) -> None:
        assert [act["act"] for act in title["acts"]] == TITLES_WAY
        assert (title["kind"], title["status"]) == ("ORDER", "DELIVERED")

    def test_it_is_held_by_shipper_and_buyer_in_turn(self, title: Json) -> None:
        holders = [span["possessor"]["name"] for span in title["holders"]]
        assert holders == [SHIPPER.name, BUYER.name]
        for before, after in zip(title["holders"], title["holders"][1:], strict=False):
            assert before["until"] == after["from"]
        assert title["holders"][-1]["until"]["block"] == title["acts"][-1]["block"]

    def test_it_is_the_banks_security_until_the_buyer_has_paid(self, title: Json) -> None:
        (pledge,) = title["pledges"]
        sold, released = [
            act["block"] for act in title["acts"] if act["act"] in ("ACCEPT", "RELEASE_PLEDGE")
        ]
        assert pledge["bank"]["name"] == BANK.name
        assert pledge["from"]["block"] < sold < pledge["until"]["block"] == released

    def test_nobody_takes_it_over_without_the_bank(self, story: Json) -> None:
        refusals = [(step["who"], step["refusal"]) for step in story["steps"] if step["refusal"]]
        assert refusals == [("Buyer", "consent-missing")]

    def test_the_bank_expects_it_where_it_is_pledged_from(self, title: Json) -> None:
        expected = title["check"]["expectedHolder"]
        assert (expected["name"], expected["because"]) == (
            SHIPPER.name,
            "it gives the title to this party as security",
        )

    def test_the_bank_finds_nothing_wrong(self, title: Json) -> None:
        assert title["check"]["verdict"] == "pass"
        assert {rule["verdict"] for rule in title["check"]["rules"]} == {"pass"}

    def test_the_regulator_verifies_everything(self, story: Json) -> None:
        assert [title["verdict"] for title in story["audit"]["titles"]] == ["verified"]
        assert story["audit"]["chain"]["verdict"] == "verified"
        assert Path(story["audit"]["report"]).is_file()

    def test_the_invoice_is_settled_and_the_policy_is_the_banks(
        self, story: Json, title: Json, folder: Path
    ) -> None:
        home = ("--home", folder / BANK.key)
        (invoice,) = title["invoices"]
        shown = tidan("invoice", "show", invoice, *home).answer
        policy = tidan("policy", "show", story["policy"], *home).answer

        assert (shown["status"], shown["seller"]["name"]) == ("SETTLED", SHIPPER.name)
        assert shown["titles"] == [title["title"]]
        assert (policy["status"], policy["lossPayee"]["name"]) == ("ASSIGNED", BANK.name)
        assert policy["holdsContent"]

    def test_only_those_who_handled_it_hold_its_content(self, title: Json, folder: Path) -> None:
        members = (CARRIER, SHIPPER, BANK, BUYER, INSURER, REGULATOR)
        held = {
            member.key: tidan("title", "show", title["title"], "--home", folder / member.key).answer
            for member in members
        }

        assert [key for key, answer in held.items() if answer["holdsContent"]] == [
            "carrier",
            "shipper",
            "bank",
            "buyer",
        ]


class TestWhatIsKept:
    def test_a_delivered_title_is_not_surrendered_again(self, title: Json, folder: Path) -> None:
        refused = tidan(
            *("title", "surrender", title["title"], "--home", folder / "buyer"),
            expected=ExitCode.REFUSED,
        )
        assert refused.slug == "title-not-live"

    def test_the_number_cannot_be_issued_twice(
        self, story: Json, title: Json, carrier_home: Path
    ) -> None:
        document = Path(story["documents"]) / title["document"]
        refused = tidan(
            *("title", "issue", document, "--titleholder", SHIPPER.identifier),
            *("--home", carrier_home),
            expected=ExitCode.REFUSED,
        )
        assert refused.slug in ("already-issued", "series-already-used")

    def test_a_home_that_is_served_is_not_served_twice(self, carrier_home: Path) -> None:
        refused = tidan("node", "serve", "--home", carrier_home, expected=ExitCode.REFUSED)

        assert refused.slug == "home-busy"

    def test_enrolling_and_deploying_again_change_nothing(
        self, folder: Path, carrier_home: Path
    ) -> None:
        deployed = tidan("chain", "deploy", "--home", folder / "chain").answer
        enrolled = tidan(
            *("party", "enrol", carrier_home / "party-card.json"),
            *("--chain-home", folder / "chain"),
        ).answer

        assert deployed["deployed"] is False
        assert (enrolled["enrolled"], enrolled["registered"]) == (False, [])
        assert enrolled["party"]["index"] == 1

    def test_a_value_that_was_changed_by_hand_is_found_and_read_anew(
        self, title: Json, folder: Path
    ) -> None:
        home = folder / "shipper"
        stop(folder, "shipper")
        with sqlite3.connect(home / "node.db") as database:
            changed = database.execute("update titles set possessor = 2")
            assert changed.rowcount == 1
        database.close()

        with served(home):
            audit = tidan(
                *("audit", "title", title["title"], "--home", home), expected=ExitCode.DIFFERENCE
            )
            assert audit.answer["verdict"] == "different"
            assert [each["field"] for each in audit.answer["differences"]] == ["possessor"]
            assert audit.slug == "audit-differs"
        assert tidan("node", "reindex", "--home", home).answer["asOf"]["block"] > 0
        with served(home):
            audit = tidan("audit", "title", title["title"], "--home", home)
            assert audit.answer["verdict"] == "verified"


def stop(folder: Path, name: str) -> None:
    """End one node of the demo, as whoever runs it would."""
    (node,) = [each for each in processes_of(folder) if each.name == name]
    os.kill(node.pid, signal.SIGTERM)
    wait_until(lambda: not node.is_alive, f"{name} does not end", seconds=PATIENCE)


@contextmanager
def served(home: Path) -> Iterator[None]:
    """The node of this home, ready, for as long as it is needed; it ends as it is told to."""
    command = [sys.executable, "-m", "tidan_cli.main", "node", "serve", "--json", "--home", home]
    with (
        (home / "serve.log").open("ab") as log,
        subprocess.Popen(command, stderr=log, stdout=log) as node,
    ):
        try:
            url = read_client_file(home).url
            wait_until(lambda: is_ready(url), f"{home.name} is not ready", seconds=PATIENCE)
            yield
        finally:
            node.terminate()
            assert node.wait(60) == ExitCode.DONE


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", trust_env=False).is_success
    except httpx.HTTPError:
        return False
