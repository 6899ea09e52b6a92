"""Who works here, how they get in, what they did, and what was answered to requests that may come again."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

users = sa.Table(
    "users",  # who may log in
    metadata,
    identity(),
    sa.Column("email", sa.Text, nullable=False),  # as written
    sa.Column("email_key", sa.Text, nullable=False, unique=True),  # normalized
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("password", sa.Text),  # hashed, NULL until an invitation is accepted
    sa.Column("totp_secret", sa.Text),  # encrypted, NULL without a second factor
    sa.Column("totp_step", sa.BigInteger),  # of the last code that was used: none is used twice
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("deactivated_at", Instant),
    sa.Column("language", sa.Text),  # ISO 639-1, of the pages; NULL: the browser's
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    reference("user_id", "users", primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    identity(),
    reference("user_id", "users", index=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),  # of the token in the cookie
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("owes_code", sa.Boolean, nullable=False),  # the second factor was not given yet
    sa.Column("address", sa.Text),
    sa.Column("agent", sa.Text),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    identity(),
    reference("user_id", "users", index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),  # its beginning, by which its owner knows it again
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Column("revoked_at", Instant),
)

invitations = sa.Table(
    "invitations",  # one-time links by which somebody sets a password
    metadata,
    identity(),
    reference("user_id", "users", nullable=True, index=True),  # NULL: for the first administrator
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)

throttles = sa.Table(
    "throttles",  # how often something was tried since
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("since", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

audit = sa.Table(
    "audit",  # who did what; triggers refuse to change or delete a row
    metadata,
    identity(),
    sa.Column("at", Instant, nullable=False),
    reference("user_id", "users", nullable=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("address", sa.Text),
    sa.Index("ix_audit_user_id", "user_id", "id"),
)

answers = sa.Table(
    "answers",  # to requests that may come again, under the keys that they came with
    metadata,
    reference("user_id", "users", primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),  # of the request
    sa.Column("begun_at", Instant, nullable=False, index=True),
    sa.Column("answer", sa.Text),  # encrypted, NULL while the request is carried out
)
