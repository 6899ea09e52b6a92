"""Companies, the people there, their lost deals, and who asked to be left alone."""

import sqlalchemy as sa

from cadence.store.tables.columns import Instant, identity, metadata, reference

accounts = sa.Table(
    "accounts",
    metadata,
    identity(),
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
    identity(),
    reference("account_id", "accounts", index=True),
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
    identity(),
    reference("account_id", "accounts"),
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

participants = sa.Table(
    "participants",  # addresses seen in the thread of an enrollment, beside the prospect's own
    metadata,
    reference("enrollment_id", "enrollments", primary_key=True),
    sa.Column("email_key", sa.Text, primary_key=True),
    sa.Index("ix_participants_email_key", "email_key"),
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    identity(),
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

covered = sa.Table(
    "covered",  # what once lost us a deal of a company, and would not lose us the next
    metadata,
    identity(),
    reference("account_id", "accounts", index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("covered_on", sa.Date, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

suggestions = sa.Table(
    "suggestions",  # people named in replies
    metadata,
    identity(),
    reference("inbound_id", "inbound"),
    sa.Column("kind", sa.Text, nullable=False),  # referral, successor, moved, old_seat
    sa.Column("name", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("company", sa.Text),
    sa.Column("at", Instant, nullable=False),
    reference("deal_id", "deals", nullable=True, index=True),  # for which they were enrolled
)
