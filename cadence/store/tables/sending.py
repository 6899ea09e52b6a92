"""What is published, who is enrolled in it, and every mail.

`messages.wake_at` is the queue: the instant at which a worker must look at a planned, deferred or
sending mail, NULL where none must. Claiming a row pushes it forward by a lease.
"""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

revisions = sa.Table(
    "revisions",
    metadata,
    identity(),
    sa.Column("sequence", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("files", sa.LargeBinary, nullable=False),  # the snapshot, see revisions.py
    sa.Column("published_at", Instant, nullable=False),
    sa.UniqueConstraint("sequence", "number"),
)

trials = sa.Table(
    "trials",  # two ways of writing a step, tried side by side
    metadata,
    identity(),
    sa.Column("sequence", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # of the words of both
    reference("revision_id", "revisions"),  # the first that has them
    reference("until_id", "revisions", nullable=True),  # the first that has them no more
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),  # by its author
    sa.Column("counted_at", Instant),
    sa.Column("counts", sa.JSON),  # as of then: variant → how many mails, see store/trials.py
    sa.Column("decided_at", Instant),
    sa.Column("winner", sa.Text),  # NULL once it is decided: no difference was found
    sa.UniqueConstraint("sequence", "step", "revision_id"),
)

enrollments = sa.Table(
    "enrollments",
    metadata,
    identity(),
    reference("prospect_id", "prospects", index=True),
    reference("deal_id", "deals", index=True),
    sa.Column("sequence", sa.Text, nullable=False),
    reference("mailbox_id", "mailboxes", index=True),
    reference("executive_mailbox_id", "mailboxes", nullable=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_reason", sa.Text),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("resume_at", Instant),
    sa.Column("heard", sa.JSON, nullable=False),
    reference("paused_by", "enrollments", nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("handovers", sa.JSON),  # pairs of mailboxes: who wrote before, and who took over
    sa.Index(
        "ix_enrollments_resume_at",
        "resume_at",
        sqlite_where=sa.text("resume_at IS NOT NULL"),
        postgresql_where=sa.text("resume_at IS NOT NULL"),
    ),
    # One live enrollment of a person in a sequence, whatever two processes do at once.
    sa.Index(
        "uq_enrollments_live",
        "prospect_id",
        "sequence",
        unique=True,
        sqlite_where=sa.text("state IN ('active', 'paused')"),
        postgresql_where=sa.text("state IN ('active', 'paused')"),
    ),
    # What lists are filtered by, each in the order in which they are shown.
    sa.Index("ix_enrollments_mailbox_prospect", "mailbox_id", "prospect_id", "state", "sequence"),
    sa.Index("ix_enrollments_state_prospect", "state", "prospect_id"),
    sa.Index("ix_enrollments_sequence_prospect", "sequence", "state", "prospect_id"),
    sa.Index("ix_enrollments_mailbox_deal", "mailbox_id", "deal_id"),
    sa.Index(
        "ix_enrollments_executive",
        "executive_mailbox_id",
        sqlite_where=sa.text("executive_mailbox_id IS NOT NULL"),
        postgresql_where=sa.text("executive_mailbox_id IS NOT NULL"),
    ),
)

messages = sa.Table(
    "messages",
    metadata,
    identity(),
    reference("enrollment_id", "enrollments"),
    reference("prospect_id", "prospects"),
    reference("account_id", "accounts"),
    reference("mailbox_id", "mailboxes", nullable=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("occurrence", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("wake_at", Instant),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("base_at", Instant, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    reference("revision_id", "revisions", nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("first_attempt_at", Instant),
    sa.Column("sent_by", sa.Text),  # the process that claimed it last, and may be sending it
    sa.Column("sent_at", Instant),
    sa.Column("subject", sa.Text),
    sa.Column("story", sa.Text),
    sa.Column("variant", sa.Text),  # of a step that has two, see core/trials.py
    sa.Column("approved", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("outcome", sa.Text),
    sa.Column("raw", sa.LargeBinary),  # the mail as sent, compressed
    sa.Column("to_file", sa.Boolean, nullable=False, server_default=sa.false()),  # a copy in Sent is owed
    sa.Column("left_as", sa.Text),  # the Message-ID under which its reader has it, where that is another one
    sa.UniqueConstraint("enrollment_id", "step", "occurrence"),
    sa.Index(
        "ix_messages_left_as",
        "left_as",
        sqlite_where=sa.text("left_as IS NOT NULL"),
        postgresql_where=sa.text("left_as IS NOT NULL"),
    ),
    sa.Index(
        "ix_messages_queue",
        "mailbox_id",
        "wake_at",
        sqlite_where=sa.text("wake_at IS NOT NULL"),
        postgresql_where=sa.text("wake_at IS NOT NULL"),
    ),
    # What upkeep looks for: few rows at any time, whatever waits in the queue.
    sa.Index(
        "ix_messages_sending",
        "wake_at",
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    ),
    sa.Index(
        "ix_messages_claimed",
        "wake_at",
        sqlite_where=sa.text("wake_at != due_at"),
        postgresql_where=sa.text("wake_at != due_at"),
    ),
    # What metrics count: mails that wait for something else than their date.
    sa.Index(
        "ix_messages_troubled",
        "state",
        sqlite_where=sa.text("state IN ('deferred', 'held', 'in_doubt')"),
        postgresql_where=sa.text("state IN ('deferred', 'held', 'in_doubt')"),
    ),
    # What a trial counts: the few mails that were written in one of two ways.
    sa.Index(
        "ix_messages_variant",
        "revision_id",
        "step",
        sqlite_where=sa.text("variant IS NOT NULL"),
        postgresql_where=sa.text("variant IS NOT NULL"),
    ),
    # What lists of the API are cut by. A mail gets into it once, when nothing more becomes of it; only who
    # asks in the same words gets at it, so that no other query is led astray.
    sa.Index(
        "ix_messages_ended",
        "state",
        "id",
        sqlite_where=sa.text("state IN ('sent', 'refused', 'skipped', 'cancelled')"),
        postgresql_where=sa.text("state IN ('sent', 'refused', 'skipped', 'cancelled')"),
    ),
    sa.Index(
        "ix_messages_story",
        "story",
        "id",
        sqlite_where=sa.text("story IS NOT NULL"),
        postgresql_where=sa.text("story IS NOT NULL"),
    ),
    sa.Index("ix_messages_prospect_sent", "prospect_id", "sent_at"),
    sa.Index("ix_messages_account_sent", "account_id", "sent_at"),
    sa.Index("ix_messages_mailbox_sent", "mailbox_id", "sent_at"),
    sa.Index(
        "ix_messages_to_file",
        "mailbox_id",
        sqlite_where=sa.text("to_file"),
        postgresql_where=sa.text("to_file"),
    ),
)

news = sa.Table(
    "news",  # something new that answers why deals were lost
    metadata,
    identity(),
    sa.Column("answers", sa.Text, nullable=False),  # such as features:sso
    sa.Column("story", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("approved_at", Instant),
    sa.Column("told", sa.Integer),  # how many
)

letters = sa.Table(
    "letters",  # mails that people wrote from here, in answer to replies
    metadata,
    identity(),
    reference("inbound_id", "inbound", index=True),
    reference("enrollment_id", "enrollments"),
    reference("mailbox_id", "mailboxes"),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # of the form: sent twice, it is one mail
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # sending, sent, refused, in_doubt
    sa.Column("outcome", sa.Text),
    sa.Column("at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
)
