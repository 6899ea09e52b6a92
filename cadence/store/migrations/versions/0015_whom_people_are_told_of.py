"""Who is told by mail of an answer that calls for a person."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0015'
down_revision = '0014'


def _big() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'alarms',
        sa.Column('id', _big(), primary_key=True, autoincrement=True),
        sa.Column('task_id', _big(), sa.ForeignKey('tasks.id', ondelete='CASCADE'), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('next_at', Instant()),
        sa.Column('sent_at', Instant()),
        sa.Column('fault', sa.Text()),
        sa.UniqueConstraint('task_id', 'address'),
    )
    due = sa.text('next_at IS NOT NULL')
    op.create_index('ix_alarms_next_at', 'alarms', ['next_at'], sqlite_where=due, postgresql_where=due)
