"""A user of a second platform, which the Council recognises, acts in the name of its party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.domain.authorities import Authority, fresh_key, named
from tests.system.consortium import Consortium, Member, wait_until
from tests.system.neighbours import entries, has_arrived
from tidan_cli.demo.commands import Outcome, tidan
from tidan_cli.exits import ExitCode

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

TRADER = "TIDANDEMOPORTBUYER03"
ACTS = ("records:read", "documents:read", "operations:read", "titles:act")
DAY = timedelta(days=1)


@dataclass
class Platform:
    """A second platform: its authorities, its lists, and one user with a certificate."""

    code: str
    folder: Path
    root: Authority
    issuing: Authority
    leaf: x509.Certificate

    @classmethod
    def opened(cls, code: str, folder: Path) -> Platform:
        now = datetime.now(UTC)
        life = {"since": now - DAY, "until": now + 100 * DAY}
        root = Authority.root(**life)
        issuing, key = root.below(**life), fresh_key()
        user = named(f"A maker of {code}", f"LEIXG-{TRADER}")
        leaf = issuing.client(user, key, since=now - DAY, until=now + 50 * DAY)
        chain = [each.public_bytes(Encoding.PEM) for each in (leaf, issuing.certificate) if each]
        (folder / "ca.der").write_bytes(root.der)
        (folder / "me.pem").write_bytes(b"".join(chain))
        (folder / "me.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        platform = cls(code, folder, root, issuing, leaf)
        platform.publish_lists()
        return platform

    def publish_lists(self, *revoked: x509.Certificate) -> None:
        since = datetime.now(UTC) - timedelta(minutes=1)
        for name, authority, gone in (("root", self.root, ()), ("issuing", self.issuing, revoked)):
            made = authority.crl(*gone, since=since, until=since + 5 * DAY)
            (self.folder / f"{name}.crl").write_bytes(made)


@dataclass
class Scene:
    """A carrier that alone makes up the Council, and a trader whose people are elsewhere."""

    consortium: Consortium
    carrier: Member
    trader: Member

    def sign_in(self, platform: Platform, *, expected: ExitCode = ExitCode.DONE) -> Outcome:
        """By the certificate of the platform, at the trader's node."""
        party = self.trader.get("/v1/me")
        folder = platform.folder
        return tidan(
            *("platform", "sign-in", "--platform", platform.code),
            *("--party", f"tidan:{party['chain']['chainId']}:{party['party']['index']}"),
            *("--certificate", folder / "me.pem", "--key", folder / "me.key"),
            *("--crl", folder / "root.crl", "--crl", folder / "issuing.crl"),
            *("--node", self.trader.access.url),
            expected=expected,
        )

    def as_user(self, *words: str, expected: ExitCode = ExitCode.DONE) -> Outcome:
        """A command of whoever has signed in: no key of the node goes along."""
        return tidan(*words, "--node", self.trader.access.url, expected=expected)

    def decide(self, *words: str | Path) -> None:
        """The Council proposes, waits for its delay, and carries it out."""
        self.carrier.tidan(*words, "--reason", "mutual recognition")
        newest = self.carrier.tidan("council", "list").answer["items"][0]["number"]
        self.consortium.advance("24h")
        self.carrier.tidan("council", "execute", str(newest))

    def recognise(self, platform: Platform) -> None:
        acts = [word for act in ACTS for word in ("--act", act)]
        self.decide(
            *("platform", "recognise", platform.code, "--certificate", platform.folder / "ca.der"),
            *("--role", "TRADER", *acts, "--expires", "52w"),
        )
        wait_until(lambda: self.recognises(platform), "the trader's node has read of it")

    def recognises(self, platform: Platform) -> bool:
        found = self.trader.get(f"/v1/platforms?platform={platform.code}")["items"]
        return any(each["stands"] for each in found)

    def offered_title(self, document: Json) -> str:
        """A title that the carrier has issued and offers to the trader, whose node has it."""
        holder = self.carrier.identifier
        body = {"document": document, "possessor": holder, "titleholder": holder}
        answer = self.carrier.post("/v1/titles", body, str(uuid4()))
        assert answer.status_code == 202, answer.text
        operation = answer.json()["operation"]["id"]
        wait_until(lambda: self.carrier.operation_ended(operation), f"{operation} ended")
        title = str(answer.json()["title"])
        self.carrier.tidan("title", "offer", title, "--to", self.trader.identifier)
        wait_until(lambda: has_arrived(self.carrier, self.trader, title), "the package is there")
        return title


