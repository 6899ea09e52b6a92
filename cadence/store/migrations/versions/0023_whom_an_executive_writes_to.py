"""Whom an executive's mailbox writes to, found without looking at everybody."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'

_SIGNED = sa.text('executive_mailbox_id IS NOT NULL')


def upgrade() -> None:
    op.create_index(
        'ix_enrollments_executive', 'enrollments', ['executive_mailbox_id'],
        sqlite_where=_SIGNED, postgresql_where=_SIGNED,
    )  # fmt: skip
