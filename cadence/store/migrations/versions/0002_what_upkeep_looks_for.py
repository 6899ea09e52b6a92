"""Indexes of the few mails that are claimed or in flight, so that looking for them costs no walk through all."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'

_INDEXES = {'ix_messages_sending': "state = 'sending'", 'ix_messages_claimed': 'wake_at != due_at'}


def upgrade() -> None:
    for name, which in _INDEXES.items():
        op.create_index(name, 'messages', ['wake_at'], sqlite_where=sa.text(which), postgresql_where=sa.text(which))