@pytest.fixture(scope="module")
def scene(consortium: Consortium) -> Scene:
    carrier = consortium.member(
        "Port Scene Demo Line", "CARRIER", "LEI:TIDANDEMOPORTLINE029", "SMDG:TDZ"
    )
    trader = consortium.member("Port Scene Demo Buyer", "TRADER", f"LEI:{TRADER}")
    card = carrier.home / "party-card.json"
    tidan("council", "found", card, "--chain-home", consortium.chain_home)
    for member in (carrier, trader):
        member.serve()
    return Scene(consortium, carrier, trader)


@pytest.fixture(autouse=True)
def signed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions are kept where this test alone looks."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


def test_a_user_of_a_recognised_platform_reads_and_accepts_for_its_party(
    scene: Scene, transport_document: Json, tmp_path: Path
) -> None:
    """The whole way: recognised, listed, signed in, accepted; then withdrawn, and out at once."""
    trader, platform = scene.trader, Platform.opened("DEMO-PORT", tmp_path)
    title = scene.offered_title(transport_document)
    known = tidan("platform", "subject", "--certificate", tmp_path / "me.pem").answer
    assert known["organisation"] == f"LEI:{TRADER}"

    refused = scene.sign_in(platform, expected=ExitCode.REFUSED)
    assert refused.problem["rule"] == "recognition"
    scene.recognise(platform)
    assert scene.sign_in(platform, expected=ExitCode.REFUSED).slug == "not-in-directory"
    user = trader.tidan(
        *("user", "add", "A maker", "--platform", platform.code),
        *("--subject", known["subject"], "--role", "MAKER"),
    ).answer
    session = scene.sign_in(platform).answer
    assert session["user"]["id"] == user["id"]
    assert session["scopes"] == sorted(ACTS)

    shown = scene.as_user("title", "show", title).answer
    assert shown["number"] == transport_document["transportDocumentReference"]
    scene.as_user("title", "accept", title)
    assert scene.as_user("title", "show", title).answer["possessor"]["name"] == trader.home.name
    assert scene.as_user("user", "list", expected=ExitCode.REFUSED).slug == "scope-missing"
    accepted = [each for each in entries(trader, "title.accept") if each["subject"] == title]
    assert [each["actor"] for each in accepted] == [session["id"]]

    (anchor,) = {
        each["anchor"] for each in trader.get(f"/v1/platforms?platform={platform.code}")["items"]
    }
    scene.decide("platform", "revoke", anchor)
    wait_until(lambda: not scene.recognises(platform), "the trader's node has read of it")
    assert scene.as_user("title", "list", expected=ExitCode.REFUSED).slug == "not-authenticated"
    refused = scene.sign_in(platform, expected=ExitCode.REFUSED)
    assert refused.problem["rule"] == "recognition"


def test_a_revoked_user_of_a_recognised_platform_stays_out(scene: Scene, tmp_path: Path) -> None:
    """Whatever is in the directory; and the node's log does not say who it was."""
    platform = Platform.opened("OTHER-PORT", tmp_path)
    scene.recognise(platform)
    known = tidan("platform", "subject", "--certificate", tmp_path / "me.pem").answer
    scene.trader.tidan(
        *("user", "add", "A maker", "--platform", platform.code),
        *("--subject", known["subject"], "--role", "MAKER"),
    )

    platform.publish_lists(platform.leaf)

    assert scene.sign_in(platform, expected=ExitCode.REFUSED).problem["rule"] == "revoked"
    log = (scene.trader.home / "serve.log").read_text(errors="replace")
    assert f"A maker of {platform.code}" not in log
    assert TRADER not in log
