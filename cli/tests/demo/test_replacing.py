"""The chapters of amendment, split and paper on real processes, in one consortium."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.demo.telling import Json
from tidan_cli.client import connected
from tidan_cli.demo.acts import Acts
from tidan_cli.demo.amendment import VERSIONS
from tidan_cli.demo.cast import SHIPPER
from tidan_cli.demo.chapters import CHAPTERS
from tidan_cli.demo.replacing import CAST, CHAMBER
from tidan_cli.demo.split import PARTS
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.timeline import Timeline
from tidan_cli.output import Terminal

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

TOLD = ("amendment", "split", "paper")


@dataclass
class Told:
    """A chapter that was told to its end, in a consortium that still runs."""

    answer: Json
    refusals: list[tuple[str, str | None]]
    home: Path

    def document(self, title: str) -> Json:
        """The bill of lading, as the shipper's node has received it."""
        with connected(None, self.home) as node:
            document: Json = node.get(f"/v1/titles/{title}/document")
        return document

    def last_act(self, title: str) -> Json:
        with connected(None, self.home) as node:
            act: Json = node.get(f"/v1/titles/{title}/history")["acts"][-1]
        return act


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    """The three chapters have one cast: one consortium will do for them."""
    folder, terminal = tmp_path_factory.mktemp("chapters") / "demo", Terminal(as_json=True)
    stage = Stage(folder, CAST, Timeline(terminal), keep=False)
    chapters = {name: CHAPTERS[name]() for name in TOLD}
    try:
        stage.set_up(chapters["amendment"].codes, CHAMBER)
        stories = {}
        for name, chapter in chapters.items():
            assert (chapter.cast, chapter.chamber) == (CAST, CHAMBER)
            timeline = Timeline(terminal)
            answer = chapter.tell(Acts(stage, timeline))
            refusals = [(step.who, step.refusal) for step in timeline.steps if step.refusal]
            stories[name] = Told(answer, refusals, stage.home_of(SHIPPER))
        yield stories
    finally:
        stage.strike(remove=True)


def ends_of(told: Told) -> list[tuple[str, str]]:
    return [(each["status"], each["acts"][-1]) for each in told.answer["titles"]]


@pytest.mark.parametrize("name", TOLD)
def test_the_shipper_holds_every_title_and_the_regulator_verifies_it(
    told: dict[str, Told], name: str
) -> None:
    answer = told[name].answer

    assert {each["possessor"]["name"] for each in answer["titles"]} == {SHIPPER.name}
    assert {each["verdict"] for each in answer["audit"]["titles"]} == {"verified"}
    assert len(answer["audit"]["titles"]) == len(answer["titles"])


class TestAmendment:
    def test_it_is_rejected_once_and_then_the_next_version_takes_its_place(
        self, told: dict[str, Told]
    ) -> None:
        first, second = told["amendment"].answer["titles"]

        assert (first["status"], second["status"]) == ("VOIDED", "LIVE")
        assert first["number"] == second["number"]
        assert first["acts"] == [
            "ISSUE",
            "SURRENDER_FOR_AMENDMENT",
            "REJECT_SURRENDER",
            "SURRENDER_FOR_AMENDMENT",
            "VOID",
        ]
        assert second["acts"] == ["ISSUE_SUCCESSOR"]

    def test_the_chain_says_why_and_names_the_successor(self, told: dict[str, Told]) -> None:
        answer = told["amendment"].answer

        assert told["amendment"].last_act(answer["origin"])["details"] == {
            "how": "AMENDMENT",
            "successors": [answer["successor"]],
            "reason": "CHANGE_OF_DESTINATION",
        }

    def test_the_two_versions_differ_in_the_port_alone(self, told: dict[str, Told]) -> None:
        answer = told["amendment"].answer
        first, second = map(told["amendment"].document, (answer["origin"], answer["successor"]))

        versions = [each.pop("transportDocumentSubReference") for each in (first, second)]
        ports = [each["transports"].pop("portOfDischarge") for each in (first, second)]
        assert versions == list(VERSIONS)
        assert ports == [{"UNLocationCode": "DEHAM"}, {"UNLocationCode": "PLGDN"}]
        assert first == second

    def test_a_title_that_is_surrendered_or_void_allows_no_act(self, told: dict[str, Told]) -> None:
        assert told["amendment"].refusals == [
            ("Shipper", "title-not-live"),
            ("Shipper", "title-not-live"),
            ("Shipper", "title-not-live"),
            ("Carrier", "no-surrender-pending"),
        ]


class TestSplit:
    def test_one_becomes_two_and_the_two_become_one(self, told: dict[str, Told]) -> None:
        answer = told["split"].answer

        assert ends_of(told["split"]) == [
            ("VOIDED", "VOID"),
            ("VOIDED", "VOID"),
            ("VOIDED", "VOID"),
            ("LIVE", "ISSUE_SUCCESSOR"),
        ]
        assert told["split"].last_act(answer["origin"])["details"]["successors"] == answer["parts"]
        assert told["split"].last_act(answer["combined"])["details"]["origins"] == answer["parts"]
        assert told["split"].refusals == [("Carrier", "no-surrender-pending")]

    def test_the_parts_are_the_whole(self, told: dict[str, Told]) -> None:
        answer = told["split"].answer
        whole, *parts, combined = map(
            told["split"].document, (answer["origin"], *answer["parts"], answer["combined"])
        )

        assert [containers(part) for part in parts] == [[each] for each in PARTS.values()]
        for total in (weight, freight, containers):
            assert total(whole) == sum(map(total, parts), start=type(total(whole))())
            assert total(whole) == total(combined)


def weight(document: Json) -> int:
    (item,) = document["consignmentItems"]
    return sum(int(each["cargoGrossWeight"]["value"]) for each in item["cargoItems"])


def freight(document: Json) -> int:
    return sum(int(each["currencyAmount"]) for each in document["charges"])


def containers(document: Json) -> list[str]:
    return [
        each["equipment"]["equipmentReference"] for each in document["utilizedTransportEquipments"]
    ]


class TestPaper:
    def test_the_title_ends_as_paper_and_the_next_version_comes_back(
        self, told: dict[str, Told]
    ) -> None:
        assert ends_of(told["paper"]) == [
            ("PAPER", "SWITCH_TO_PAPER"),
            ("LIVE", "ISSUE_FROM_PAPER"),
        ]

    def test_the_chain_has_the_hash_of_the_record_of_the_withdrawal(
        self, told: dict[str, Told]
    ) -> None:
        answer = told["paper"].answer
        record = Path(answer["record"]).read_bytes()
        assert told["paper"].last_act(answer["again"])["details"]["withdrawal"] == (
            "0x" + hashlib.sha256(record).hexdigest()
        )

    def test_what_is_paper_is_no_title_besides(self, told: dict[str, Told]) -> None:
        assert told["paper"].refusals == [
            ("Shipper", "title-not-live"),
            ("Carrier", "already-issued"),
            ("Carrier", "series-already-used"),
        ]
