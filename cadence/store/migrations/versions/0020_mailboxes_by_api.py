"""Mailboxes that are read by their provider's API, and mails that it gave Message-IDs of its own."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'


def _big() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('messages', sa.Column('left_as', sa.Text()))
    op.create_index(
        'ix_messages_left_as',
        'messages',
        ['left_as'],
        sqlite_where=sa.text('left_as IS NOT NULL'),
        postgresql_where=sa.text('left_as IS NOT NULL'),
    )
    op.create_table(
        'feeds',
        sa.Column('mailbox_id', _big(), sa.ForeignKey('mailboxes.id'), nullable=False),
        sa.Column('folder', sa.Text(), nullable=False),
        sa.Column('validity', sa.BigInteger(), nullable=False),
        sa.Column('position', sa.Text()),
        sa.Column('next_uid', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('mailbox_id', 'folder'),
    )
    op.create_table(
        'feed_mails',
        sa.Column('mailbox_id', _big(), sa.ForeignKey('mailboxes.id'), nullable=False),
        sa.Column('folder', sa.Text(), nullable=False),
        sa.Column('uid', sa.BigInteger(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('mailbox_id', 'folder', 'uid'),
    )
