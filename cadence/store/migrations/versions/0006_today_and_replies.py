"""What Today and Replies need: tasks that are put off, what can be taken back, mails that people write themselves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0006'
down_revision = '0005'

_WAITING = sa.text('done_at IS NULL')


def _big() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _id() -> sa.Column[Any]:
    return sa.Column('id', _big(), primary_key=True, autoincrement=True)


def _ref(name: str, table: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _big(), sa.ForeignKey(f'{table}.id'), nullable=nullable)


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, **options)


def upgrade() -> None:
    op.add_column('tasks', sa.Column('snoozed_until', Instant()))
    op.create_index(
        'ix_tasks_waiting', 'tasks', ['inbound_id'], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_index('ix_tasks_prospect_id', 'tasks', ['prospect_id'])
    op.create_index('ix_inbound_mailbox_id', 'inbound', ['mailbox_id', 'id'])
    op.create_table(
        'undos', _id(), sa.Column('at', Instant(), nullable=False),
        _ref('user_id', 'users', nullable=True), _ref('prospect_id', 'prospects'),
        _text('what'), sa.Column('rows', sa.JSON(), nullable=False), _text('digest'),
        sa.Column('undone_at', Instant()),
    )
    op.create_index('ix_undos_user_id', 'undos', ['user_id', 'id'])
    op.create_index('ix_undos_prospect_id', 'undos', ['prospect_id', 'id'])
    op.create_table(
        'letters', _id(), _ref('inbound_id', 'inbound'), _ref('enrollment_id', 'enrollments'),
        _ref('mailbox_id', 'mailboxes'), _text('key', unique=True), _text('message_id', unique=True),
        _text('actor'), _text('recipient'), _text('subject'), _text('text'), _text('state'),
        sa.Column('outcome', sa.Text()), sa.Column('at', Instant(), nullable=False),
        sa.Column('sent_at', Instant()),
    )
    op.create_index('ix_letters_inbound_id', 'letters', ['inbound_id'])
