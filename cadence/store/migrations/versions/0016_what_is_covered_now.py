"""What once lost us a deal of a company, and would not lose us the next."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0016'
down_revision = '0015'


def _big() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'covered',
        sa.Column('id', _big(), primary_key=True, autoincrement=True),
        sa.Column('account_id', _big(), sa.ForeignKey('accounts.id'), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('covered_on', sa.Date(), nullable=False),
        sa.Column('actor', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
    )
    op.create_index('ix_covered_account_id', 'covered', ['account_id'])
