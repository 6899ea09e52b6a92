"""Rows of a whole database as JSON, put into and taken out of whatever schema the database has.

Nothing here knows the tables of the code: a revision's rows meet the schema of that revision.
"""

import json
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import cadence.store

FOLDER = Path(__file__).parent
Rows = dict[str, list[dict[str, Any]]]


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(cadence.store.__file__).parent / "migrations"))
    return made


def revisions() -> list[str]:
    """Every revision, the oldest first."""
    found = ScriptDirectory.from_config(config()).walk_revisions()
    return [script.revision for script in found][::-1]


def upgrade(connection: sa.Connection, revision: str) -> None:
    at = config()
    at.attributes["connection"] = connection
    command.upgrade(at, revision)


def path_of(revision: str) -> Path:
    return FOLDER / f"{revision}.json"


def frozen(revision: str) -> tuple[datetime, Rows]:
    """When the installation of a revision was frozen, and what it held."""
    held = json.loads(path_of(revision).read_text(encoding="utf-8"))
    return datetime.fromisoformat(held["now"]), held["tables"]


def freeze(connection: sa.Connection, revision: str, now: datetime) -> None:
    held = {"now": now.isoformat(), "tables": take_out(connection)}
    path_of(revision).write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def is_index(name: str) -> bool:
    """Whether a table is part of the full-text index, which triggers keep."""
    return name.startswith("prospect_words")


def tables(connection: sa.Connection) -> list[sa.Table]:
    """The tables as the database has them, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: not is_index(name))
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def take_out(connection: sa.Connection) -> Rows:
    return {
        table.name: [
            {column.name: _plain(value) for column, value in zip(table.c, row, strict=True)}
            for row in connection.execute(table.select().order_by(*table.primary_key.columns))
        ]
        for table in tables(connection)
    }


def put_in(connection: sa.Connection, rows: Rows) -> None:
    """Store rows, and let new ones be counted on from there."""
    there = {table.name: table for table in tables(connection)}
    for name, table in there.items():
        for row in rows[name]:
            values = {key: _value(table.c[key].type, plain, connection) for key, plain in row.items()}
            connection.execute(table.insert().values(values))
        is_counted = "id" in table.c and isinstance(table.c.id.type, sa.Integer)
        if connection.dialect.name == "postgresql" and rows[name] and is_counted:
            last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            connection.execute(sa.text(last))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _value(kind: sa.types.TypeEngine[Any], plain: Any, connection: sa.Connection) -> Any:
    if plain is None:
        return sa.null()
    if isinstance(kind, sa.LargeBinary):
        return b64decode(plain)
    if isinstance(kind, sa.DateTime):
        at = datetime.fromisoformat(plain)
        return at.replace(tzinfo=None) if connection.dialect.name == "sqlite" else at
    return date.fromisoformat(plain) if isinstance(kind, sa.Date) else plain
