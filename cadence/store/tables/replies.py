"""What came in, how it was understood, and what people said about that."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

inbound = sa.Table(
    "inbound",
    metadata,
    identity(),
    reference("mailbox_id", "mailboxes"),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("message_key", sa.Text, nullable=False),  # the same mail in two folders is one
    reference("enrollment_id", "enrollments", nullable=True),
    reference("prospect_id", "prospects", nullable=True),
    reference("outbound_id", "messages", nullable=True),
    sa.Column("matched_by", sa.Text),
    sa.Column("sender", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("written_at", Instant),  # the mail's own Date
    sa.Column("received_at", Instant, nullable=False),  # when it was read
    sa.Column("category", sa.Text),
    sa.Column("confidence", sa.Float),
    sa.Column("action", sa.Text),
    sa.Column("verdict", sa.JSON),
    sa.Column("corrected", sa.Text),  # the newest correction's category, beside the product's own
    sa.Column("unreadable", sa.Text),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("mailbox_id", "folder", "uidvalidity", "uid"),
    sa.UniqueConstraint("mailbox_id", "message_key"),
    sa.Index("ix_inbound_enrollment_id", "enrollment_id"),
    sa.Index("ix_inbound_received_at", "received_at"),
    sa.Index("ix_inbound_mailbox_id", "mailbox_id", "id"),
    sa.Index("ix_inbound_prospect_id", "prospect_id", "id"),
    # Only there: SQLite has a `lower` of ours, see database.py.
    sa.Index("ix_inbound_sender", sa.text("lower(sender)")).ddl_if(dialect="postgresql"),
    sa.Index("ix_inbound_category", "category", "id"),
    sa.Index(
        "ix_inbound_corrected",
        "corrected",
        "id",
        sqlite_where=sa.text("corrected IS NOT NULL"),
        postgresql_where=sa.text("corrected IS NOT NULL"),
    ),
)

corrections = sa.Table(
    "corrections",  # what people said that replies mean; never updated, the newest of a reply counts
    metadata,
    identity(),
    reference("inbound_id", "inbound", index=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("verdict", sa.JSON, nullable=False),  # the product's own, as it was
    sa.Column("model", sa.Text),  # version of the model that was asked, NULL where none was
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

models = sa.Table(
    "models",  # what reads replies; the newest that was not withdrawn counts, without one the shipped model
    metadata,
    identity(),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("base", sa.Text, nullable=False),  # version of the shipped model that it goes on from
    sa.Column("packed", sa.LargeBinary, nullable=False),
    sa.Column("report", sa.JSON, nullable=False),  # the figures before and after
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("withdrawn_at", Instant),
)

opinions = sa.Table(
    "opinions",  # what the endpoint of one's own was asked, and what it said
    metadata,
    identity(),
    reference("inbound_id", "inbound", unique=True),
    sa.Column("model", sa.Text, nullable=False),  # whom the endpoint let answer
    sa.Column("category", sa.Text),  # NULL where no answer came
    sa.Column("confidence", sa.Float),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
)

rsvps = sa.Table(
    "rsvps",  # what people answered to invitations; never updated, the newest of a mail counts
    metadata,
    identity(),
    reference("message_id", "messages", index=True),  # the mail that invited them, or told of a change
    reference("inbound_id", "inbound", nullable=True),  # the reply; NULL where a person of ours was told
    sa.Column("answer", sa.Text, nullable=False),  # accepted, tentative, declined
    sa.Column("actor", sa.Text),  # who was told, NULL where they answered by mail
    sa.Column("at", Instant, nullable=False),
)
