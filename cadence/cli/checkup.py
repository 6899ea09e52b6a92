"""`cadence doctor`: looks the installation and its mailboxes over, and says what to do about it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Annotated

import typer

from cadence.cli.findings import as_data, show
from cadence.cli.shell import Data, Json, cli, out, print_json, settings
from cadence.content.files import sequence_names
from cadence.core.errors import CadenceError
from cadence.core.model import Mailbox
from cadence.service import connecting, crm_showing, doctor, publishing, readiness
from cadence.service.app import App
from cadence.service.checks import Check, fault, ok
from cadence.service.publishing import Publication
from cadence.settings import Settings
from cadence.wiring import open_app


@cli.command(name="doctor")
def examine(
    address: Annotated[
        str | None, typer.Argument(metavar="[ADDRESS]", help="A mailbox; without one, everything.")
    ] = None,
    wait: Annotated[float, typer.Option(min=1, help="Seconds for a mail to oneself to arrive.")] = 60.0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Look everything over: the installation, the log-ins, a mail to oneself, what the domain publishes.

    Each mailbox sends one mail to itself, which can be deleted. The exit code is 1 where there is a fault.
    """
    given = settings(data=data)
    found = asyncio.run(_examine(given, address, wait, quiet=as_json))
    if as_json:
        print_json({name: as_data(checks) for name, checks in found.items()})
    if any(check.is_fault for checks in found.values() for check in checks):
        sys.exit(1)


async def _examine(
    given: Settings, address: str | None, wait: float, *, quiet: bool
) -> dict[str, list[Check]]:
    """The findings by what they are about; printed as they come unless quiet."""
    found: dict[str, list[Check]] = {}
    async with open_app(given) as app:
        if address is None:
            found["installation"] = await _show_all("The installation", _of_installation(app, given), quiet)
        for mailbox in await _mailboxes(app, address):
            checks = doctor.examine(app, mailbox, patience=wait)
            found[mailbox.address] = await _show_all(mailbox.address, checks, quiet)
    return found


async def _show_all(title: str, checks: AsyncIterator[Check], quiet: bool) -> list[Check]:
    if not quiet:
        out.print(title, style="bold", markup=False)
    found = []
    async for check in checks:
        found.append(check)
        if not quiet:
            show(check)
    return found


async def _mailboxes(app: App, address: str | None) -> list[Mailbox]:
    if address is not None:
        return [await connecting.find(app, address)]
    return [standing.mailbox for standing in await connecting.overview(app)]


async def _of_installation(app: App, given: Settings) -> AsyncIterator[Check]:
    yield ok("database", f"it opens; the data folder is {given.data}")
    results: list[Publication | CadenceError] = []
    names = sequence_names(given.templates)
    for name in names:
        try:
            results.append(await publishing.publish(app, given.templates, name, dry_run=True))
        except CadenceError as broken:
            results.append(broken)
    if clean := [result.sequence for result in results if isinstance(result, Publication)]:
        yield ok("sequences", f"without fault: {', '.join(clean)}")
    if not names:
        yield fault(
            "sequences", f"{given.templates} holds none", "`cadence init DIR` lays out the shipped ones."
        )
    ready = await readiness.look(app)
    key_file = None if given.secret_key else given.key_file
    for check in [*readiness.lacks(app, ready, results, key_file), *await crm_showing.checks(app)]:
        yield check
