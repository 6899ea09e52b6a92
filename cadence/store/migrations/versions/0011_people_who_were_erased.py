"""Who was erased, as keyed digests; and in the audit trail one change: a subject becomes the word for them."""

import sqlalchemy as sa
from alembic import op

from cadence.store.tables import Instant

revision = '0011'
down_revision = '0010'

_REFUSED = 'the audit trail is never changed'
_ERASED = 'somebody who was erased'
_SAME = ('id', 'at', 'user_id', 'actor', 'action', 'address')
_ON_SQLITE = f"""
    CREATE TRIGGER audit_refuses_UPDATE BEFORE UPDATE ON audit
    WHEN NEW.subject IS NOT '{_ERASED}' OR {' OR '.join(f'NEW.{name} IS NOT OLD.{name}' for name in _SAME)}
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
"""
_ON_POSTGRESQL = (
    'DROP TRIGGER audit_refuses_change ON audit',
    """
    CREATE TRIGGER audit_refuses_change BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()
    """,
    f"""
    CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit FOR EACH ROW
    WHEN (NEW.subject <> '{_ERASED}' OR ({', '.join(f'NEW.{name}' for name in _SAME)})
        IS DISTINCT FROM ({', '.join(f'OLD.{name}' for name in _SAME)}))
    EXECUTE FUNCTION audit_refuses()
    """,
)


def upgrade() -> None:
    op.create_table(
        'forgotten', sa.Column('digest', sa.Text(), primary_key=True), sa.Column('at', Instant(), nullable=False)
    )
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER audit_refuses_UPDATE')
        op.execute(_ON_SQLITE)
    else:
        for statement in _ON_POSTGRESQL:
            op.execute(statement)
