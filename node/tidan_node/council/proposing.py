"""What can be proposed to the Council, as callers send it: one shape for each kind."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from tidan_node.web.shapes import SEEN, PartyReference, Shape, whole_second

RoleName = Literal[
    "CARRIER", "TRADER", "BANK", "INSURER", "REGULATOR", "KEYHOLDER", "NOTARY", "OPERATOR"
]
RecognisedAct = Literal[
    "records:read",
    "documents:read",
    "documents:send",
    "documents:receive",
    "titles:act",
    "invoices:act",
    "policies:act",
    "credentials:issue",
    "approvals:decide",
    "operations:read",
    "trail:read",
    "reports:sign",
]
"""Every scope but those by which more could be handed on."""
Roles = Annotated[list[RoleName], Field(min_length=1, max_length=8)]
ACCOUNT = r"^0[xX][0-9a-fA-F]{40}$"
Account = Annotated[str, Field(pattern=ACCOUNT, description="0x and 40 hex.")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=SEEN)]
Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=500,
        pattern=SEEN,
        description="Why. It stands on the chain for all members to read.",
    ),
]
CodeName = Annotated[str, Field(min_length=3, max_length=96, pattern=r"^[!-~]+$")]
KeyHex = Annotated[
    str,
    Field(
        pattern=r"^0[xX][0-9a-fA-F]{66}$",
        description="A compressed point of P-256: 0x and 33 bytes of hex.",
    ),
]


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("must be base64 with padding") from error
    return text


class Code(Shape):
    """A code that the party numbers documents under, and its key for ever."""

    code: CodeName
    key: KeyHex


class Proposing(Shape):
    """What all proposals say."""

    reason: Reason


class Enrol(Proposing):
    """A new party, by what its card says."""

    kind: Literal["enrol"]
    roles: Roles
    account: Account
    profile: dict[str, Any]  # Any: read by the profile's own rules
    codes: Annotated[tuple[Code, ...], Field(max_length=16)] = ()
    rulebook: Line
    governing_law: Line


class OfParty(Proposing):
    """Something about a party that is enrolled."""

    party: PartyReference


class Suspend(OfParty):
    """It can only decline and surrender, until it is reinstated."""

    kind: Literal["suspend"]


class Reinstate(OfParty):
    """A suspended party acts again."""

    kind: Literal["reinstate"]


class Revoke(OfParty):
    """It is a member no more, for ever; its successor answers the surrenders of its titles, and
    releases the pledges that it has."""

    kind: Literal["revoke"]
    successor: PartyReference | None = None


class NameSuccessor(OfParty):
    """Who answers for a revoked party: surrenders of its titles, pledges that it has. It is active,
    and carrier and bank as far as that one was."""

    kind: Literal["name-successor"]
    successor: PartyReference


class ChangeRoles(OfParty):
    """All its roles from then on."""

    kind: Literal["change-roles"]
    roles: Roles


class RegisterCode(OfParty):
    """One code more, with its key for ever."""

    kind: Literal["register-code"]
    code: CodeName
    key: KeyHex


class Recover(OfParty):
    """All its accounts end and another acts for the party, which may object."""

    kind: Literal["recover"]
    added: Account


class Recognise(Proposing):
    """A foreign platform, by a CA certificate or an issuer's DID: what its users may do here."""

    kind: Literal["recognise"]
    platform: Annotated[str, Field(max_length=64)]
    certificate: Annotated[
        str | None,
        Field(max_length=8192, description="The DER of a CA certificate, in base64."),
        AfterValidator(lambda text: text if text is None else _base64(text)),
    ] = None
    did: Annotated[str | None, Field(min_length=8, max_length=500, pattern=r"^did:[!-~]+$")] = None
    roles: Roles
    acts: Annotated[
        list[RecognisedAct],
        Field(
            min_length=1,
            max_length=32,
            description="What its users may do at most. An act alone lets them do it and nothing"
            " else: `operations:read` lets them see how it ends, `records:read` what there is.",
        ),
    ]
    expires_at: Annotated[AwareDatetime, AfterValidator(whole_second)]


class Withdraw(Proposing):
    """A recognition ends at once."""

    kind: Literal["withdraw"]
    anchor: Annotated[str, Field(pattern=r"^0[xX][0-9a-fA-F]{64}$")]


class RecogniseGateway(Proposing):
    """An account through which titles leave for another chain or platform, and come back."""

    kind: Literal["recognise-gateway"]
    gateway: Account
    name: Line


class DismissGateway(Proposing):
    """A gateway takes no title any more; those that it has, it still sends out or gives back."""

    kind: Literal["dismiss-gateway"]
    gateway: Account


class AddSeat(OfParty):
    """A member more in the Council."""

    kind: Literal["add-seat"]


class RemoveSeat(OfParty):
    """A member less in the Council."""

    kind: Literal["remove-seat"]


ProposalRequest = Annotated[
    Enrol
    | Suspend
    | Reinstate
    | Revoke
    | NameSuccessor
    | ChangeRoles
    | RegisterCode
    | Recover
    | Recognise
    | Withdraw
    | RecogniseGateway
    | DismissGateway
    | AddSeat
    | RemoveSeat,
    Field(discriminator="kind"),
]
