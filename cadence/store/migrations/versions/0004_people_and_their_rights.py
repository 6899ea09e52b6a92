"""Users, their sessions, tokens and invitations, whose a mailbox is, and an audit trail that only grows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0004'
down_revision = '0003'

_REFUSED = 'the audit trail is never changed'
_ON_SQLITE = """
    CREATE TRIGGER audit_refuses_{what} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, '{refused}'); END
"""
_ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$
    """,
    """
    CREATE TRIGGER audit_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()
    """,
)


def _id() -> sa.Column[Any]:
    return sa.Column('id', _big(), primary_key=True, autoincrement=True)


def _user(**options: Any) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    return sa.Column('user_id', _big(), **{'nullable': False, **options}), sa.ForeignKeyConstraint(['user_id'], ['users.id'])


def _big() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _text(name: str, *, null: bool = False, unique: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null, unique=unique)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Instant(), nullable=null)


def upgrade() -> None:
    op.create_table(
        'users', _id(),
        _text('email'), _text('email_key', unique=True), _text('name'), _text('role'), _text('team'), _text('zone'),
        _text('password', null=True), _text('totp_secret', null=True), sa.Column('totp_step', sa.BigInteger()),
        _instant('created_at'), _instant('deactivated_at', null=True),
    )
    op.create_table('recovery_codes', *_user(primary_key=True), sa.Column('digest', sa.Text(), primary_key=True))
    op.create_table(
        'sessions', _id(), *_user(),
        _text('digest', unique=True), _instant('created_at'), _instant('seen_at'), _instant('expires_at'),
        sa.Column('owes_code', sa.Boolean(), nullable=False), _text('address', null=True), _text('agent', null=True),
    )
    op.create_table(
        'api_tokens', _id(), *_user(),
        _text('name'), _text('prefix'), _text('digest', unique=True), sa.Column('scopes', sa.JSON(), nullable=False),
        _instant('created_at'), _instant('expires_at'), _instant('used_at', null=True), _instant('revoked_at', null=True),
    )
    op.create_table(
        'invitations', _id(), *_user(nullable=True),
        _text('digest', unique=True), _instant('created_at'), _instant('expires_at'), _instant('used_at', null=True),
    )
    op.create_table(
        'throttles', sa.Column('key', sa.Text(), primary_key=True), _instant('since'),
        sa.Column('count', sa.Integer(), nullable=False),
    )
    op.create_table(
        'audit', _id(), *_user(nullable=True),
        _instant('at'), _text('actor'), _text('action'), _text('subject'), _text('address', null=True),
    )
    for table in ('sessions', 'api_tokens', 'invitations'):
        op.create_index(f'ix_{table}_user_id', table, ['user_id'])
    op.create_index('ix_audit_user_id', 'audit', ['user_id', 'id'])
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    # Plain SQL, which both databases understand: Alembic would have SQLite copy the whole table.
    op.execute(
        f"ALTER TABLE mailboxes ADD COLUMN owner_id {'INTEGER' if is_sqlite else 'BIGINT'} "
        'CONSTRAINT fk_mailboxes_owner_id_users REFERENCES users (id)'
    )
    op.create_index('ix_mailboxes_owner_id', 'mailboxes', ['owner_id'])
    if is_sqlite:
        for what in ('UPDATE', 'DELETE'):
            op.execute(_ON_SQLITE.format(what=what, refused=_REFUSED))
    else:
        for statement in _ON_POSTGRESQL:
            op.execute(statement)
