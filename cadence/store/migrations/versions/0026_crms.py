"""CRMs that are connected, the deals that they told of, and what is to be told to them."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    there = ("crm_connections.id", "CASCADE")
    op.create_table(
        "crm_connections",
        sa.Column("id", big, primary_key=True, autoincrement=True),
        sa.Column("user_id", big, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text()),
        sa.Column("setup", sa.JSON(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("read_at", Instant()),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("told_up_to", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "crm_deals",
        sa.Column("connection_id", big, sa.ForeignKey(there[0], ondelete=there[1]), primary_key=True),
        sa.Column("remote_id", sa.Text(), primary_key=True),
        sa.Column("crm_id", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.Text()),
        sa.Column("state", sa.Text()),
        sa.Column("changed_at", Instant()),
        sa.Column("noticed_at", Instant()),
        sa.Column("sequence", sa.Text()),
        sa.Column("start", sa.Text()),
        sa.Column("bases", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text()),
        sa.Column("fault", sa.Text()),
    )
    _only("ix_crm_deals_noticed", "crm_deals", ["connection_id", "noticed_at"], "noticed_at IS NOT NULL")
    op.create_table(
        "crm_conflicts",
        sa.Column("id", big, primary_key=True, autoincrement=True),
        sa.Column("connection_id", big, sa.ForeignKey(there[0], ondelete=there[1]), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant()),
        sa.Column("decision", sa.Text()),
        sa.Column("user_id", big, sa.ForeignKey("users.id")),
    )
    op.create_index("ix_crm_conflicts_deal", "crm_conflicts", ["connection_id", "remote_id", "decided_at"])
    op.create_table(
        "crm_writes",
        sa.Column("connection_id", big, sa.ForeignKey(there[0], ondelete=there[1]), primary_key=True),
        sa.Column("remote_id", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant()),
        sa.Column("tried_at", Instant()),
        sa.Column("done_at", Instant()),
        sa.Column("fault", sa.Text()),
    )
    _only("ix_crm_writes_due", "crm_writes", ["connection_id", "next_at"], "next_at IS NOT NULL")


def _only(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
