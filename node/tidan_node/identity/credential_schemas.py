"""Credentials as callers ask for and see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from tidan_node.domain.checks import Outcome
from tidan_node.domain.credentials import CONCEALED, Form
from tidan_node.domain.parties import role_names
from tidan_node.domain.tokens import LARGEST_TOKEN
from tidan_node.identity.repository import IssuedCredential
from tidan_node.identity.verification_schemas import CheckAnswer
from tidan_node.web.shapes import (
    SEEN,
    VISIBLE,
    AsOf,
    Moment,
    Names,
    PartyName,
    PartyReference,
    Shape,
    whole_second,
)

_COMPACT: Final = r"^[A-Za-z0-9_.~-]+$"
CredentialText = Annotated[
    str,
    Field(min_length=1, max_length=LARGEST_TOKEN, pattern=_COMPACT, description="The credential."),
]
Audience = Annotated[
    str,
    Field(
        min_length=1,
        max_length=256,
        pattern=VISIBLE,
        description="For whom it is presented: a name that the verifier goes by.",
    ),
]
Nonce = Annotated[
    str,
    Field(
        min_length=8,
        max_length=128,
        pattern=VISIBLE,
        description="What the verifier has made up, so that a presentation serves once.",
    ),
]
RoleName = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[A-Z]+$")]
Until = Annotated[datetime, AfterValidator(whole_second)]


class CredentialRequest(Shape):
    """Whom to accredit, for what and until when."""

    subject: PartyReference
    roles: Annotated[list[RoleName], Field(min_length=1, max_length=8)] | None = None
    """Left out: all that the chain gives the party."""
    form: Literal["jwt", "sd-jwt"] = "sd-jwt"
    """An SD-JWT lets its subject choose what to show of it."""
    valid_until: Until | None = None
    """Left out: a year from now."""


class RevocationRequest(Shape):
    """Why. It stays at this node: others see that the credential is revoked, and no more."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=SEEN)]


class PresentationRequest(Shape):
    """What to show of a credential that this party has, and to whom."""

    credential: CredentialText
    disclose: Annotated[
        list[Literal["name", "identifiers", "roles"]], Field(max_length=len(CONCEALED))
    ]
    """Of `name`, `identifiers` and `roles`; all else stays concealed."""
    audience: Audience
    nonce: Nonce


class VerificationRequest(Shape):
    """A credential that somebody shows; with the audience and the nonce that it was asked with,
    its holder is checked too."""

    credential: CredentialText
    audience: Audience | None = None
    nonce: Nonce | None = None


class CredentialAnswer(Shape):
    """A credential that this node has issued."""

    id: str
    form: Form
    subject: PartyName
    subject_did: str
    roles: list[str]
    valid_from: Moment
    valid_until: Moment
    status_list: int
    status_index: int
    issued_at: Moment
    revoked_at: Moment | None
    revocation_reason: str | None

    @classmethod
    def of(cls, issued: IssuedCredential, names: Names) -> CredentialAnswer:
        return cls(
            id=issued.id,
            form=issued.form,
            subject=PartyName.of(issued.subject, names),
            subject_did=issued.subject_did,
            roles=role_names(issued.roles),
            valid_from=issued.valid_from,
            valid_until=issued.valid_until,
            status_list=issued.status_list,
            status_index=issued.status_index,
            issued_at=issued.issued_at,
            revoked_at=issued.revoked_at,
            revocation_reason=issued.revocation_reason,
        )


class CredentialMade(CredentialAnswer):
    """A new credential. Hand the text to its subject: this node keeps none."""

    credential: str | None
    """Shown this once: null where the request is repeated. Under four eyes it is shown to whoever
    gives the last approval."""


class CredentialPage(Shape):
    """Credentials that this node has issued, the newest first."""

    items: list[CredentialAnswer]
    next_cursor: str | None
    as_of: AsOf


class Presentation(Shape):
    """What the verifier is to be given."""

    presentation: str | None
    """Shown this once: null where the request is repeated."""


class CredentialVerification(Shape):
    """What a credential is worth, check by check, and what it says."""

    outcome: Outcome
    """`failed` by one check that failed; `verified` where each of them is."""
    checks: list[CheckAnswer]
    issuer: PartyName | None
    """Who it is that vouches: whether that is enough is for the reader to say."""
    subject: PartyName | None
    form: Form
    says: dict[str, Any]  # Any: JSON, as far as it is disclosed
    holder_proven: bool
    """Whether whoever shows it has shown to be its subject."""
    checked_at: Moment
    as_of: AsOf
