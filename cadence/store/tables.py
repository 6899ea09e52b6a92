"""The tables, as SQLAlchemy Core sees them; migrations/ holds the way there.

`messages.wake_at` is the queue: the instant at which a worker must look at a planned, deferred or
sending mail, NULL where none must. Claiming a row pushes it forward by a lease.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it as naive UTC text, which sorts as it should."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants, which would be read in another zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant its zone back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", kind, primary_key=True, autoincrement=True)


def _ref(name: str, table: str, *, ondelete: str | None = None, **options: Any) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    options.setdefault("nullable", False)
    return sa.Column(name, kind, sa.ForeignKey(f"{table}.id", ondelete=ondelete), **options)


accounts = sa.Table(
    "accounts",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # by which two spellings are one company
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("domain", sa.Text),
    sa.Column("industry", sa.Text),
    sa.Column("size", sa.Integer),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_accounts_domain", "domain", "id"),
)

prospects = sa.Table(
    "prospects",
    metadata,
    _id(),
    _ref("account_id", "accounts", index=True),
    sa.Column("email", sa.Text, nullable=False),  # as written
    sa.Column("email_key", sa.Text, nullable=False, unique=True),  # normalized
    sa.Column("first_name", sa.Text),
    sa.Column("last_name", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("region", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("soft_bounces", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Column("unreachable", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("basis", sa.Text),  # the ground to write to them, NULL for what their enrollment tells
    sa.Column("basis_source", sa.Text),
    sa.Column("basis_since", sa.Date),
    sa.Column("basis_until", sa.Date),
    sa.Index("ix_prospects_status", "status", "id"),
)

deals = sa.Table(
    "deals",
    metadata,
    _id(),
    _ref("account_id", "accounts"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("lost_at", Instant, nullable=False),
    sa.Column("product", sa.Text),
    sa.Column("reason", sa.Text),  # the rep's version
    sa.Column("competitor", sa.Text),
    sa.Column("competitor_contract_end", sa.Date),
    sa.Column("amount", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("crm_id", sa.Text, index=True),  # its name in the software that told of it
    sa.Column("outcome", sa.Text),  # won or let_go, once a person said what became of it
    sa.Column("outcome_on", sa.Date),
    sa.Column("outcome_amount", sa.Text),
    sa.Column("outcome_reason", sa.Text),
    sa.Column("missing", sa.Text),  # what we could not do
    sa.Column("missing_ships", sa.Date),
    sa.Column("alternative", sa.Text),  # who else can help them
    sa.Column("referred_by", sa.Text),  # named in the mails, so only with that person's consent
    sa.UniqueConstraint("account_id", "name"),
    sa.Index("ix_deals_lost_at", "lost_at"),
    sa.Index("ix_deals_reason", "reason", "id"),
)

mailboxes = sa.Table(
    "mailboxes",
    metadata,
    _id(),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("address_key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("smtp", sa.Text, nullable=False),
    sa.Column("imap", sa.Text, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # a password or a token, encrypted; the key is elsewhere
    sa.Column("title", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("signature", sa.Text),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("region", sa.Text),
    sa.Column("daily_cap", sa.Integer, nullable=False),
    sa.Column("ramp_from", sa.Integer, nullable=False),
    sa.Column("ramp_step", sa.Integer, nullable=False),
    sa.Column("gap", sa.Integer, nullable=False),
    sa.Column("jitter", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_reason", sa.Text),
    sa.Column("plus_addressing", sa.Boolean, nullable=False),
    sa.Column("sent_folder", sa.Text),
    sa.Column("files_sent", sa.Boolean),
    sa.Column("synced_at", Instant),  # every folder was read at or after this
    sa.Column("last_sent_at", Instant),
    sa.Column("first_sent_on", sa.Date),
    sa.Column("watched_by", sa.Text),  # the process that waits on it, as long as that is alive
    sa.Column("removed_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    _ref("owner_id", "users", nullable=True, index=True),
    sa.Column("absences", sa.JSON),  # days off, in the row because every mail looks at them
    sa.Column("rests_on_holidays", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("oauth", sa.Text),  # with which provider it is signed in; null: the secret is a password
    sa.Column("token_until", Instant),
)

grants = sa.Table(
    "grants",
    metadata,
    _ref("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("refresh", sa.Text, nullable=False),  # encrypted, as the secret is
    sa.Column("granted_at", Instant, nullable=False),
    sa.Column("tried_at", Instant, nullable=False),  # when it was last renewed, or that was tried
    sa.Column("busy_until", Instant),  # somebody renews it, for so long at most
    sa.Column("ended_at", Instant),  # its provider said so
    sa.Column("told_at", Instant),  # people were told that it has ended
)

folders = sa.Table(
    "folders",
    metadata,
    _ref("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("last_uid", sa.BigInteger, nullable=False),  # all up to here are dealt with
)

feeds = sa.Table(
    "feeds",  # how far a provider's API told what is new in a folder, see mail/numbering.py
    metadata,
    _ref("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("validity", sa.BigInteger, nullable=False),
    sa.Column("position", sa.Text),  # null: it must be asked afresh
    sa.Column("next_uid", sa.BigInteger, nullable=False),
)

feed_mails = sa.Table(
    "feed_mails",  # mails that the API told of, as long as they are not dealt with
    metadata,
    _ref("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),  # by which the API knows it
)

processes = sa.Table(
    "processes",  # workers and watchers that say, again and again, that they are alive
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("alive_until", Instant, nullable=False),
)

revisions = sa.Table(
    "revisions",
    metadata,
    _id(),
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
    _id(),
    sa.Column("sequence", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # of the words of both
    _ref("revision_id", "revisions"),  # the first that has them
    _ref("until_id", "revisions", nullable=True),  # the first that has them no more
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
    _id(),
    _ref("prospect_id", "prospects", index=True),
    _ref("deal_id", "deals", index=True),
    sa.Column("sequence", sa.Text, nullable=False),
    _ref("mailbox_id", "mailboxes", index=True),
    _ref("executive_mailbox_id", "mailboxes", nullable=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_reason", sa.Text),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("resume_at", Instant),
    sa.Column("heard", sa.JSON, nullable=False),
    _ref("paused_by", "enrollments", nullable=True),
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
    _id(),
    _ref("enrollment_id", "enrollments"),
    _ref("prospect_id", "prospects"),
    _ref("account_id", "accounts"),
    _ref("mailbox_id", "mailboxes", nullable=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("occurrence", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("wake_at", Instant),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("base_at", Instant, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    _ref("revision_id", "revisions", nullable=True),
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

inbound = sa.Table(
    "inbound",
    metadata,
    _id(),
    _ref("mailbox_id", "mailboxes"),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("message_key", sa.Text, nullable=False),  # the same mail in two folders is one
    _ref("enrollment_id", "enrollments", nullable=True),
    _ref("prospect_id", "prospects", nullable=True),
    _ref("outbound_id", "messages", nullable=True),
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
    _id(),
    _ref("inbound_id", "inbound", index=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("verdict", sa.JSON, nullable=False),  # the product's own, as it was
    sa.Column("model", sa.Text),  # version of the model that was asked, NULL where none was
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

models = sa.Table(
    "models",  # what reads replies; the newest that was not withdrawn counts, without one the shipped model
    metadata,
    _id(),
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
    _id(),
    _ref("inbound_id", "inbound", unique=True),
    sa.Column("model", sa.Text, nullable=False),  # whom the endpoint let answer
    sa.Column("category", sa.Text),  # NULL where no answer came
    sa.Column("confidence", sa.Float),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
)

participants = sa.Table(
    "participants",  # addresses seen in the thread of an enrollment, beside the prospect's own
    metadata,
    _ref("enrollment_id", "enrollments", primary_key=True),
    sa.Column("email_key", sa.Text, primary_key=True),
    sa.Index("ix_participants_email_key", "email_key"),
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    _id(),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

forgotten = sa.Table(
    "forgotten",  # addresses of people who were erased, as keyed digests: nobody writes to them again
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

news = sa.Table(
    "news",  # something new that answers why deals were lost
    metadata,
    _id(),
    sa.Column("answers", sa.Text, nullable=False),  # such as features:sso
    sa.Column("story", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("approved_at", Instant),
    sa.Column("told", sa.Integer),  # how many
)

covered = sa.Table(
    "covered",  # what once lost us a deal of a company, and would not lose us the next
    metadata,
    _id(),
    _ref("account_id", "accounts", index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("covered_on", sa.Date, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

tasks = sa.Table(
    "tasks",
    metadata,
    _id(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    _ref("prospect_id", "prospects", nullable=True),
    _ref("enrollment_id", "enrollments", nullable=True),
    _ref("message_id", "messages", nullable=True),
    _ref("inbound_id", "inbound", nullable=True),
    _ref("mailbox_id", "mailboxes", nullable=True),
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
    _id(),
    _ref("task_id", "tasks", ondelete="CASCADE"),
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
    _id(),
    sa.Column("at", Instant, nullable=False),
    _ref("user_id", "users", nullable=True),
    _ref("prospect_id", "prospects"),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("rows", sa.JSON, nullable=False),  # as they were before
    sa.Column("digest", sa.Text, nullable=False),  # of how everything stood right after
    sa.Column("undone_at", Instant),
    sa.Index("ix_undos_user_id", "user_id", "id"),
    sa.Index("ix_undos_prospect_id", "prospect_id", "id"),
)

rsvps = sa.Table(
    "rsvps",  # what people answered to invitations; never updated, the newest of a mail counts
    metadata,
    _id(),
    _ref("message_id", "messages", index=True),  # the mail that invited them, or told of a change
    _ref("inbound_id", "inbound", nullable=True),  # the reply; NULL where a person of ours was told
    sa.Column("answer", sa.Text, nullable=False),  # accepted, tentative, declined
    sa.Column("actor", sa.Text),  # who was told, NULL where they answered by mail
    sa.Column("at", Instant, nullable=False),
)

letters = sa.Table(
    "letters",  # mails that people wrote from here, in answer to replies
    metadata,
    _id(),
    _ref("inbound_id", "inbound", index=True),
    _ref("enrollment_id", "enrollments"),
    _ref("mailbox_id", "mailboxes"),
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

suggestions = sa.Table(
    "suggestions",  # people named in replies
    metadata,
    _id(),
    _ref("inbound_id", "inbound"),
    sa.Column("kind", sa.Text, nullable=False),  # referral, successor, moved, old_seat
    sa.Column("name", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("company", sa.Text),
    sa.Column("at", Instant, nullable=False),
    _ref("deal_id", "deals", nullable=True, index=True),  # for which they were enrolled
)

events = sa.Table(
    "events",  # one recorded transition or decision; never updated
    metadata,
    _id(),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    _ref("prospect_id", "prospects", nullable=True),
    _ref("enrollment_id", "enrollments", nullable=True),
    _ref("message_id", "messages", nullable=True),
    _ref("inbound_id", "inbound", nullable=True),
    _ref("mailbox_id", "mailboxes", nullable=True),
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

users = sa.Table(
    "users",  # who may log in
    metadata,
    _id(),
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
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    _ref("user_id", "users", primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _id(),
    _ref("user_id", "users", index=True),
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
    _id(),
    _ref("user_id", "users", index=True),
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
    _id(),
    _ref("user_id", "users", nullable=True, index=True),  # NULL: for the first administrator
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
    _id(),
    sa.Column("at", Instant, nullable=False),
    _ref("user_id", "users", nullable=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("address", sa.Text),
    sa.Index("ix_audit_user_id", "user_id", "id"),
)

answers = sa.Table(
    "answers",  # to requests that may come again, under the keys that they came with
    metadata,
    _ref("user_id", "users", primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),  # of the request
    sa.Column("begun_at", Instant, nullable=False, index=True),
    sa.Column("answer", sa.Text),  # encrypted, NULL while the request is carried out
)

webhooks = sa.Table(
    "webhooks",  # where other software wants to hear of what happens
    metadata,
    _id(),
    _ref("user_id", "users"),
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
    _ref("webhook_id", "webhooks", primary_key=True, ondelete="CASCADE"),
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
    _id(),
    sa.Column("kind", sa.Text, nullable=False),  # the table in which it happened
    sa.Column("of_id", sa.BigInteger, nullable=False),
    sa.Column("was", sa.Text),
    sa.Column("became", sa.Text),
)

deliveries = sa.Table(
    "deliveries",  # what is told to webhooks, and how that went
    metadata,
    _id(),
    _ref("webhook_id", "webhooks"),
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
    _id(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _ref("user_id", "users"),
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
    _ref("job_id", "jobs", primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)

job_rejects = sa.Table(
    "job_rejects",  # who was left out, or would be, and why
    metadata,
    _ref("job_id", "jobs", primary_key=True),
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
    _ref("mailbox_id", "mailboxes", primary_key=True),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("checks", sa.JSON, nullable=False),  # so far
)
