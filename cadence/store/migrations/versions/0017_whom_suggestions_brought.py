"""For which deal somebody who was named in a reply was enrolled."""

from alembic import op

revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'  # for which Alembic adds no column that refers to another table
    op.execute(
        f"ALTER TABLE suggestions ADD COLUMN deal_id {'INTEGER' if is_sqlite else 'BIGINT'} "
        'CONSTRAINT fk_suggestions_deal_id_deals REFERENCES deals (id)'
    )
    op.create_index('ix_suggestions_deal_id', 'suggestions', ['deal_id'])
