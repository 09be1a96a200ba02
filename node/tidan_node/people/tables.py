"""Users, their sessions and sign-ins, and API keys. Of what is shown to the node to authenticate
somebody, only hashes are here; the verifier of a sign-in alone is kept as it is, for minutes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Table, UniqueConstraint, false

from tidan_node.storage.columns import Document, UtcDateTime
from tidan_node.storage.metadata import metadata

users = Table(
    "users",
    metadata,
    Column("id", String(16), primary_key=True),
    # Who vouches for the person: an OpenID provider's URL, or "platform:CODE".
    Column("issuer", String(512), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("name", String(100), nullable=False),
    Column("roles", Document, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    UniqueConstraint("issuer", "subject"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", Document, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    # Whose key it is; a service's key has no owner.
    Column("user_id", String(16), index=True),
    # Which person made a service's key, and so answers for what is asked with it.
    Column("made_by", String(16)),
    Column("agent", Boolean, nullable=False, server_default=false()),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("user_id", String(16), nullable=False, index=True),
    Column("scopes", Document, nullable=False),
    # How the user was authenticated: "oidc", or "platform:CODE".
    Column("via", String(40), nullable=False),
    # The recognition that must still stand, where the user is of another platform.
    Column("anchor_id", String(66)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    # SHA-256 of the state: who reads this table cannot end a sign-in that is under way.
    Column("state_digest", String(64), primary_key=True),
    Column("secret_digest", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("redirect_uri", String(512), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
