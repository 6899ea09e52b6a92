"""`cadence migrate-to`, as a person uses it."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from cadence.worker.alone import alone
from tests.cli.conftest import Cadence
from tests.servers.database import Postgres

ANN = "ann@one.example"


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.new_database(template="template1").replace("+asyncpg", "")


@pytest.fixture
def people(installed: Cadence) -> Cadence:
    assert installed("enroll", ANN, "-s", "closed-lost", "--company", "One").code == 0
    return installed


def test_what_was_moved_is_shown_and_what_to_do_next(people: Cadence, url: str) -> None:
    done = people("migrate-to", url)
    assert done.code == 0, done.err
    counts = {
        line.split()[0]: line.split()[1] for line in done.out.splitlines()[1:] if len(line.split()) == 3
    }
    assert (counts["prospects"], counts["mailboxes"], counts["inbound"]) == ("1", "2", "0")
    assert "is the same" in done.out
    assert "data/secret.key" in done.out
    assert done.err == ""


def test_the_old_one_refuses_and_the_new_one_goes_on(
    people: Cadence, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert people("migrate-to", url).code == 0
    for words in (("status",), ("run", "--port", "0"), ("stop", ANN)):
        refused = people(*words)
        assert refused.code == 2
        assert "this installation was moved to postgresql://127.0.0.1:" in refused.err
        assert refused.err.count("\n") == 1
    monkeypatch.setenv("CADENCE_DATABASE_URL", url)
    assert people("why", ANN, "--json").json["enrollments"][0]["state"] == "active"
    assert "not on SQLite" in people("migrate-to", url).err


def test_a_moved_installation_is_taken_back(people: Cadence, url: str) -> None:
    assert people("migrate-to", url).code == 0
    back = people("migrate-to", url, "--take-back")
    assert back.code == 0, back.err
    assert "in use again" in back.out
    assert people("status").code == 0


def test_a_key_that_does_not_open_the_passwords_is_said(
    people: Cadence, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_SECRET_KEY", "k" * 40)
    done = people("migrate-to", url)
    assert done.code == 0
    assert done.err.count("does not open the password of") == 2


def test_an_installation_that_runs_is_not_moved(people: Cadence, url: str, folder: Path) -> None:
    with alone(folder / "data"):
        refused = people("migrate-to", url)
    assert refused.code == 2
    assert "another `cadence run`" in refused.err
    assert _tables(url) == set()


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("sqlite:///other.db", "into PostgreSQL"),
        ("mysql://x/y", "must look like"),
        ("postgresql://127.0.0.1:1/none", "cannot be reached"),
    ],
)
def test_bad_input_is_one_line(people: Cadence, to: str, says: str) -> None:
    refused = people("migrate-to", to)
    assert refused.code == 2
    assert says in refused.err
    assert refused.err.count("\n") == 1


def test_nothing_is_moved_from_where_nothing_is(cadence: Cadence, url: str) -> None:
    refused = cadence("migrate-to", url)
    assert refused.code == 2
    assert "there is no installation in" in refused.err


def _tables(url: str) -> set[str]:
    async def look() -> set[str]:
        engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.connect() as connection:
            found = await connection.run_sync(lambda c: set(sa.inspect(c).get_table_names()))
        await engine.dispose()
        return found

    return asyncio.run(look())
