"""Who is who between real nodes: by TLS that the profile pins, certificates, and credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.domain.authorities import DAY, Authority, fresh_key, named
from tests.system.consortium import Consortium, Member, wait_until
from tidan_cli.exits import ExitCode

pytestmark = pytest.mark.system

LEI = "TIDANDEMOCARRIER0125"
CARRIER = f"LEI:{LEI}"


@dataclass
class Three:
    """Who vouches, about whom, and who wants to know."""

    regulator: Member
    carrier: Member
    bank: Member

    def checks(self, *words: str | Path, expected: ExitCode) -> dict[str, str]:
        """What the bank's node finds, check by check."""
        answer = self.bank.tidan(*words, expected=expected).answer
        return {each["check"]: each["outcome"] for each in answer["checks"]}


@pytest.fixture(scope="module")
def three(consortium: Consortium) -> Three:
    members = (
        consortium.member("Vouching Demo Authority", "REGULATOR", "LEI:TIDANDEMOREGULATOR19"),
        consortium.member("Vouched For Demo Line", "CARRIER", CARRIER, "SMDG:TDZ"),
        consortium.member("Asking Demo Bank", "BANK", "LEI:TIDANDEMOBANK0000114"),
    )
    for member in members:
        with (member.home / "node.toml").open("a") as settings:
            settings.write("\npoll_interval = 0.2\n")
        member.serve()
    for member in members:
        wait_until(lambda m=member: len(m.get("/v1/parties")["items"]) >= 3, "it has read of all")
    return Three(*members)


def test_a_party_is_who_an_authority_says_that_it_is(three: Three, tmp_path: Path) -> None:
    now, key = datetime.now(UTC), fresh_key()
    root = Authority.root(since=now - DAY, until=now + 100 * DAY)
    own = root.client(
        named("Vouched For Demo Line", f"LEIXG-{LEI}"), key, since=now - DAY, until=now + 50 * DAY
    )
    (tmp_path / "chain.pem").write_bytes(own.public_bytes(Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    trusted = three.bank.home / "trust-anchors"
    trusted.mkdir()
    (trusted / "root.der").write_bytes(root.der)
    since = now - timedelta(minutes=1)
    (trusted / "root.crl").write_bytes(root.crl(since=since, until=since + 5 * DAY))

    before = three.checks("party", "verify", CARRIER, expected=ExitCode.INCOMPLETE)
    assert (before["did-document"], before["certificates"]) == ("verified", "not-evaluable")

    three.carrier.tidan("party", "certify", tmp_path / "chain.pem", "--key", tmp_path / "key.pem")
    wait_until(
        lambda: three.bank.get(f"/v1/parties/{CARRIER}")["certificates"] != [], "the bank has read"
    )
    after = three.checks("party", "verify", CARRIER, expected=ExitCode.DONE)
    assert set(after) == {
        *("standing", "identifier", "identifier-alone"),
        *("did-document", "signing-key", "encryption-key"),
        *("certificates", "certificate-identifier", "certificate-owner"),
    }

    (trusted / "root.crl").write_bytes(root.crl(own, since=since, until=since + 5 * DAY))
    revoked = three.checks("party", "verify", CARRIER, expected=ExitCode.FINDINGS)
    assert revoked["certificates"] == "failed"


def test_a_credential_is_issued_shown_checked_and_revoked(three: Three, tmp_path: Path) -> None:
    held, shown = tmp_path / "held", tmp_path / "shown"
    asked = ("--audience", "asking-bank", "--nonce", "made-up-by-the-bank")
    issued = three.regulator.tidan("credential", "issue", CARRIER, "-o", held).answer
    disclosed = ("--disclose", "roles", "--disclose", "identifiers")
    three.carrier.tidan("credential", "present", held, *disclosed, *asked, "-o", shown)

    verify = ("credential", "verify", shown, *asked)
    found = three.bank.tidan(*verify).answer
    assert found["holderProven"] is True
    assert set(found["says"]["credentialSubject"]) == {"id", "party", "roles", "identifiers"}
    three.checks(
        *("credential", "verify", shown, "--audience", "another", "--nonce", "made-up-by-it"),
        expected=ExitCode.FINDINGS,
    )

    three.regulator.tidan("credential", "revoke", str(issued["id"]), "--reason", "licence ended")
    assert three.checks(*verify, expected=ExitCode.FINDINGS)["status"] == "failed"

    three.regulator.stop()
    assert three.checks(*verify, expected=ExitCode.INCOMPLETE)["status"] == "not-evaluable"
