"""Answers that are given again, webhooks with what they are told, and deals by the name a CRM has for them.

The news for webhooks are written by triggers: whatever changes a row, in whichever process, its news are
part of the same transaction, and nobody who changes something has to think of them.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0007'
down_revision = '0006'

_ENDED = "NEW.state NOT IN ('active', 'paused')"
_NEWS = (
    # table, change, when, what was and what became of it
    ('inbound', 'INSERT', None, None),
    ('tasks', 'INSERT', None, None),
    ('prospects', 'UPDATE OF status', 'OLD.status <> NEW.status', 'status'),
    ('enrollments', 'UPDATE OF state', f'OLD.state <> NEW.state AND {_ENDED}', 'state'),
    ('messages', 'UPDATE OF state', "OLD.state <> NEW.state AND NEW.state = 'sent'", 'state'),
    ('mailboxes', 'UPDATE OF state', "OLD.state <> NEW.state AND NEW.state = 'fault'", 'state'),
)
_SOMEBODY_LISTENS = 'EXISTS (SELECT 1 FROM webhooks WHERE disabled_at IS NULL)'
_FUNCTION = f"""
    CREATE FUNCTION webhook_news() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT {_SOMEBODY_LISTENS} THEN RETURN NULL; END IF;
        IF TG_OP = 'INSERT' THEN
            INSERT INTO webhook_news (kind, of_id) VALUES (TG_TABLE_NAME, NEW.id);
        ELSE
            INSERT INTO webhook_news (kind, of_id, was, became)
            VALUES (TG_TABLE_NAME, NEW.id, to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(NEW) ->> TG_ARGV[0]);
        END IF;
        RETURN NULL;
    END $$
"""


def _big() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _id() -> sa.Column[Any]:
    return sa.Column('id', _big(), primary_key=True, autoincrement=True)


def _ref(name: str, table: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, _big(), sa.ForeignKey(f'{table}.id'), **{'nullable': False, **options})


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Instant(), nullable=null)


def upgrade() -> None:
    op.add_column('deals', _text('crm_id', null=True))
    op.create_index('ix_deals_crm_id', 'deals', ['crm_id'])
    op.create_table(
        'answers', _ref('user_id', 'users', primary_key=True), sa.Column('key', sa.Text(), primary_key=True),
        _text('digest'), _instant('begun_at'), _text('answer', null=True),
    )
    op.create_index('ix_answers_begun_at', 'answers', ['begun_at'])
    op.create_table(
        'webhooks', _id(), _ref('user_id', 'users'),
        _text('url'), _text('description'), sa.Column('events', sa.JSON(), nullable=False),
        _text('secret'), _text('old_secret', null=True), _instant('old_until', null=True),
        _instant('created_at'), _instant('succeeded_at', null=True),
        _instant('disabled_at', null=True), _text('disabled_why', null=True),
    )
    op.create_table(
        'webhook_news', _id(), _text('kind'), sa.Column('of_id', sa.BigInteger(), nullable=False),
        _text('was', null=True), _text('became', null=True),
    )
    op.create_table(
        'deliveries', _id(), _ref('webhook_id', 'webhooks'),
        _text('message_id'), _text('type'), _text('body'), _text('state'),
        sa.Column('attempts', sa.Integer(), nullable=False),
        _instant('created_at'), _instant('next_at', null=True), _instant('tried_at', null=True),
        sa.Column('status', sa.Integer()), _text('fault', null=True),
    )
    op.create_index('ix_deliveries_created_at', 'deliveries', ['created_at'])
    op.create_index('ix_deliveries_webhook_id', 'deliveries', ['webhook_id', 'id'])
    due = sa.text('next_at IS NOT NULL')
    op.create_index('ix_deliveries_next_at', 'deliveries', ['next_at'], sqlite_where=due, postgresql_where=due)
    if op.get_bind().dialect.name == 'sqlite':
        _write_news_on_sqlite()
    else:
        _write_news_on_postgresql()


def _write_news_on_sqlite() -> None:
    for table, change, when, column in _NEWS:
        states = f'OLD.{column}, NEW.{column}' if column else 'NULL, NULL'
        op.execute(
            f'CREATE TRIGGER webhook_news_of_{table} AFTER {change} ON {table} '
            f"WHEN {f'{when} AND ' if when else ''}{_SOMEBODY_LISTENS} BEGIN "
            f"INSERT INTO webhook_news (kind, of_id, was, became) VALUES ('{table}', NEW.id, {states}); END"
        )


def _write_news_on_postgresql() -> None:
    op.execute(_FUNCTION)
    for table, change, when, column in _NEWS:
        op.execute(
            f'CREATE TRIGGER webhook_news_of_{table} AFTER {change} ON {table} FOR EACH ROW '
            f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION webhook_news({repr(column) if column else ''})"
        )
