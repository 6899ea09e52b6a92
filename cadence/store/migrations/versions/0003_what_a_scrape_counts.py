"""Totals of events, and an index of the mails that wait for something else than their date, so that metrics cost little."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

_TROUBLED = sa.text("state IN ('deferred', 'held', 'in_doubt')")


def upgrade() -> None:
    op.create_table(
        'event_totals',
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('total', sa.BigInteger(), nullable=False),
        sa.Column('up_to', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('kind', name='pk_event_totals'),
    )
    op.create_index(
        'ix_messages_troubled', 'messages', ['state'], sqlite_where=_TROUBLED, postgresql_where=_TROUBLED
    )
