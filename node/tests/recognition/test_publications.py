"""What issuers publish is fetched in bounds, and remembered for a minute."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tidan_node.recognition.publications import Publications, publications_client
from tidan_node.web.issuers import IssuerNotReached

URL = "https://port.example/.well-known/did.json"


class Web:
    """Answers what it is told to, and counts."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.now = 0.0
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.publications = Publications(client, lambda: self.now)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        await asyncio.sleep(0)
        return self.answers.pop(0)


def told(body: bytes, status: int = 200) -> httpx.Response:
    return httpx.Response(status, stream=httpx.ByteStream(body))


async def test_a_document_is_asked_for_once_a_minute() -> None:
    web = Web(told(b"first"), told(b"second"))

    assert await web.publications.published(URL) == b"first"
    web.now = 59.0
    assert await web.publications.published(URL) == b"first"
    web.now = 60.0
    assert await web.publications.published(URL) == b"second"
    assert len(web.asked) == 2


async def test_many_who_ask_at_once_are_one_question() -> None:
    web = Web(told(b"first"))

    found = await asyncio.gather(*(web.publications.published(URL) for _ in range(5)))

    assert found == [b"first"] * 5
    assert len(web.asked) == 1


async def test_what_does_not_answer_is_left_in_peace_for_ten_seconds() -> None:
    web = Web(told(b"", 500), told(b"first"))

    for _ in range(2):
        with pytest.raises(IssuerNotReached):
            await web.publications.published(URL)
    assert len(web.asked) == 1
    web.now = 10.0
    assert await web.publications.published(URL) == b"first"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
        told(b"x" * (64 * 1024 + 1)),
        told(b"", 404),
    ],
)
async def test_redirects_errors_and_large_answers_are_none(answer: httpx.Response) -> None:
    web = Web(answer)

    with pytest.raises(IssuerNotReached):
        await web.publications.published(URL)
    assert web.asked == [URL]


@pytest.mark.parametrize(
    "url",
    [
        "http://port.example/status",
        "ftp://127.0.0.1/status",
        "file:///etc/passwd",
        "http://127.0.0.1.example/status",
    ],
)
async def test_only_https_is_asked_and_http_on_this_machine(url: str) -> None:
    web = Web()

    with pytest.raises(IssuerNotReached):
        await web.publications.published(url)
    assert web.asked == []


async def test_http_on_this_very_machine_is_asked() -> None:
    web = Web(told(b"first"))

    assert await web.publications.published("http://127.0.0.1:8443/x") == b"first"


async def test_what_is_remembered_is_bounded() -> None:
    web = Web(*(told(b"x") for _ in range(258)))

    for number in range(257):
        await web.publications.published(f"{URL}?{number}")
    await web.publications.published(f"{URL}?0")

    assert len(web.asked) == 258


async def test_the_client_follows_nothing_and_trusts_no_environment() -> None:
    async with publications_client() as client:
        assert not client.follow_redirects
        assert not client.trust_env
