"""A whole run over all features leaves nothing in log or trail but names by which to look further.

Signing in by OpenID, and what a failure inside of it says, has its own test
(`users/test_secrecy`); so have the logs of whole processes (`cli/tests/system`).
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.council_acts import found
from tests.identity.served import served_offices
from tests.logs import captured
from tests.office import Consortium
from tests.said import SHORTEST, Said
from tests.walking import endpoints_of
from tests.whole_run import REASON, Members, whole_run
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.problems import every_problem

ID = re.compile(r"[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"unread|sha256:[0-9a-f]{64}|[0-9a-f]{32}")
WORD = re.compile(r"[a-z]+(-[a-z0-9]+)*")
SENTENCE = re.compile(r"[a-z -]{1,40}")


@pytest.fixture
async def members(tmp_path: Path) -> AsyncIterator[Members]:
    consortium, said = Consortium(tmp_path), Said()
    roles = (Role.CARRIER | Role.INSURER, Role.TRADER, Role.BANK)
    async with served_offices(consortium, *roles) as offices:
        found(consortium.story, *(PartyIndex(office.party) for office in offices))
        await consortium.publish()
        for office in offices:
            said.listen_to(office)
        yield Members(consortium, *offices, said)


def forms_of(members: Members) -> Mapping[str, re.Pattern[str]]:
    """What a line of ours may say, member by member."""
    routes = {"unmatched", *(path for _, path in endpoints_of(members.carrier.app))}
    slugs = {problem.slug for problem in every_problem()}
    return {
        "timestamp": re.compile(r"[0-9T:.Z-]+"),
        "level": re.compile("info|warning|error"),
        "logger": re.compile(r"tidan_node(\.[a-z_]+)+"),
        "event": SENTENCE,
        "request": ID,
        "caller": ID,
        "operation": ID,
        "method": re.compile("GET|POST|DELETE"),
        "route": re.compile("|".join(map(re.escape, routes))),
        "status": re.compile("[1-5][0-9][0-9]|delivered|refused"),
        "ms": re.compile(r"[0-9]+\.[0-9]+"),
        "parcel": DIGEST,
        "problem": re.compile("|".join(map(re.escape, slugs))),
        "rule": WORD,
        "attempts": re.compile("[0-9]{1,3}"),
    }


def strange(lines: Iterable[Mapping[str, Any]], forms: Mapping[str, re.Pattern[str]]) -> list[Any]:
    """What stands in a line and has no form that a line may have."""
    return [
        (name, value)
        for line in lines
        for name, value in line.items()
        if value is not None and not (name in forms and forms[name].fullmatch(str(value)))
    ]


def secrets_of(token: str) -> list[str]:
    """Its end, behind the names that are before it: as long as no trail has it by chance, since a
    signature in base64url ends in `_A` as well as in anything else."""
    return [end for end in (re.split(r"[_.~]", token)[-1],) if len(end) >= SHORTEST]


async def test_nothing_of_what_is_said_is_in_the_log(members: Members) -> None:
    with captured("debug") as log:
        await whole_run(members)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    ours = [line for line in lines if str(line["logger"]).startswith("tidan_node")]
    asked = {line["route"] for line in ours if line["event"] == "request"}

    assert len(asked) > 40
    assert len(members.said.values) > 500
    assert strange(ours, forms_of(members)) == []
    by_form = {str(value) for line in ours for value in line.values()}
    others = json.dumps([line for line in lines if line not in ours])
    assert sorted(value for value in members.said.values - by_form if value in others) == []


async def test_nothing_that_opens_or_names_anything_is_in_the_trail(members: Members) -> None:
    await whole_run(members)
    tokens = [text for text in members.said.values if text.startswith(("tidan", "whsec_", "eyJ"))]
    private = [
        *(part for text in tokens for part in (text, *secrets_of(text))),
        *("TDB-", "INV-", "POL-", "Kiln", "ceramic", "TDZU0001017", "mail.example", REASON),
        *("Somebody Private", "Nobody Known", "hook-token", "a finding of ours"),
    ]

    for office in (members.carrier, members.trader, members.bank):
        trail = json.dumps(await office.trail())
        assert len(trail) > 500
        assert [text for text in private if text in trail] == []


def test_an_end_that_any_trail_has_is_not_looked_for() -> None:
    assert secrets_of("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl_A") == []
    assert secrets_of("tidan_0123456789abcdef_" + "0f" * 32) == ["0f" * 32]
