"""What lists of the API are cut by, each in the order in which it is shown."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'

_CORRECTED = sa.text('corrected IS NOT NULL')
_ENDED = sa.text("state IN ('sent', 'refused', 'skipped', 'cancelled')")


def upgrade() -> None:
    op.create_index('ix_accounts_domain', 'accounts', ['domain', 'id'])
    op.create_index('ix_inbound_prospect_id', 'inbound', ['prospect_id', 'id'])
    op.create_index('ix_inbound_category', 'inbound', ['category', 'id'])
    op.create_index(
        'ix_inbound_corrected', 'inbound', ['corrected', 'id'],
        sqlite_where=_CORRECTED, postgresql_where=_CORRECTED,
    )  # fmt: skip
    op.create_index('ix_events_kind', 'events', ['kind', 'id'])
    op.create_index('ix_deliveries_state', 'deliveries', ['webhook_id', 'state', 'id'])
    op.create_index(
        'ix_messages_ended', 'messages', ['state', 'id'],
        sqlite_where=_ENDED, postgresql_where=_ENDED,
    )  # fmt: skip
