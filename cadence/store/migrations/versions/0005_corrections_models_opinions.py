"""Corrections as rows of their own, models that were learnt from them, and what an endpoint said of replies."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0005'
down_revision = '0004'


def _id() -> sa.Column[Any]:
    return sa.Column('id', _big(), primary_key=True, autoincrement=True)


def _big() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _of_inbound(**options: Any) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    column = sa.Column('inbound_id', _big(), nullable=False, **options)
    return column, sa.ForeignKeyConstraint(['inbound_id'], ['inbound.id'])


def upgrade() -> None:
    op.create_table(
        'corrections', _id(), *_of_inbound(),
        sa.Column('category', sa.Text(), nullable=False), sa.Column('verdict', sa.JSON(), nullable=False),
        sa.Column('model', sa.Text()), sa.Column('actor', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
    )
    op.create_index('ix_corrections_inbound_id', 'corrections', ['inbound_id'])
    op.create_table(
        'models', _id(),
        sa.Column('version', sa.Text(), nullable=False), sa.Column('base', sa.Text(), nullable=False),
        sa.Column('packed', sa.LargeBinary(), nullable=False), sa.Column('report', sa.JSON(), nullable=False),
        sa.Column('made_at', Instant(), nullable=False), sa.Column('withdrawn_at', Instant()),
    )
    op.create_table(
        'opinions', _id(), *_of_inbound(unique=True), sa.Column('model', sa.Text(), nullable=False),
        sa.Column('category', sa.Text()), sa.Column('confidence', sa.Float()),
        sa.Column('outcome', sa.Text(), nullable=False), sa.Column('at', Instant(), nullable=False),
    )
    op.create_index('ix_opinions_at', 'opinions', ['at'])
    # Who corrected them, and when exactly, was not kept until now.
    op.execute(
        'INSERT INTO corrections (inbound_id, category, verdict, actor, at) '
        "SELECT id, corrected, verdict, 'console', received_at FROM inbound "
        'WHERE corrected IS NOT NULL AND verdict IS NOT NULL ORDER BY id'
    )
