"""On which grounds a person is written to, where somebody said so."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    for column in ('basis', 'basis_source'):
        op.add_column('prospects', sa.Column(column, sa.Text()))
    for column in ('basis_since', 'basis_until'):
        op.add_column('prospects', sa.Column(column, sa.Date()))
