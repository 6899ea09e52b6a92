"""Something new that answers why deals were lost, and whether somebody said yes to telling it."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table(
        'news', sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), primary_key=True, autoincrement=True),
        sa.Column('answers', sa.Text(), nullable=False), sa.Column('story', sa.Text(), nullable=False),
        sa.Column('actor', sa.Text(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
        sa.Column('approved_at', Instant()), sa.Column('told', sa.Integer()),
    )
