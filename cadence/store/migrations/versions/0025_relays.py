"""Mailboxes that send through a relay, and the keys with which mails are signed for their domains."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0025'
down_revision = '0024'


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'relays',
        sa.Column('id', big, primary_key=True, autoincrement=True, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('smtp', sa.Text(), nullable=False),
        sa.Column('username', sa.Text()),
        sa.Column('secret', sa.Text()),
        sa.Column('signs', sa.Boolean(), nullable=False),
        sa.Column('hook', sa.Text()),
        sa.Column('created_at', Instant(), nullable=False),
        sa.UniqueConstraint('name'),
    )
    op.create_table(
        'relay_tokens',
        sa.Column('relay_id', big, sa.ForeignKey('relays.id'), primary_key=True, nullable=False),
        sa.Column('token', sa.Text(), primary_key=True, nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('at', Instant(), nullable=False),
    )
    op.create_table(
        'dkim_keys',
        sa.Column('id', big, primary_key=True, autoincrement=True, nullable=False),
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('selector', sa.Text(), nullable=False),
        sa.Column('algorithm', sa.Text(), nullable=False),
        sa.Column('secret', sa.Text(), nullable=False),
        sa.Column('record', sa.Text(), nullable=False),
        sa.Column('created_at', Instant(), nullable=False),
        sa.Column('used_since', Instant()),
        sa.UniqueConstraint('domain', 'selector'),
    )
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    # Plain SQL, which both databases understand: Alembic would have SQLite copy the whole table.
    op.execute(
        f"ALTER TABLE mailboxes ADD COLUMN relay_id {'INTEGER' if is_sqlite else 'BIGINT'} "
        'CONSTRAINT fk_mailboxes_relay_id_relays REFERENCES relays (id)'
    )
    op.create_index('ix_mailboxes_relay_id', 'mailboxes', ['relay_id'])
    op.add_column('mailboxes', sa.Column('return_path', sa.Text()))
