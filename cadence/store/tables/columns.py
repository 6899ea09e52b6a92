"""What all tables are made of: their names of things, instants, ids and references."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it as naive UTC text, which sorts as it should."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants, which would be read in another zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant its zone back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def identity() -> sa.Column[int]:
    """A table's own id, which the database gives."""
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", kind, primary_key=True, autoincrement=True)


def reference(name: str, table: str, *, ondelete: str | None = None, **options: Any) -> sa.Column[int]:
    """The id of a row of another table, never empty unless that is said."""
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    options.setdefault("nullable", False)
    return sa.Column(name, kind, sa.ForeignKey(f"{table}.id", ondelete=ondelete), **options)
