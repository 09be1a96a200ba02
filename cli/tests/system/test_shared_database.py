"""Two processes of one node on one PostgreSQL: whoever dies, all that was accepted is done once."""

from __future__ import annotations

import json
import random
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.postgres import Cluster, found_programs, running_cluster
from tests.system.consortium import Consortium, Member, wait_until
from tests.system.oracle import Oracle
from tidan_cli.demo.commands import tidan

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

TITLES = 12
_BUSY = (409, 429, 503)
"""What a careful client meets with the same request once more: answered just now, or not yet."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster(durable=True) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def processes(consortium: Consortium, cluster: Cluster) -> tuple[Member, Member]:
    first = consortium.member(
        *("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ"),
        database_url=cluster.url("postgres"),
    )
    second = first.beside()
    consortium.members.append(second)
    for each in (first, second):
        each.serve()
    return first, second


class Load:
    """Clients that issue titles through either process, each until it is told `accepted`."""

    def __init__(self, processes: Sequence[Member], documents: Sequence[Json]) -> None:
        self._processes = processes
        self.documents = documents
        self._some_accepted = threading.Event()
        self.accepted: dict[str, tuple[str, str]] = {}
        """By the keys of the requests, titles and the operations that issue them."""

    def run(self, meanwhile: Callable[[], None]) -> None:
        """Issue all of them; `meanwhile` begins when a few were accepted and most were not."""
        with ThreadPoolExecutor(4) as clients:
            running = [clients.submit(self._issue, each) for each in self.documents]
            assert self._some_accepted.wait(60)
            meanwhile()
            for each in running:
                each.result()

    def _issue(self, document: Json) -> None:
        key, body = str(uuid4()), {"document": document, "titleholder": "1"}
        pause = threading.Event()
        while True:
            try:
                answer = random.choice(self._processes).post("/v1/titles", body, key)
            except httpx.HTTPError:  # that process is dead, or has just died
                pause.wait(0.05)
                continue
            if answer.status_code == 202:
                break
            assert answer.status_code in _BUSY, answer.text
            pause.wait(0.05)
        told = answer.json()
        self.accepted[key] = (told["title"], told["operation"]["id"])
        if len(self.accepted) >= len(self.documents) // 4:
            self._some_accepted.set()


def documents(template: Json) -> list[Json]:
    prefix = template["transportDocumentReference"]
    return [
        json.loads(json.dumps(template)) | {"transportDocumentReference": f"{prefix}{each}"}
        for each in range(TITLES)
    ]


def assert_all_done_once(consortium: Consortium, node: Member, load: Load) -> None:
    assert len(load.accepted) == len(load.documents)
    for _, operation in load.accepted.values():
        wait_until(lambda: node.operation_ended(operation), f"{operation} ended")  # noqa: B023
    oracle = Oracle(node, consortium.chain_url)
    oracle.require({key: operation for key, (_, operation) in load.accepted.items()})
    ended = {each["status"] for each in oracle.in_sql().operations.values()}
    assert ended == {"succeeded"}
    titles = [title for title, _ in load.accepted.values()]
    told = node.get(f"/v1/titles/{titles[-1]}/history?proof=true")
    assert [(act["seq"], act["act"]) for act in told["acts"]] == [(1, "ISSUE")]


def workers(node: Member) -> str:
    """What a process says of its workers."""
    answer = httpx.get(f"{node.access.url}/health/ready", timeout=10).json()
    found = {each["name"]: each["detail"] for each in answer["checks"]}
    return str(found["workers"])


def works(node: Member) -> bool:
    return workers(node).endswith("running")


def test_the_processes_take_turns_and_nothing_is_lost_when_the_one_at_work_is_killed(
    consortium: Consortium, processes: tuple[Member, Member], transport_document: Json
) -> None:
    wait_until(lambda: any(works(each) for each in processes), "one of them works")
    at_work, other = sorted(processes, key=works, reverse=True)
    assert workers(other).startswith("standing by")
    load = Load(processes, documents(transport_document))

    load.run(meanwhile=at_work.kill)

    assert_all_done_once(consortium, other, load)
    assert works(other)
    at_work.serve()
    assert workers(at_work).startswith("standing by")


def test_what_one_process_accepts_another_carries_out_and_its_streams_tell_of_it(
    processes: tuple[Member, Member], transport_document: Json
) -> None:
    wait_until(lambda: any(works(each) for each in processes), "one of them works")
    _, standing_by = sorted(processes, key=works, reverse=True)
    body = {"document": transport_document, "titleholder": "1"}
    accepted = standing_by.post("/v1/titles", body, str(uuid4())).json()
    path = f"/v1/operations/{accepted['operation']['id']}/events"
    with standing_by.client() as client, client.stream("GET", path) as stream:
        told = [line for line in stream.iter_lines() if line.startswith("data:")]
    assert json.loads(told[-1].removeprefix("data:"))["status"] == "succeeded"


def test_the_one_at_work_hangs_and_another_goes_on_without_it(
    consortium: Consortium, processes: tuple[Member, Member], transport_document: Json
) -> None:
    wait_until(lambda: any(works(each) for each in processes), "one of them works")
    at_work, other = sorted(processes, key=works, reverse=True)
    at_work.send_signal(signal.SIGSTOP)
    try:
        wait_until(lambda: works(other), "the other works")
        load = Load([other], documents(transport_document)[:3])
        load.run(meanwhile=lambda: None)
        assert_all_done_once(consortium, other, load)
    finally:
        at_work.send_signal(signal.SIGCONT)
    wait_until(lambda: workers(at_work).startswith("standing by"), "it stands by")
    assert works(other)


def test_postgresql_is_killed_under_load_and_all_that_was_accepted_is_done_once(
    consortium: Consortium,
    cluster: Cluster,
    processes: tuple[Member, Member],
    transport_document: Json,
) -> None:
    wait_until(lambda: all(each.answers() for each in processes), "both answer")
    load = Load(processes, documents(transport_document))

    def kill_and_start() -> None:
        cluster.kill()
        cluster.start()

    load.run(meanwhile=kill_and_start)

    assert_all_done_once(consortium, processes[0], load)
    wait_until(lambda: sum(works(each) for each in processes) == 1, "one of them works")
    wait_until(lambda: all(each.answers() for each in processes), "both are ready")


def test_a_node_with_an_older_dump_of_its_database_does_nothing_twice(
    consortium: Consortium,
    cluster: Cluster,
    processes: tuple[Member, Member],
    transport_document: Json,
    tmp_path: Path,
) -> None:
    node, beside = processes
    one, another, new = (Load([node], each) for each in in_three(documents(transport_document)))
    consortium.kill_chain()
    one.run(meanwhile=lambda: None)
    taken = node.tidan("node", "backup", "--to", tmp_path / "kept").answer
    run_by_postgresql(taken["next"][0], tmp_path)
    consortium.chain_up()
    another.run(meanwhile=lambda: None)
    assert_all_done_once(consortium, node, another)
    since = [operation for _, operation in another.accepted.values()]
    oracle = Oracle(node, consortium.chain_url)
    oracle.forget(
        {each["tx_hash"] for each in oracle.in_sql().attempts if each["operation_id"] in since}
    )

    for each in (node, beside):
        each.kill()
    home = tmp_path / "anew"
    back = tidan("node", "restore", "--from", tmp_path / "kept", "--home", home).answer
    run_by_postgresql(back["next"][0], tmp_path)
    node.home = home
    node.serve()
    new.run(meanwhile=lambda: None)

    known = one.accepted | new.accepted
    oracle.require({key: operation for key, (_, operation) in known.items()})
    ended = oracle.in_sql().operations
    assert {ended[operation]["status"] for _, operation in known.values()} == {"succeeded"}
    for title, _ in another.accepted.values():
        assert node.knows(title)


def in_three(every: Sequence[Json]) -> tuple[Sequence[Json], Sequence[Json], Sequence[Json]]:
    third = len(every) // 3
    return every[:third], every[third : 2 * third], every[2 * third :]


def run_by_postgresql(line: str, folder: Path) -> None:
    """A command line as it was told to a person."""
    program, *words = shlex.split(line)
    subprocess.run([found_programs() / program, *words], cwd=folder, check=True)
