"""An invoice that is registered for titles is linked to each of them, once the chain has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

INVOICE = "0x77c1d0e2" + "ab" * 28
LINKS = f"/v1/invoices/{INVOICE}/links"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    (tmp_path / "invoice.xml").write_text("<Invoice/>")
    return tmp_path / "invoice.xml"


def accepted(told: Any, kind: str, status: str = "succeeded", **members: Any) -> dict[str, Any]:
    operation = told.operation(status, kind=kind, target=INVOICE, **members)
    return {"operation": operation, "invoice": INVOICE}


def ready(node: Any, told: Any) -> None:
    for title in (told.title_id, told.other_id):
        node.answer("GET", f"/v1/titles/{title}", told.title(title))
    node.answer("POST", "/v1/invoices", accepted(told, "invoice.register"), status=202)
    node.answer("POST", LINKS, accepted(told, "invoice.link"), status=202)


def register(tidan: Any, told: Any, paper: Path, *more: str) -> Any:
    titles = ("--title", told.title_id, "--title", told.other_id)
    return tidan("invoice", "register", paper, "--buyer", "3", *titles, *more)


class TestLinking:
    def test_each_title_is_linked_after_the_registration(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)

        ended = register(tidan, told, paper)

        assert ended.code == 0
        posted = [(asked.path, asked.json) for asked in node.asked if asked.method == "POST"]
        assert posted == [
            ("/v1/invoices", {"document": "<Invoice/>", "buyer": "3"}),
            (LINKS, {"title": told.title_id}),
            (LINKS, {"title": told.other_id}),
        ]
        assert f"registered invoice {INVOICE}" in ended.out
        assert "linked to title 0x3f2a91c0cdcd…" in ended.out

    def test_programs_are_told_all_of_it_in_one_document(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)

        answer = register(tidan, told, paper, "--json").answer

        assert (answer["invoice"], answer["operation"]["kind"]) == (INVOICE, "invoice.register")
        assert [link["title"] for link in answer["links"]] == [told.title_id, told.other_id]
        assert {link["operation"]["kind"] for link in answer["links"]} == {"invoice.link"}

    def test_what_became_of_the_package_is_told(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)
        parcel = {"id": "ab", "status": "delivered", "party": told.carrier, "problem": None}
        query = f"/v1/parcels?direction=out&record={INVOICE}&limit=1"
        node.answer("GET", query, told.page(parcel))

        assert "package delivered to Paper Heron Demo Line" in register(tidan, told, paper).out
        assert register(tidan, told, paper, "--json").answer["parcel"] == parcel

    def test_a_title_that_is_not_known_stops_it_before_anything_is_asked_for(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)
        node.refuse("GET", f"/v1/titles/{told.other_id}", "title-unknown", 404, detail="none")

        ended = register(tidan, told, paper, "--json")

        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/title-unknown")
        assert node.taken("POST", "/v1/invoices") == []

    def test_without_waiting_there_is_nothing_to_link(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ended = register(tidan, told, paper, "--no-wait", "--json")

        assert (ended.code, ended.problem["field"], node.asked) == (2, "--title", [])
        assert "tidan invoice link" in ended.problem["detail"]

    def test_repeated_under_its_key_it_asks_for_the_same(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)

        for _ in range(2):
            register(tidan, told, paper, "--idempotency-key", "mine")

        keys = [asked.headers["Idempotency-Key"] for asked in node.asked if asked.method == "POST"]
        assert keys[:3] == keys[3:]
        assert keys[0] == "mine"
        assert len(set(keys)) == 3

    def test_a_registration_that_fails_is_linked_to_nothing(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)
        problem = {"type": "/v1/problems/already-registered", "title": "?", "detail": "there"}
        failed = accepted(told, "invoice.register", "failed", problem=problem)
        node.answer("POST", "/v1/invoices", failed, status=202)

        ended = register(tidan, told, paper, "--json")

        assert (ended.code, ended.problem["detail"]) == (1, "there")
        assert node.taken("POST", LINKS) == []

    @pytest.mark.parametrize("late", [False, True])
    def test_a_link_that_is_refused_leaves_the_invoice_registered_and_says_so(
        self, node: Any, tidan: Any, told: Any, paper: Path, late: bool
    ) -> None:
        ready(node, told)
        problem = {"type": "/v1/problems/stale-seq", "title": "?", "detail": "at seq 5"}
        failed = accepted(told, "invoice.link", "failed", problem=problem)
        node.answer("POST", LINKS, failed if late else problem, status=202 if late else 409)

        human = register(tidan, told, paper)
        program = register(tidan, told, paper, "--json")

        assert (human.code, program.code) == (1, 1)
        assert f"invoice {INVOICE} is registered" in human.err
        assert program.problem["invoice"] == INVOICE

    def test_a_link_that_is_not_done_in_time_says_how_to_go_on(
        self, node: Any, tidan: Any, told: Any, paper: Path
    ) -> None:
        ready(node, told)
        node.answer("POST", LINKS, accepted(told, "invoice.link", "pending"), status=202)

        ended = register(tidan, told, paper, "--timeout", "0", "--json")

        assert (ended.code, ended.problem["invoice"]) == (4, INVOICE)
        assert "tidan invoice link" in ended.problem["detail"]
