"""Work in the background, and what is told to other software."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

webhooks = sa.Table(
    "webhooks",  # where other software wants to hear of what happens
    metadata,
    identity(),
    reference("user_id", "users"),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # encrypted
    sa.Column("old_secret", sa.Text),  # also signs, until
    sa.Column("old_until", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("succeeded_at", Instant),
    sa.Column("disabled_at", Instant),
    sa.Column("disabled_why", sa.Text),
)

channels = sa.Table(
    "channels",  # webhooks that tell people in a chat; their secret is the URL, of which `url` shows the host
    metadata,
    reference("webhook_id", "webhooks", primary_key=True, ondelete="CASCADE"),
    sa.Column("format", sa.Text, nullable=False),  # slack, teams, json
    sa.Column("team", sa.Text),  # NULL: of everybody's mailboxes
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("quiet_from", sa.Text),  # 18:00
    sa.Column("quiet_until", sa.Text),
    sa.Column("urgent", sa.Boolean, nullable=False),  # open decisions are told in quiet hours too
    sa.Column("digest_at", Instant),  # when the next one is made
)

webhook_news = sa.Table(
    "webhook_news",  # what happened, written by triggers while there is a webhook, until it is told
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),  # the table in which it happened
    sa.Column("of_id", sa.BigInteger, nullable=False),
    sa.Column("was", sa.Text),
    sa.Column("became", sa.Text),
)

deliveries = sa.Table(
    "deliveries",  # what is told to webhooks, and how that went
    metadata,
    identity(),
    reference("webhook_id", "webhooks"),
    sa.Column("message_id", sa.Text, nullable=False),  # the same for every webhook that hears of it
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # as signed and sent
    sa.Column("state", sa.Text, nullable=False),  # pending, delivered, failed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False, index=True),
    sa.Column("next_at", Instant),  # NULL where it is not tried again
    sa.Column("tried_at", Instant),
    sa.Column("status", sa.Integer),  # of the last answer
    sa.Column("fault", sa.Text),
    sa.Index("ix_deliveries_webhook_id", "webhook_id", "id"),
    sa.Index("ix_deliveries_state", "webhook_id", "state", "id"),
    sa.Index(
        "ix_deliveries_next_at",
        "next_at",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    ),
)

jobs = sa.Table(
    "jobs",  # long work that somebody asked for: looked through first, then, after a yes, carried out
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    reference("user_id", "users"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),  # what is to be done, and to whom
    sa.Column("position", sa.BigInteger),  # up to where it is done, NULL at the beginning
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("found", sa.JSON, nullable=False),  # what would happen: outcome → how many
    sa.Column("result", sa.JSON, nullable=False),  # what did happen
    sa.Column("fault", sa.Text),
    sa.Column("held_by", sa.Text),
    sa.Column("held_until", Instant),  # whoever works on it says so again and again
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_jobs_user_id", "user_id", "id"),
    sa.Index(
        "ix_jobs_open",
        "id",
        sqlite_where=sa.text("state IN ('checking', 'running')"),
        postgresql_where=sa.text("state IN ('checking', 'running')"),
    ),
)

job_files = sa.Table(
    "job_files",  # what somebody uploaded, compressed
    metadata,
    reference("job_id", "jobs", primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)

job_rejects = sa.Table(
    "job_rejects",  # who was left out, or would be, and why
    metadata,
    reference("job_id", "jobs", primary_key=True),
    sa.Column("phase", sa.Text, primary_key=True),  # the state in which it was found
    sa.Column("row", sa.BigInteger, primary_key=True),  # of the file, or the person's id
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("cells", sa.JSON, nullable=False),
)

reports = sa.Table(
    "reports",  # what was counted for pages, kept because counting takes long
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # of whom, over which period
    sa.Column("begun_at", Instant, nullable=False, index=True),  # when it was last asked to be counted
    sa.Column("made_at", Instant),  # what it shows is as of then; NULL while it is counted for the first time
    sa.Column("took", sa.Float),  # seconds
    sa.Column("body", sa.JSON),
)

examinations = sa.Table(
    "examinations",  # the last look of the doctor at each mailbox
    metadata,
    reference("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("checks", sa.JSON, nullable=False),  # so far
)
