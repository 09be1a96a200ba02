"""A platform that the consortium recognises, its users, and a party's node that they sign in to."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from cryptography import x509

from tests.domain.authorities import DAY, Authority, der, fresh_key, named
from tests.domain.sign_ins import claims, header, signed
from tests.office import Office
from tests.story import CHAIN, with_check_digits
from tidan_node.domain.certificates.subject import subject_of
from tidan_node.domain.membership_events import PlatformRecognised, PlatformWithdrawn
from tidan_node.domain.parties import Role
from tidan_node.domain.platforms import AnchorId, AnchorKind, PlatformCode, anchor_id_of
from tidan_node.people.caller import Caller
from tidan_node.people.roles import UserRole
from tidan_node.people.users import User, Users
from tidan_node.recognition.guard import RecognitionGuard
from tidan_node.web.issuers import Issuers

CODE = PlatformCode("DEMO-PORT")
ACTS = "documents:read operations:read records:read titles:act"


def lei_of(party: int) -> str:
    return with_check_digits(f"5299{party:014d}")


@dataclass
class Member:
    """A person with a certificate and its key."""

    certificate: x509.Certificate
    key: Any = field(repr=False)  # Any: of a kind that signs

    @property
    def subject(self) -> str:
        return subject_of(self.certificate).name


class Port:
    """The platform: its authorities, and what they issue at the time of the consortium."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        life = {"since": now - DAY, "until": now + 100 * DAY}
        self.root = Authority.root(**life)
        self.issuing = self.root.below(**life)

    def member(self, name: str = "A maker", lei: str | None = None, **how: Any) -> Member:
        key = fresh_key()
        of = named(name, f"LEIXG-{lei or lei_of(2)}")
        life: dict[str, Any] = {"since": self.now - DAY, "until": self.now + 50 * DAY}
        return Member(self.issuing.client(of, key, **(life | how)), key)

    def lists(self, *revoked: x509.Certificate, number: int = 1, age: int = 60) -> list[bytes]:
        """Both lists, made so many minutes ago."""
        since = self.now - timedelta(minutes=age)
        until = self.now + 5 * DAY
        return [
            self.root.crl(since=since, until=until, number=number),
            self.issuing.crl(*revoked, since=since, until=until, number=number),
        ]

    def token(self, member: Member, *, party: int = 2, **said: Any) -> str:
        chain = [der(member.certificate), self.issuing.der]
        usual = {"aud": f"tidan:{CHAIN}:{party}", "iss": CODE}
        return signed(member.key, header(chain), claims(self.now, **(usual | said)))


@dataclass
class Desk:
    """The node of party 2, a trader, which has the platform's people in its directory."""

    office: Office
    port: Port

    @property
    def anchor(self) -> AnchorId:
        return anchor_id_of(CODE, AnchorKind.CERTIFICATE, self.port.root.der)

    async def recognise(
        self,
        *,
        acts: str = ACTS,
        roles: Role = Role.TRADER,
        kind: AnchorKind = AnchorKind.CERTIFICATE,
        anchor: bytes | None = None,
        days: float = 30,
        platform: PlatformCode = CODE,
    ) -> None:
        """The consortium's word, published at once."""
        story = self.office.consortium.story
        raw = self.port.root.der if anchor is None else anchor
        story.emit(
            PlatformRecognised(
                anchor_id=anchor_id_of(platform, kind, raw),
                platform=platform,
                kind=kind,
                anchor=raw,
                roles=roles,
                acts=acts,
                expires_at=story.now + int(days * 86400),
            )
        )
        await self.office.consortium.publish()

    async def withdraw(self) -> None:
        self.office.consortium.story.emit(PlatformWithdrawn(self.anchor))
        await self.office.consortium.publish()

    async def know(self, subject: str, *roles: UserRole, issuer: str = f"platform:{CODE}") -> User:
        async with self.office.database.writing() as connection:
            return await Users(connection, self.office.consortium.clock).add(
                issuer=issuer,
                subject=subject,
                name="A maker",
                roles=roles or (UserRole.MAKER,),
            )

    async def sign_in(
        self,
        token: str,
        lists: Sequence[bytes] | None = None,
        platform: str = CODE,
    ) -> httpx.Response:
        sent = self.port.lists() if lists is None else lists
        body = {
            "platform": platform,
            "token": token,
            "crls": [base64.b64encode(each).decode() for each in sent],
        }
        async with self.stranger() as client:
            return await client.post("/v1/platform-sessions", json=body)

    def stranger(self) -> httpx.AsyncClient:
        """Somebody who shows no key."""
        transport = httpx.ASGITransport(app=self.office.app)
        return httpx.AsyncClient(transport=transport, base_url="http://node")

    async def get(self, path: str, token: str) -> httpx.Response:
        async with self.stranger() as client:
            return await client.get(path, headers={"Authorization": f"Bearer {token}"})

    def equip(self, issuers: Issuers | None = None) -> None:
        """With what `app.py` gives a node for users of platforms."""
        node = self.office.app.state.node
        given = {} if issuers is None else {"issuers": issuers}
        self.office.app.state.node = replace(
            node, session_guard=RecognitionGuard(node.account), **given
        )


def caller_of(desk: Desk, user: User, **other: Any) -> Caller:
    """A caller as authentication finds one who has signed in from the platform."""
    usual: dict[str, Any] = {"user": user.user_id, "session": True, "anchor_id": desk.anchor}
    return Caller("0011223344556677", user.name, user.scopes, **(usual | other))


async def refusal(answer: Any) -> tuple[int, str, object]:
    document = answer.json()
    return answer.status_code, document["type"].rsplit("/", 1)[-1], document.get("rule")
