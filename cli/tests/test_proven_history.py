"""`history --proven` believes the heads that it has computed itself, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tidan_cli.exits import ExitCode
from tidan_node.domain.chain_time import moment
from tidan_node.domain.history import FIRST_HEAD, Act, InvoiceAct, PolicyAct, next_head
from tidan_node.domain.identifiers import PartyIndex, to_hex
from tidan_node.domain.titles import TitleAct

Json = dict[str, Any]
RECORD = "0x3f2a91c0" + "ab" * 28
BEGAN = 1_790_000_000
FIRST = {"title": TitleAct.ISSUE, "invoice": InvoiceAct.REGISTER, "policy": PolicyAct.ISSUE}
NEXT = {"title": TitleAct.RELEASE_PLEDGE, "invoice": InvoiceAct.ACCEPT, "policy": PolicyAct.CANCEL}
PATHS = {"title": "titles", "invoice": "invoices", "policy": "policies"}


def proven(told: Any, kind: str = "title") -> Json:
    """Two acts, the second of which is nobody's by number, and their proof."""
    acts = [
        Act(FIRST[kind], 1, PartyIndex(1), BEGAN, b"\x11" * 32),
        Act(NEXT[kind], 2, PartyIndex(0), BEGAN + 5),
    ]
    heads = [FIRST_HEAD]
    shown, hashed = [], []
    for act in acts:
        heads.append(next_head(heads[-1], act))
        by = told.carrier if act.actor else None
        place = {"head": heads[-1], "by": by, "at": moment(act.time)}
        shown.append(told.act(act.seq, act.kind.name) | place)
        hashed.append(
            {
                "act": int(act.kind),
                "seq": act.seq,
                "actor": act.actor,
                "time": act.time,
                "detail": to_hex(act.detail),
                "headBefore": heads[-2],
                "head": heads[-1],
            }
        )
    proof = {"block": 17, "blockHash": told.as_of["hash"], "seq": 2, "head": heads[-1]}
    return {
        kind: RECORD,
        "head": heads[-1],
        "acts": shown,
        "asOf": told.as_of,
        "proof": proof | {"acts": hashed},
    }


def answers(node: Any, history: object, kind: str = "title") -> None:
    node.answer("GET", f"/v1/{PATHS[kind]}/{RECORD}/history?proof=true", history)


@pytest.mark.parametrize("kind", ["title", "invoice", "policy"])
def test_a_history_that_proves_itself_says_against_which_head(
    node: Any, tidan: Any, told: Any, kind: str
) -> None:
    history = proven(told, kind)
    answers(node, history, kind)

    human = tidan(kind, "history", RECORD, "--proven")
    program = tidan(kind, "history", RECORD, "--proven", "--json")

    said = " ".join(human.out.split())
    head = history["head"]
    assert f"proven against head {head} at block 17: 2 acts, none missing" in said
    assert (human.code, program.code, program.answer) == (0, 0, history)


def test_a_history_is_not_held_against_the_chain_unasked(node: Any, tidan: Any, told: Any) -> None:
    node.answer("GET", f"/v1/titles/{RECORD}/history", proven(told) | {"proof": None})

    assert "proven" not in tidan("title", "history", RECORD).out


def _forget(history: Json) -> None:
    del history["acts"][0], history["proof"]["acts"][0]


def _forget_the_last(history: Json) -> None:
    del history["acts"][1], history["proof"]["acts"][1]


def _change_what_is_shown(history: Json) -> None:
    history["acts"][0]["act"] = "IMPORT"


def _change_who_is_shown(history: Json) -> None:
    history["acts"][1]["by"] = {"index": 4, "name": "Quay"}


def _change_when(history: Json) -> None:
    history["acts"][0]["at"] = moment(BEGAN + 1)


def _change_what_is_hashed(history: Json) -> None:
    history["proof"]["acts"][0]["detail"] = "0x" + "22" * 32


def _end_elsewhere(history: Json) -> None:
    history["head"] = history["proof"]["head"] = "0x" + "66" * 32


def _be_of_another(history: Json) -> None:
    history["title"] = "0x" + "77" * 32


def _leave_the_proof_out(history: Json) -> None:
    history["proof"] = None


def _speak_nonsense(history: Json) -> None:
    history["proof"]["acts"][1]["time"] = -1


def _lengthen_a_detail(history: Json) -> None:
    history["proof"]["acts"][1]["detail"] += "00"


def _leave_an_act_unproven(history: Json) -> None:
    del history["proof"]["acts"][1]


@pytest.mark.parametrize(
    "spoil",
    [
        _forget,
        _forget_the_last,
        _change_what_is_shown,
        _change_who_is_shown,
        _change_when,
        _change_what_is_hashed,
        _end_elsewhere,
        _be_of_another,
        _leave_the_proof_out,
        _speak_nonsense,
        _lengthen_a_detail,
        _leave_an_act_unproven,
    ],
)
def test_an_answer_that_does_not_lead_to_the_head_proves_nothing(
    node: Any, tidan: Any, told: Any, spoil: Callable[[Json], None]
) -> None:
    history = proven(told)
    spoil(history)
    answers(node, history)

    ended = tidan("title", "history", RECORD, "--proven", "--json")

    assert (ended.code, ended.out) == (ExitCode.FINDINGS, "")
    assert ended.problem["type"] == "/v1/problems/history-not-proven"


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [
        ("history-differs", 500, ExitCode.FINDINGS),
        ("history-unproven", 503, ExitCode.REFUSED),
        ("chain-moved", 503, ExitCode.REFUSED),
        ("chain-unreachable", 503, ExitCode.UNREACHABLE),
    ],
)
def test_what_keeps_the_node_from_proving_it_has_its_exit_code(
    node: Any, tidan: Any, slug: str, status: int, code: ExitCode
) -> None:
    path = f"/v1/titles/{RECORD}/history?proof=true"
    node.refuse("GET", path, slug, status, detail="no", seq=3)

    ended = tidan("title", "history", RECORD, "--proven", "--json")

    assert (ended.code, ended.problem["seq"]) == (code, 3)


def test_who_learns_of_a_difference_learns_what_to_do(node: Any, tidan: Any) -> None:
    path = f"/v1/titles/{RECORD}/history?proof=true"
    node.refuse("GET", path, "history-differs", 500, detail="from act 3 on", seq=3)

    assert "tidan node reindex" in tidan("title", "history", RECORD, "--proven").err
