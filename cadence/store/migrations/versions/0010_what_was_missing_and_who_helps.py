"""What we could not do and when we will, who else can help, and who named them to us."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    for column in ('missing', 'alternative', 'referred_by'):
        op.add_column('deals', sa.Column(column, sa.Text()))
    op.add_column('deals', sa.Column('missing_ships', sa.Date()))
