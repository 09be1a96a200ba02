"""Whatever is sent, the answers are those that the OpenAPI document promises."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.office import Consortium, opened
from tidan_node.domain.parties import Role


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A node on a port of its own: where it listens, and the key that opens all of it."""
    ready, done = threading.Event(), asyncio.Event()
    told: list[str] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        consortium = Consortium(tmp_path_factory.mktemp("node"))
        carrier = consortium.enrol(Role.CARRIER)
        async with opened(consortium, carrier) as office:
            await consortium.publish()
            server = uvicorn.Server(uvicorn.Config(office.app, log_config=None, lifespan="off"))
            listener = socket.create_server(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            running = asyncio.create_task(server.serve([listener]))
            told.extend((f"http://127.0.0.1:{port}", office.client.headers["Authorization"]))
            ready.set()
            await done.wait()
            server.should_exit = True
            await running

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    yield told[0], told[1]
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


def test_every_answer_is_as_promised(served: tuple[str, str]) -> None:
    """Schemathesis makes the requests, good and bad, and holds the answers against the document."""
    url, key = served
    asked = 0

    def ask(operation: APIOperation) -> None:
        @settings(
            max_examples=8,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def as_promised(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(
                base_url=url,
                headers={"Authorization": key},
                # documents have rules that no OpenAPI schema can say
                excluded_checks=[positive_data_acceptance],
            )

        as_promised()

    for operation in schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations():
        ask(operation.ok())

    assert asked > 200
