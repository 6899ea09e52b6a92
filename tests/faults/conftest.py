"""Databases of both kinds for the fault tests, and the chance that drives them."""

from pathlib import Path
from typing import Any

import pytest

from tests.servers.database import Postgres


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, record_property: Any) -> str:
    """A fresh database: what is proven is proven on both kinds."""
    if request.param == "SQLite":
        return f"sqlite+aiosqlite:///{tmp_path}/cadence.db"
    server: Postgres = request.getfixturevalue("postgres")
    record_property("server", "PostgreSQL")
    return server.new_database()
