"""In which language somebody reads pages; and mails by the story that they tell."""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'

_TELLS = sa.text('story IS NOT NULL')


def upgrade() -> None:
    op.add_column('users', sa.Column('language', sa.Text))
    op.create_index(
        'ix_messages_story', 'messages', ['story', 'id'],
        sqlite_where=_TELLS, postgresql_where=_TELLS,
    )  # fmt: skip
