"""Steps that are written in two ways: which of them a mail was written in, and what came of it."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0018'
down_revision = '0017'


def _big() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('messages', sa.Column('variant', sa.Text(), nullable=True))
    op.create_index(
        'ix_messages_variant',
        'messages',
        ['revision_id', 'step'],
        sqlite_where=sa.text('variant IS NOT NULL'),
        postgresql_where=sa.text('variant IS NOT NULL'),
    )
    op.create_table(
        'trials',
        sa.Column('id', _big(), primary_key=True, autoincrement=True),
        sa.Column('sequence', sa.Text(), nullable=False),
        sa.Column('step', sa.Text(), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('revision_id', _big(), sa.ForeignKey('revisions.id'), nullable=False),
        sa.Column('until_id', _big(), sa.ForeignKey('revisions.id'), nullable=True),
        sa.Column('begun_at', Instant(), nullable=False),
        sa.Column('ended_at', Instant(), nullable=True),
        sa.Column('counted_at', Instant(), nullable=True),
        sa.Column('counts', sa.JSON(), nullable=True),
        sa.Column('decided_at', Instant(), nullable=True),
        sa.Column('winner', sa.Text(), nullable=True),
        sa.UniqueConstraint('sequence', 'step', 'revision_id'),
    )
