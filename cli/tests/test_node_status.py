"""`tidan node status`: a node and the chains that it follows, for people and for programs."""

from __future__ import annotations

from typing import Any

HOME = {
    "chainId": 31337,
    "name": "home",
    "role": "home",
    "head": 12,
    "asOf": {"block": 11, "hash": "0x" + "aa" * 32, "time": "2026-05-01T00:00:00Z"},
    "lag": 1,
    "finalityDepth": 3,
    "heardBy": "websocket",
    "problem": None,
}
SHANGHAI = HOME | {
    "chainId": 31338,
    "name": "shanghai",
    "role": "linked",
    "head": None,
    "asOf": None,
    "lag": None,
    "heardBy": None,
    "problem": "the chain does not answer",
}


def check(name: str, **members: object) -> dict[str, Any]:
    return {"name": name, "ok": True, "detail": "well", "needed": True} | members


def test_each_chain_is_shown_with_what_is_wrong(node: Any, tidan: Any) -> None:
    away = check("chain shanghai", ok=False, detail="the chain does not answer", needed=False)
    node.answer("GET", "/health/ready", {"ready": True, "checks": [check("sql"), away]})
    node.answer("GET", "/v1/chains", {"items": [HOME, SHANGHAI]})

    human, program = tidan("node", "status"), tidan("node", "status", "--json")

    assert human.code == program.code == 0
    assert program.answer == {
        "ready": True,
        "checks": [check("sql"), away],
        "chains": [HOME, SHANGHAI],
    }
    assert "the node is ready" in human.out
    assert "home (acts here)" in human.out
    assert "shanghai: the chain does not answer" in human.out


def test_a_node_that_is_not_ready_says_why_and_is_exit_code_1(node: Any, tidan: Any) -> None:
    failed = check("indexer", ok=False, detail="lag 500 blocks")
    node.answer("GET", "/health/ready", {"ready": False, "checks": [failed]}, status=503)
    node.answer("GET", "/v1/chains", {"items": [HOME]})

    human, program = tidan("node", "status"), tidan("node", "status", "--json")

    assert human.code == program.code == 1
    assert "the node is not ready" in human.out
    assert "indexer: lag 500 blocks" in human.out
    assert program.answer["ready"] is False


def test_what_is_no_node_is_told(node: Any, tidan: Any) -> None:
    node.answer("GET", "/health/ready", {"status": "ok"})

    ended = tidan("node", "status", "--json")

    assert ended.problem["type"] == "/v1/problems/not-a-node"
