"""What people answered to invitations."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0019'
down_revision = '0018'


def _big() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'rsvps',
        sa.Column('id', _big(), primary_key=True, autoincrement=True),
        sa.Column('message_id', _big(), sa.ForeignKey('messages.id'), nullable=False),
        sa.Column('inbound_id', _big(), sa.ForeignKey('inbound.id')),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.Column('actor', sa.Text()),
        sa.Column('at', Instant(), nullable=False),
    )
    op.create_index('ix_rsvps_message_id', 'rsvps', ['message_id'])
