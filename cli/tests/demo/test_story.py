"""The demo as somebody types it: the whole story on real processes, and what is left of it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.system.consortium import wait_until
from tidan_cli.demo.cast import BUYER, CARRIER, SHIPPER
from tidan_cli.demo.commands import tidan
from tidan_cli.demo.running import Started, running_in
from tidan_cli.exits import ExitCode
from tidan_cli.node_choice import read_client_file

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

SAMPLES = Path(__file__).parents[4] / "shared" / "standards" / "samples" / "dcsa"
ACTS = [
    *("ISSUE", "OFFER", "ACCEPT", "OFFER", "ACCEPT"),
    *("SURRENDER_FOR_DELIVERY", "ACCEPT_SURRENDER"),
]

_PATIENCE = 300

Json = dict[str, Any]  # Any: JSON


def demo(*words: object) -> subprocess.Popen[bytes]:
    # Run in a shell's background the tests ignore Ctrl-C, and what they start would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "tidan_cli.main", "demo", *map(str, words), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def told_to_its_end(*words: object) -> Json:
    with demo(*words) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err.decode()
    assert err == b""
    story: Json = json.loads(out)
    return story


def processes_of(folder: Path) -> list[Started]:
    running = running_in(folder)
    return [] if running is None else running.processes


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


class TestOwnDocuments:
    def test_the_title_goes_all_the_way(self, title: Json) -> None:
        assert [act["act"] for act in title["acts"]] == ACTS
        assert (title["kind"], title["status"]) == ("ORDER", "DELIVERED")

    def test_it_is_held_by_carrier_shipper_and_buyer_in_turn(self, title: Json) -> None:
        holders = [span["possessor"]["name"] for span in title["holders"]]
        assert holders == [CARRIER.name, SHIPPER.name, BUYER.name]
        for before, after in zip(title["holders"], title["holders"][1:], strict=False):
            assert before["until"] == after["from"]
        assert title["holders"][-1]["until"]["block"] == title["acts"][-1]["block"]

    def test_it_cannot_be_accepted_without_its_package(self, story: Json) -> None:
        refusals = [step["refusal"] for step in story["steps"] if step["refusal"]]
        assert refusals == ["package-missing"]

    def test_every_node_is_audited_against_the_chain(self, title: Json) -> None:
        audits = {audit["node"]: audit["verdict"] for audit in title["audits"]}
        assert audits == {"carrier": "verified", "shipper": "verified", "buyer": "verified"}

    def test_the_other_papers_are_recorded(self, story: Json, carrier_home: Path) -> None:
        home = ("--home", carrier_home)
        invoice = tidan("invoice", "show", story["invoice"], *home).answer
        policy = tidan("policy", "show", story["policy"], *home).answer

        assert (invoice["status"], invoice["seller"]["name"]) == ("REGISTERED", SHIPPER.name)
        assert (policy["status"], policy["insured"]["name"]) == ("ISSUED", SHIPPER.name)
        assert not invoice["holdsContent"]
        assert not policy["holdsContent"]

    def test_only_those_who_handled_it_hold_its_content(
        self, title: Json, folder: Path, carrier_home: Path
    ) -> None:
        held = {
            key: tidan("title", "show", title["title"], "--home", folder / key).answer
            for key in ("carrier", "shipper", "buyer", "insurer")
        }

        assert {key: answer["holdsContent"] for key, answer in held.items()} == {
            "carrier": True,
            "shipper": True,
            "buyer": True,
            "insurer": False,
        }

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


class TestSomebodysDocuments:
    @pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared is not there")
    def test_the_regular_sample_of_dcsa_goes_through_the_same_story(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"

        story = told_to_its_end(
            *("--documents", SAMPLES, "--dir", folder),
            *("--transport-document", "transport-document-regularSTD.json"),
        )

        (title,) = story["titles"]
        assert (title["kind"], title["status"]) == ("BLANK", "DELIVERED")
        assert [act["act"] for act in title["acts"]] == ACTS
        assert [span["titleholder"] for span in title["holders"]] == [None, None, None]
        assert {audit["verdict"] for audit in title["audits"]} == {"verified"}
        assert not folder.exists()


class TestCtrlC:
    def test_it_ends_everything_and_removes_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"
        with demo("--dir", folder) as process:
            started = wait_for_process(process, folder, CARRIER.key)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=120)

        assert process.returncode == ExitCode.INTERRUPTED
        assert (out, err) == (b"", b"")
        assert not any(each.is_alive for each in started)
        assert not folder.exists()

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties children to parents")
    def test_what_a_killed_demo_leaves_is_cleaned_by_name(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"
        with demo("--dir", folder) as process:
            started = wait_for_process(process, folder, CARRIER.key)
            process.kill()
            process.communicate()

        cleaned = tidan("demo", "clean", "--dir", folder)

        assert "chain" in cleaned.answer["cleaned"][0]["ended"]
        assert not any(each.is_alive for each in started)
        assert not folder.exists()


def wait_for_process(process: subprocess.Popen[bytes], folder: Path, name: str) -> list[Started]:
    """Everything that the demo has started, once it has started this."""

    def has_started() -> bool:
        assert process.poll() is None, process.communicate()
        return name in {each.name for each in processes_of(folder)}

    wait_until(has_started, f"the demo never started {name}", seconds=_PATIENCE)
    return processes_of(folder)


def stop(folder: Path, name: str) -> None:
    """End one node of the demo, as whoever runs it would."""
    (node,) = [each for each in processes_of(folder) if each.name == name]
    os.kill(node.pid, signal.SIGTERM)
    wait_until(lambda: not node.is_alive, f"{name} does not end", seconds=_PATIENCE)


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
            wait_until(lambda: is_ready(url), f"{home.name} is not ready", seconds=_PATIENCE)
            yield
        finally:
            node.terminate()
            assert node.wait(60) == ExitCode.DONE


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", trust_env=False).is_success
    except httpx.HTTPError:
        return False
