"""Who wrote a mail, in whatever case, found without looking at every mail."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':  # SQLite has a `lower` of ours, which no index may hold
        op.create_index('ix_inbound_sender', 'inbound', [sa.text('lower(sender)')])
