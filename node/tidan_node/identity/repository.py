"""Every SQL statement on credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from sqlalchemy import RowMapping, func, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.credentials import Form
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.identity.tables import credentials
from tidan_node.storage.columns import UtcDateTime
from tidan_node.web.pagination import PageRequest, Position

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCredential:
    """A credential that this node has issued, as it keeps it in mind."""

    id: str
    form: Form
    subject: PartyIndex
    subject_did: str
    roles: Role
    valid_from: datetime
    valid_until: datetime
    status_list: int
    status_index: int
    issued_at: datetime
    revoked_at: datetime | None = None
    revocation_reason: str | None = None

    @property
    def position(self) -> Position:
        """Where it stands in a list, newest first."""
        return Position((self.issued_at - _EPOCH) // _MICROSECOND, self.id)


class CredentialRepository:
    """Credentials, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, issued: IssuedCredential) -> None:
        await self._connection.execute(
            insert(credentials).values(
                id=issued.id,
                form=issued.form,
                subject=issued.subject,
                subject_did=issued.subject_did,
                roles=int(issued.roles),
                valid_from=issued.valid_from,
                valid_until=issued.valid_until,
                status_list=issued.status_list,
                status_index=issued.status_index,
                issued_at=issued.issued_at,
            )
        )

    async def by_id(self, credential_id: str) -> IssuedCredential | None:
        rows = await self._connection.execute(
            select(credentials).where(credentials.c.id == credential_id)
        )
        row = rows.mappings().one_or_none()
        return None if row is None else _issued(row)

    async def page(self, page: PageRequest) -> list[IssuedCredential]:
        """The newest first; one more than wanted, where there are more."""
        place = tuple_(credentials.c.issued_at, credentials.c.id)
        asked = select(credentials).order_by(
            credentials.c.issued_at.desc(), credentials.c.id.desc()
        )
        if page.after is not None:
            after = _EPOCH + page.after.key * _MICROSECOND
            asked = asked.where(place < tuple_(literal(after, UtcDateTime), literal(page.after.id)))
        rows = await self._connection.execute(asked.limit(page.limit + 1))
        return [_issued(row) for row in rows.mappings()]

    async def count(self) -> int:
        return await self._connection.scalar(select(func.count()).select_from(credentials)) or 0

    async def is_taken(self, status_list: int, status_index: int) -> bool:
        """Whether a credential has this place in this list."""
        found = await self._connection.scalar(
            select(credentials.c.id).where(
                credentials.c.status_list == status_list,
                credentials.c.status_index == status_index,
            )
        )
        return found is not None

    async def revoked_count(self, status_list: int) -> int | None:
        """How many of this list are revoked, which is never undone; None without such a list."""
        found = await self._connection.execute(
            select(func.count(), func.count(credentials.c.revoked_at)).where(
                credentials.c.status_list == status_list
            )
        )
        issued, revoked = found.one()
        return int(revoked) if issued else None

    async def revoked_in(self, status_list: int) -> list[int]:
        """The places in this list whose credentials are revoked."""
        found = await self._connection.scalars(
            select(credentials.c.status_index)
            .where(credentials.c.status_list == status_list, credentials.c.revoked_at.is_not(None))
            .order_by(credentials.c.status_index)
        )
        return list(found)

    async def revoke(self, credential_id: str, reason: str, now: datetime) -> bool:
        """Whether it stood until now."""
        changed = await self._connection.execute(
            update(credentials)
            .where(credentials.c.id == credential_id, credentials.c.revoked_at.is_(None))
            .values(revoked_at=now, revocation_reason=reason)
        )
        return bool(changed.rowcount)


def _issued(row: RowMapping) -> IssuedCredential:
    return IssuedCredential(
        id=row["id"],
        form=cast(Form, row["form"]),
        subject=PartyIndex(row["subject"]),
        subject_did=row["subject_did"],
        roles=Role(row["roles"]),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        status_list=row["status_list"],
        status_index=row["status_index"],
        issued_at=row["issued_at"],
        revoked_at=row["revoked_at"],
        revocation_reason=row["revocation_reason"],
    )
