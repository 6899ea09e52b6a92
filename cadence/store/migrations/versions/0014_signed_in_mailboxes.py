"""Mailboxes that are signed in rather than opened by a password."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.add_column('mailboxes', sa.Column('oauth', sa.Text()))
    op.add_column('mailboxes', sa.Column('token_until', Instant()))
    op.create_table(
        'grants',
        sa.Column('mailbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('refresh', sa.Text(), nullable=False),
        sa.Column('granted_at', Instant(), nullable=False),
        sa.Column('tried_at', Instant(), nullable=False),
        sa.Column('busy_until', Instant()),
        sa.Column('ended_at', Instant()),
        sa.Column('told_at', Instant()),
        sa.ForeignKeyConstraint(['mailbox_id'], ['mailboxes.id']),
        sa.PrimaryKeyConstraint('mailbox_id'),
    )
