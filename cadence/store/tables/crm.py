"""CRMs that are connected, the deals that they told of, and what is to be told to them."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

crm_connections = sa.Table(
    "crm_connections",
    metadata,
    identity(),
    reference("user_id", "users"),  # by whose right its deals are followed
    sa.Column("kind", sa.Text, nullable=False),  # hubspot, …
    sa.Column("url", sa.Text, nullable=False),  # of its API
    sa.Column("account", sa.Text, nullable=False),  # as the CRM calls it
    sa.Column("secrets", sa.Text, nullable=False),  # encrypted
    sa.Column("hook", sa.Text),  # encrypted; NULL where it sends no webhooks
    sa.Column("setup", sa.JSON, nullable=False),  # the rules and the fields, as a manager wrote them
    sa.Column("since", Instant, nullable=False),  # what was lost before is left alone
    sa.Column("cursor", sa.Text, nullable=False),  # up to where it was read
    sa.Column("state", sa.Text, nullable=False),  # active, paused, refused
    sa.Column("fault", sa.Text),
    sa.Column("failures", sa.Integer, nullable=False),  # visits since one went well
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("read_at", Instant),  # when all that had changed was read last
    sa.Column("next_at", Instant, nullable=False),  # nobody visits it before
    sa.Column("told_up_to", sa.BigInteger, nullable=False),  # the last event that was looked at
)

crm_deals = sa.Table(
    "crm_deals",  # deals that a CRM told of
    metadata,
    reference("connection_id", "crm_connections", primary_key=True, ondelete="CASCADE"),
    sa.Column("remote_id", sa.Text, primary_key=True),
    sa.Column("crm_id", sa.Text, nullable=False, unique=True),  # by which our deals name it
    sa.Column("name", sa.Text),
    sa.Column("state", sa.Text),  # how it stood when it was followed; NULL where it never was
    sa.Column("changed_at", Instant),  # by the CRM's clock, when it was read last
    sa.Column("noticed_at", Instant),  # since when it is to be read, because somebody said so
    sa.Column("sequence", sa.Text),
    sa.Column("start", sa.Text),
    sa.Column("bases", sa.JSON, nullable=False),  # field → on what both sides agreed last
    sa.Column("said", sa.Text),  # what became of it, in words
    sa.Column("fault", sa.Text),
    sa.Index(
        "ix_crm_deals_noticed",
        "connection_id",
        "noticed_at",
        sqlite_where=sa.text("noticed_at IS NOT NULL"),
        postgresql_where=sa.text("noticed_at IS NOT NULL"),
    ),
)

crm_conflicts = sa.Table(
    "crm_conflicts",  # fields that both sides changed; kept after somebody decided
    metadata,
    identity(),
    reference("connection_id", "crm_connections", ondelete="CASCADE"),
    sa.Column("remote_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),  # of the field here
    sa.Column("ours", sa.Text, nullable=False),
    sa.Column("theirs", sa.Text, nullable=False),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("decided_at", Instant),
    sa.Column("decision", sa.Text),  # ours, theirs
    reference("user_id", "users", nullable=True),  # who decided
    sa.Index("ix_crm_conflicts_deal", "connection_id", "remote_id", "decided_at"),
)

crm_writes = sa.Table(
    "crm_writes",  # what is to be told to a CRM; only what it is about, the words are read when it leaves
    metadata,
    reference("connection_id", "crm_connections", primary_key=True, ondelete="CASCADE"),
    sa.Column("remote_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),  # fields, or reply7
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Instant),  # NULL where it is not tried again
    sa.Column("tried_at", Instant),
    sa.Column("done_at", Instant),
    sa.Column("fault", sa.Text),
    sa.Index(
        "ix_crm_writes_due",
        "connection_id",
        "next_at",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    ),
)
