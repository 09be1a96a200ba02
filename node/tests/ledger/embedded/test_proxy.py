"""The chain's door: reads pass, writes take the way through the journal or none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.ledger.embedded.chains import Account
from tests.ledger.embedded.senders import OpenChain
from tidan_node.ledger.embedded.producer import Producer
from tidan_node.ledger.embedded.proxy import Proxy, application

TO = "0x" + "22" * 20
ACCOUNT = "0x" + "ab" * 20


class Door:
    """The application with a chain behind it, without a socket."""

    def __init__(self, chain: Producer) -> None:
        self.chain = chain
        proxy = Proxy(chain, lambda: {"height": chain.tip.height})
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(application(proxy)), base_url="http://127.0.0.1"
        )

    async def ask(self, body: object) -> Any:
        return (await self.http.post("/", json=body)).json()

    async def call(self, method: str, *params: object) -> Any:
        return await self.ask({"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)})


@pytest.fixture
async def door(open_chain: OpenChain) -> AsyncIterator[Door]:
    async with open_chain() as chain:
        door = Door(chain)
        yield door
        await door.http.aclose()


def request(number: int, method: str, *params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


class TestReads:
    @pytest.mark.parametrize(
        ("method", "params", "result"),
        [
            ("eth_chainId", [], "0x539"),
            ("eth_blockNumber", [], "0x0"),
            ("eth_gasPrice", [], "0x0"),
            ("eth_maxPriorityFeePerGas", [], "0x0"),
            ("eth_accounts", [], []),
            ("eth_getBalance", [ACCOUNT, "latest"], "0x0"),
            ("net_version", [], "1337"),
        ],
    )
    async def test_reads_are_answered(
        self, door: Door, method: str, params: list[object], result: object
    ) -> None:
        assert await door.call(method, *params) == {"jsonrpc": "2.0", "id": 7, "result": result}

    async def test_nobody_knows_a_key_with_money(self, door: Door) -> None:
        first_of_the_well_known = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
        answer = await door.call("eth_getBalance", first_of_the_well_known, "latest")
        assert answer["result"] == "0x0"
        assert (await door.call("eth_accounts"))["result"] == []


class TestWrites:
    @pytest.mark.parametrize(
        "method",
        [
            "eth_sendTransaction",
            "eth_sendUnsignedTransaction",
            "eth_sendRawTransactionSync",
            "eth_sign",
            "anvil_setCode",
            "anvil_mine",
            "anvil_reset",
            "anvil_dumpState",
            "anvil_impersonateAccount",
            "hardhat_setStorageAt",
            "hardhat_setBalance",
            "evm_mine",
            "evm_revert",
            "evm_snapshot",
            "evm_setNextBlockTimestamp",
            "debug_setHead",
            "miner_start",
            "personal_unlockAccount",
            "eth_subscribe",
            "no_such_method",
        ],
    )
    async def test_a_method_that_passes_the_journal_by_is_refused(
        self, door: Door, method: str
    ) -> None:
        error = (await door.call(method))["error"]
        assert error["code"] == -32601
        assert error["message"].startswith(f"the method {method} is not served")
        assert door.chain.tip.height == 0

    async def test_a_refused_method_does_not_slip_through_among_reads(self, door: Door) -> None:
        answers = await door.ask(
            [request(1, "eth_chainId"), request(2, "evm_mine"), request(3, "eth_blockNumber")]
        )
        assert answers[0]["result"] == "0x539"
        assert answers[1]["error"]["code"] == -32601
        assert answers[2]["result"] == "0x0"

    async def test_a_sent_transaction_is_answered_with_its_hash_and_is_in_a_block(
        self, door: Door
    ) -> None:
        answer = await door.call("eth_sendRawTransaction", Account(1).signed(TO))
        receipt = (await door.call("eth_getTransactionReceipt", answer["result"]))["result"]
        assert receipt["blockNumber"] == "0x1"

    async def test_a_batch_is_carried_out_in_its_order(self, door: Door) -> None:
        account = Account(1)
        answers = await door.ask(
            [
                request(1, "eth_blockNumber"),
                request(2, "eth_sendRawTransaction", account.signed(TO)),
                request(3, "eth_sendRawTransaction", account.signed(TO)),
                request(4, "eth_blockNumber"),
                request(5, "tidan_setBalance", ACCOUNT, "0x10"),
                request(6, "eth_getBalance", ACCOUNT, "latest"),
            ]
        )
        assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5, 6]
        results = [answer["result"] for answer in answers]
        assert (results[0], results[3], results[4], results[5]) == ("0x0", "0x1", True, "0x10")

    async def test_200_transactions_in_one_batch_make_one_block(self, door: Door) -> None:
        account = Account(1)
        answers = await door.ask(
            [request(at, "eth_sendRawTransaction", account.signed(TO)) for at in range(200)]
        )
        assert all("result" in answer for answer in answers)
        assert (await door.call("eth_blockNumber"))["result"] == "0x1"

    @pytest.mark.parametrize(
        ("raw", "code", "message"),
        [
            ("0xzz", -32602, "one raw transaction"),
            ("00", -32602, "one raw transaction"),
            (5, -32602, "one raw transaction"),
            ("0x01", -32000, "rlp: it ends too early"),
            (Account(1).signed(TO, chain_id=2), -32000, "invalid chain id for signer"),
        ],
    )
    async def test_what_is_no_transaction_is_refused(
        self, door: Door, raw: object, code: int, message: str
    ) -> None:
        error = (await door.call("eth_sendRawTransaction", raw))["error"]
        assert (error["code"], error["message"][: len(message)]) == (code, message)

    async def test_what_comes_twice_is_told_in_the_words_of_common_nodes(self, door: Door) -> None:
        mined, waits = Account(1).signed(TO), Account(2).signed(TO, nonce=1)
        other = Account(2).signed(TO, nonce=1, data=b"other")
        for raw in (mined, waits):
            assert "result" in await door.call("eth_sendRawTransaction", raw)
        errors = [
            (await door.call("eth_sendRawTransaction", raw))["error"]
            for raw in (mined, waits, other)
        ]
        assert {error["code"] for error in errors} == {-32000}
        assert [error["message"] for error in errors] == [
            "nonce too low: next nonce 1, tx nonce 0",
            "already known",
            "replacement transaction underpriced",
        ]


class TestCommands:
    @pytest.mark.parametrize("method", ["tidan_setBalance", "anvil_setBalance"])
    async def test_a_balance_is_set_in_a_block_of_its_own(self, door: Door, method: str) -> None:
        assert (await door.call(method, ACCOUNT, hex(10**18)))["result"] is True
        balance = await door.call("eth_getBalance", ACCOUNT, "latest")
        assert balance["result"] == hex(10**18)
        assert door.chain.tip.height == 1

    @pytest.mark.parametrize("method", ["tidan_advanceTime", "evm_increaseTime"])
    async def test_time_is_put_forward(self, door: Door, method: str) -> None:
        first = (await door.call("eth_getBlockByNumber", "latest", False))["result"]
        assert (await door.call(method, 3600))["result"] == hex(3600)
        latest = (await door.call("eth_getBlockByNumber", "latest", False))["result"]
        assert 3600 <= int(latest["timestamp"], 16) - int(first["timestamp"], 16) < 3900

    @pytest.mark.parametrize(
        ("method", "params", "field"),
        [
            ("tidan_setBalance", ["0x12", 1], "account: must be 0x and 40"),
            ("tidan_setBalance", [ACCOUNT, "ten"], "wei: a number from 0"),
            ("tidan_setBalance", [ACCOUNT, -1], "wei: a number from 0"),
            ("tidan_setBalance", [ACCOUNT, 2**256], "wei: a number from 0"),
            ("tidan_setBalance", [ACCOUNT], "params: 2 expected"),
            ("tidan_advanceTime", [-5], "seconds: a number from 0"),
            ("tidan_advanceTime", [True], "seconds: a number from 0"),
            ("tidan_advanceTime", [1.5], "seconds: a number from 0"),
            ("tidan_advanceTime", [10**12], "seconds: a number from 0"),
        ],
    )
    async def test_a_wrong_parameter_is_named_and_changes_nothing(
        self, door: Door, method: str, params: list[object], field: str
    ) -> None:
        error = (await door.call(method, *params))["error"]
        assert error["code"] == -32602
        assert error["message"].startswith(field)
        assert door.chain.tip.height == 0

    async def test_the_status_is_told(self, door: Door) -> None:
        assert (await door.call("tidan_status"))["result"] == {"height": 0}


class TestForm:
    @pytest.mark.parametrize(
        ("body", "code"),
        [("{", -32700), ("[]", -32600), ("5", -32600), ('{"id": 1}', -32600), ("[1]", -32600)],
    )
    async def test_what_is_no_request_is_refused(self, door: Door, body: str, code: int) -> None:
        answer = await door.http.post(
            "/", content=body, headers={"content-type": "application/json"}
        )
        document = json.loads(answer.content)
        first = document[0] if isinstance(document, list) else document
        assert first["error"]["code"] == code

    async def test_a_batch_without_end_is_refused(self, door: Door) -> None:
        answer = await door.ask([request(at, "eth_chainId") for at in range(2001)])
        assert answer["error"]["code"] == -32600

    async def test_a_body_without_end_is_refused(self, door: Door) -> None:
        answer = await door.http.post(
            "/",
            content=b" " * (16 * 1024 * 1024 + 1),
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 413

    async def test_a_page_in_a_browser_cannot_write(self, door: Door) -> None:
        body = json.dumps(request(1, "tidan_setBalance", ACCOUNT, 1))
        simple = await door.http.post("/", content=body, headers={"content-type": "text/plain"})
        assert simple.status_code == 415
        asked_before = await door.http.options("/", headers={"origin": "http://elsewhere"})
        assert "access-control-allow-origin" not in asked_before.headers
        elsewhere = await door.http.post(
            "/", content=body, headers={"content-type": "application/json", "host": "elsewhere"}
        )
        assert elsewhere.status_code == 400
        assert door.chain.tip.height == 0
