"""What of a policy is committed to: its fields under its number, in one of its versions."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Final

from tidan_node.domain.documents.policy import SCHEMA, Policy
from tidan_node.domain.documents.recorded import content_root
from tidan_node.domain.identifiers import IssuerCode, PartyIndex, to_hex
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.storage.contents import NumberingEvidence, StoredContent

MEDIA_TYPE: Final = "application/json"
FIRST_VERSION: Final = 1
_DAY: Final = timedelta(days=1)


def end_of_cover(policy: Policy) -> int:
    """The last day of cover is covered to its end (UTC); in seconds, as the chain keeps it."""
    return int(datetime.combine(policy.cover_until, time(), UTC).timestamp() + _DAY.total_seconds())


def content_of(
    policy: Policy, code: IssuerCode, key: NumberingKey, *, insurer: PartyIndex, version: int
) -> tuple[str, StoredContent]:
    """The policy's number, and the content of this version, with a secret of its own."""
    secret = secrets.token_bytes(SECRET_BYTES)
    numbering = key.number(policy.name(code))
    return numbering.output, StoredContent(
        record_id=record_id_of(insurer, numbering.output),
        content_root=content_root(policy, SCHEMA, secret=secret, version=version),
        kind="policy",
        schema=SCHEMA,
        version=version,
        document=policy.canonical,
        media_type=MEDIA_TYPE,
        secret=secret,
        numbering=NumberingEvidence(
            code=code,
            number=policy.number,
            sub_reference=None,
            id_proof=to_hex(numbering.proof),
        ),
        origin="own",
    )
