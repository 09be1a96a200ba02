"""The acts on an invoice: what is asked of the node, and what is said afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

INVOICE = "0x77c1d0e2" + "ab" * 28


def at(act: str) -> str:
    return f"/v1/invoices/{INVOICE}/{act}"


def accepted(told: Any, kind: str, status: str = "succeeded", **members: Any) -> dict[str, Any]:
    operation = told.operation(status, kind=kind, target=INVOICE, **members)
    return {"operation": operation, "invoice": INVOICE}


def known(told: Any, id_: str = INVOICE, **members: Any) -> dict[str, Any]:
    parties = {"seller": told.shipper, "buyer": told.carrier, "titles": []}
    return dict(told.title(id_) | {"status": "REGISTERED"} | parties | members)


class TestPlainActs:
    @pytest.mark.parametrize(
        ("command", "words"),
        [
            ("accept", ("acceptance", "accepted 0x77c1d0e2abab…")),
            ("settle", ("settlement", "settled 0x77c1d0e2abab…")),
            ("cancel", ("cancellation", "cancelled 0x77c1d0e2abab…")),
        ],
    )
    def test_each_asks_for_its_act(
        self, node: Any, tidan: Any, told: Any, command: str, words: tuple[str, str]
    ) -> None:
        path, done = words
        node.answer("POST", at(path), accepted(told, f"invoice.{command}"), status=202)

        human = tidan("invoice", command, INVOICE)
        program = tidan("invoice", command, INVOICE, "--expected-seq", "3", "--json")

        assert (human.code, program.code) == (0, 0)
        assert done in human.out
        assert program.answer["invoice"] == INVOICE
        assert [asked.json for asked in node.taken("POST", at(path))] == [{}, {"expectedSeq": 3}]

    def test_an_invoice_is_named_by_its_first_digits(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("GET", "/v1/invoices?limit=200", told.page(known(told)))
        node.answer("POST", at("acceptance"), accepted(told, "invoice.accept"), status=202)

        assert tidan("invoice", "accept", "77c1d0e2").code == 0


class TestDispute:
    def test_it_names_a_reason(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", at("dispute"), accepted(told, "invoice.dispute"), status=202)

        ended = tidan("invoice", "dispute", INVOICE, "--reason", "QUANTITY")

        assert ended.code == 0
        assert node.taken("POST", at("dispute"))[0].json == {"reason": "QUANTITY"}

    @pytest.mark.parametrize("options", [(), ("--reason", "MOOD")])
    def test_without_a_known_reason_nothing_is_asked(
        self, node: Any, tidan: Any, options: tuple[str, ...]
    ) -> None:
        ended = tidan("invoice", "dispute", INVOICE, *options)

        assert (ended.code, node.asked) == (2, [])


class TestLink:
    def test_it_names_the_title_in_full(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", "/v1/titles?limit=200", told.page(told.title()))
        node.answer("POST", at("links"), accepted(told, "invoice.link"), status=202)

        ended = tidan("invoice", "link", INVOICE, "--title", "3f2a91c0")

        assert ended.code == 0
        assert node.taken("POST", at("links"))[0].json == {"title": told.title_id}
        assert "linked 0x77c1d0e2abab… to title 0x3f2a91c0abab…" in ended.out


class TestRefusals:
    @pytest.mark.parametrize(
        ("slug", "next_step"),
        [
            ("package-missing", "tidan invoice receive FILE"),
            ("wrong-status", f"tidan invoice history {INVOICE}"),
            ("stale-seq", f"tidan invoice show {INVOICE}"),
            ("not-the-buyer", f"tidan invoice show {INVOICE}"),
        ],
    )
    def test_each_says_what_to_do_next(
        self, node: Any, tidan: Any, slug: str, next_step: str
    ) -> None:
        node.refuse("POST", at("acceptance"), slug, 409, detail="no", field="invoice")

        human = tidan("invoice", "accept", INVOICE)
        program = tidan("invoice", "accept", INVOICE, "--json")

        assert (human.code, program.code) == (1, 1)
        assert "next: " in human.err
        assert next_step in human.err
        assert program.problem["type"] == f"/v1/problems/{slug}"

    def test_what_the_chain_refuses_later_says_so_too(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        problem = {"type": "/v1/problems/stale-seq", "title": "moved on", "detail": "at seq 5"}
        failed = accepted(told, "invoice.accept", "failed", problem=problem)
        node.answer("POST", at("acceptance"), failed, status=202)

        ended = tidan("invoice", "accept", INVOICE)

        assert ended.code == 1
        assert "at seq 5" in ended.err
        assert f"tidan invoice show {INVOICE}" in ended.err


class TestHistory:
    def test_each_act_is_a_line_that_says_what_it_says(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        acts = [
            told.act(1, "REGISTER") | {"details": {"buyer": told.shipper, "contentRoot": "0x"}},
            told.act(2, "LINK") | {"details": {"title": told.title_id}},
            told.act(3, "DISPUTE") | {"details": {"reason": "QUANTITY"}},
            told.act(4, "ACCEPT"),
        ]
        history = {"invoice": INVOICE, "head": acts[-1]["head"], "acts": acts}
        node.answer("GET", at("history"), history | {"asOf": told.as_of})

        human = tidan("invoice", "history", INVOICE)

        assert tidan("invoice", "history", INVOICE, "--json").answer["acts"] == acts
        for words in (
            "to Jade Kiln Demo Exports (2)",
            "for title 0x3f2a91c0abab…",
            "QUANTITY",
            "ACCEPT",
        ):
            assert words in human.out


class TestShownAndListed:
    def test_its_titles_are_shown(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", f"/v1/invoices/{INVOICE}", known(told, titles=[told.title_id]))

        assert told.title_id in tidan("invoice", "show", INVOICE).out

    def test_those_of_a_title_are_listed(self, node: Any, tidan: Any, told: Any) -> None:
        query = f"/v1/invoices?limit=50&title={told.title_id}"
        node.answer("GET", query, told.page(known(told)))

        assert "REGISTERED" in tidan("invoice", "list", "--title", told.title_id).out


class TestPackage:
    def test_it_is_written_and_taken_in(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        node.answer("GET", at("package"), b"{}")
        node.answer("POST", "/v1/packages", {"kind": "invoice", "record": INVOICE}, status=201)
        file = tmp_path / "invoice.tidan"

        written = tidan("invoice", "package", INVOICE, "-o", file, "--json")

        assert (written.code, file.read_bytes()) == (0, b"{}")
        assert tidan("invoice", "receive", file, "--json").code == 0
        assert node.taken("POST", "/v1/packages")[0].body == b"{}"


class TestShare:
    def test_a_package_is_sent_by_hand(self, node: Any, tidan: Any, told: Any) -> None:
        members = {"kind": "invoice", "record": INVOICE, "party": told.carrier, "problem": None}
        parcel = {"id": "ab", "status": "delivered"} | members
        node.answer("POST", "/v1/parcels/outgoing", parcel, status=202)

        ended = tidan("invoice", "share", INVOICE, "--to", "1")

        assert "package delivered to Paper Heron Demo Line" in ended.out
        (asked,) = node.taken("POST", "/v1/parcels/outgoing")
        assert asked.json == {"kind": "invoice", "record": INVOICE, "recipient": "1"}
