"""What became of deals, days off, who took over from whom, reports that are kept, looks of the doctor."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0009'
down_revision = '0008'


def _big() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    for column in ('outcome', 'outcome_amount', 'outcome_reason'):
        op.add_column('deals', sa.Column(column, sa.Text()))
    op.add_column('deals', sa.Column('outcome_on', sa.Date()))
    op.create_index('ix_deals_lost_at', 'deals', ['lost_at'])
    op.add_column('mailboxes', sa.Column('absences', sa.JSON()))
    op.add_column(
        'mailboxes', sa.Column('rests_on_holidays', sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column('enrollments', sa.Column('handovers', sa.JSON()))
    op.create_table(
        'reports', sa.Column('key', sa.Text(), primary_key=True),
        sa.Column('begun_at', Instant(), nullable=False), sa.Column('made_at', Instant()),
        sa.Column('took', sa.Float()), sa.Column('body', sa.JSON()),
    )
    op.create_index('ix_reports_begun_at', 'reports', ['begun_at'])
    op.create_table(
        'examinations',
        sa.Column('mailbox_id', _big(), sa.ForeignKey('mailboxes.id'), primary_key=True),
        sa.Column('begun_at', Instant(), nullable=False), sa.Column('ended_at', Instant()),
        sa.Column('checks', sa.JSON(), nullable=False),
    )
