"""`cadence migrate-to`: moves an embedded installation into PostgreSQL, or takes it back."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.table import Table

from cadence.cli.shell import Data, cli, err, out, settings
from cadence.core.errors import InvalidInput, NotFound
from cadence.service import moving
from cadence.settings import Settings
from cadence.store.copying import Fingerprint
from cadence.store.presence import is_there
from cadence.wiring import open_app, utc_now
from cadence.worker.alone import alone

Url = Annotated[
    str,
    typer.Argument(metavar="URL", help="An empty database, such as postgresql://user:password@host/name."),
]
Back = Annotated[
    bool,
    typer.Option("--take-back", help="Use SQLite again, as long as nothing happened at URL since the move."),
]


@cli.command("migrate-to")
def migrate_to(url: Url, take_back: Back = False, data: Data = None) -> None:
    """Move everything from SQLite into PostgreSQL. Stop `cadence run` first."""
    here, there = settings(data=data), settings(data=data, database_url=url)
    source, target = _url(here), _url(there)
    if not source.startswith("sqlite"):
        raise InvalidInput("this installation is not on SQLite: CADENCE_DATABASE_URL names another database")
    if not target.startswith("postgresql"):
        raise InvalidInput("an installation is moved into PostgreSQL: postgresql://user:password@host/name")
    if not is_there(source):
        raise NotFound(f"there is no installation in {here.data}")
    with alone(here.data):
        if take_back:
            asyncio.run(moving.take_back(source, target, now=utc_now()))
            out.print(f"The database at URL is empty, and {here.data} is in use again.", markup=False)
            return
        moved = asyncio.run(moving.move(source, target, now=utc_now()))
    _show(moved)
    _say_next(here, asyncio.run(_locked_passwords(there)))


def _url(given: Settings) -> str:
    return given.database_url.get_secret_value()


async def _locked_passwords(given: Settings) -> list[str]:
    async with open_app(given) as app:
        return await moving.locked_passwords(app)


def _show(moved: Mapping[str, Fingerprint]) -> None:
    table = Table("table", "rows", "checksum", box=None, pad_edge=False, header_style="bold")
    table.columns[1].justify = "right"
    for name, held in moved.items():
        table.add_row(name, f"{held.rows:,}", held.checksum[:16])
    out.print(table)
    out.print("Everything was copied, read again on both sides, and is the same.")


def _say_next(here: Settings, locked: list[str]) -> None:
    key = f"CADENCE_SECRET_KEY_FILE={here.key_file}"
    steps = (
        f"{here.data} takes no change any more. What to do now:",
        "- Let CADENCE_DATABASE_URL name the new database, for every process and command.",
        "- Use the secret key of before: it opens the passwords and the links in mails that were sent.",
        "  It is in CADENCE_SECRET_KEY already." if here.secret_key else f"  Set {key}, or a copy of it.",
        "- Start `cadence worker`, `cadence watch` and `cadence web`.",
    )
    for line in steps:
        out.print(line, markup=False)
    for address in locked:
        err.print(
            f"warning: the secret key does not open the password of {address}: "
            f"`cadence mailbox change {address} --password-stdin`",
            markup=False,
        )
