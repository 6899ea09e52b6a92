"""Webhooks that tell people in a chat: how, of whose mailboxes, and when not."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0022'
down_revision = '0021'


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'channels',
        sa.Column(
            'webhook_id', big, sa.ForeignKey('webhooks.id', ondelete='CASCADE'),
            primary_key=True, nullable=False,
        ),
        sa.Column('format', sa.Text(), nullable=False),
        sa.Column('team', sa.Text()),
        sa.Column('zone', sa.Text(), nullable=False),
        sa.Column('quiet_from', sa.Text()),
        sa.Column('quiet_until', sa.Text()),
        sa.Column('urgent', sa.Boolean(), nullable=False),
        sa.Column('digest_at', Instant()),
    )  # fmt: skip
