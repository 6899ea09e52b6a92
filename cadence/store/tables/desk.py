"""What waits for a person, what can be taken back, and everything that happened."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

tasks = sa.Table(
    "tasks",
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    reference("prospect_id", "prospects", nullable=True),
    reference("enrollment_id", "enrollments", nullable=True),
    reference("message_id", "messages", nullable=True),
    reference("inbound_id", "inbound", nullable=True),
    reference("mailbox_id", "mailboxes", nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Column("answer", sa.Text),
    sa.Column("snoozed_until", Instant),  # nobody is asked before
    sa.Index("ix_tasks_open", "done_at", "created_at"),
    sa.Index(
        "ix_tasks_waiting",
        "inbound_id",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    ),
    sa.Index("ix_tasks_prospect_id", "prospect_id"),
)

alarms = sa.Table(
    "alarms",  # who is told of a task by mail
    metadata,
    identity(),
    reference("task_id", "tasks", ondelete="CASCADE"),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Instant),  # NULL where it is not tried again
    sa.Column("sent_at", Instant),
    sa.Column("fault", sa.Text),
    sa.UniqueConstraint("task_id", "address"),
    sa.Index(
        "ix_alarms_next_at",
        "next_at",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    ),
)

undos = sa.Table(
    "undos",  # what people did that can be taken back, as long as nothing has followed from it
    metadata,
    identity(),
    sa.Column("at", Instant, nullable=False),
    reference("user_id", "users", nullable=True),
    reference("prospect_id", "prospects"),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("rows", sa.JSON, nullable=False),  # as they were before
    sa.Column("digest", sa.Text, nullable=False),  # of how everything stood right after
    sa.Column("undone_at", Instant),
    sa.Index("ix_undos_user_id", "user_id", "id"),
    sa.Index("ix_undos_prospect_id", "prospect_id", "id"),
)

events = sa.Table(
    "events",  # one recorded transition or decision; never updated
    metadata,
    identity(),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    reference("prospect_id", "prospects", nullable=True),
    reference("enrollment_id", "enrollments", nullable=True),
    reference("message_id", "messages", nullable=True),
    reference("inbound_id", "inbound", nullable=True),
    reference("mailbox_id", "mailboxes", nullable=True),
    sa.Column("data", sa.JSON),
    sa.Index("ix_events_prospect_id", "prospect_id", "id"),
    sa.Index("ix_events_enrollment_id", "enrollment_id", "id"),
    sa.Index("ix_events_kind", "kind", "id"),
)

event_totals = sa.Table(
    "event_totals",  # how many events of a kind there are, so that nobody has to count them all
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("up_to", sa.BigInteger, nullable=False),  # the last event, of any kind, that was counted
)
