"""CRMs: connected, looked at, given rules and fields, and visited."""

from datetime import UTC, date, datetime
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.dates import shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.content import toml
from cadence.core.address import normalize
from cadence.core.crm_setup import setup_of
from cadence.core.crm_setup import toml as as_toml
from cadence.core.errors import InvalidInput, NotFound
from cadence.core.people import Role
from cadence.core.rights import RIGHTS, Visitor
from cadence.crm.kinds import kind_of
from cadence.service import crm_connecting, crm_showing, crm_visiting
from cadence.service.app import App
from cadence.service.crm_connecting import Wanted
from cadence.service.crm_showing import Shown
from cadence.store import users

crm = typer.Typer(help="Connect a CRM, and look after it.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(crm, name="crm")

Id = Annotated[int, typer.Argument(metavar="ID", help="Its number; `cadence crm list` shows it.")]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="EMAIL", help="By whose right; else the first administrator's."),
]

Url = Annotated[
    str, typer.Option(metavar="URL", help="Where its API is, where every account has one of its own.")
]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="What was lost before is left alone; by default, before today."),
]
SecretsFile = Annotated[
    Path | None,
    typer.Option("--secrets-file", metavar="FILE", help="TOML with what opens it; else it is asked for."),
]


@crm.command()
def add(
    kind: Annotated[str, typer.Argument(metavar="CRM", help="Such as hubspot.")],
    url: Annotated[
        str, typer.Option(metavar="URL", help="Where its API is, if every account has its own.")
    ] = "",
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Deals that were lost before are left alone; else today."),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option("--secrets-file", metavar="FILE", help="TOML with what opens it; else it is asked for."),
    ] = None,
    by: As = None,
    data: Data = None,
) -> None:
    """Try a CRM, and connect it; what opens it is kept encrypted."""
    wanted = _wanted(kind, url, since, secrets)

    async def use(app: App) -> Shown:
        visitor = await _visitor(app, by)
        return await crm_showing.look(app, None, await crm_connecting.connect(app, visitor, wanted))

    done = with_app(use, data=data).connection
    out.print(
        f"{done.account} is connected as number {done.id}. Say what follows from a lost deal:", markup=False
    )
    out.print(
        f"cadence crm rules {done.id} > crm.toml, change it, cadence crm rules {done.id} crm.toml",
        markup=False,
    )


@crm.command(name="list")
def list_(data: Data = None, json: Json = False) -> None:
    """Show every CRM that is connected."""
    found = with_app(lambda app: crm_showing.overview(app, None), data=data)
    if json:
        print_json(
            [{name: value for name, value in row._mapping.items() if name != "cursor"} for row in found]
        )
        return
    for row in found:
        read = f"read last {shown(row.read_at, 'UTC')}" if row.read_at else "not read yet"
        fault = f"; {row.fault}" if row.fault else ""
        out.print(f"{row.id}  {row.account}: {row.state}, {read}{fault}", markup=False)
    if not found:
        out.print("No CRM is connected. `cadence crm add hubspot` does that.", markup=False)


@crm.command()
def check(id_: Id, data: Data = None) -> None:
    """Ask a CRM whether its grant is good, and show what waits for a person."""

    async def use(app: App) -> tuple[str, Shown]:
        connection = await crm_connecting.known(app, None, id_)
        return await crm_visiting.opened(app, connection).check(), await crm_showing.look(app, None, id_)

    account, found = with_app(use, data=data)
    out.print(f"{account}: it lets us in.", markup=False)
    for one in found.conflicts:
        out.print(f"conflict: {one.deal}, {one.name}: here {one.ours!r}, there {one.theirs!r}", markup=False)
    for one in found.untold:
        out.print(f"not written: {one.name or one.remote_id}: {one.fault}", markup=False)
    for one in found.deals:
        if one.fault:
            out.print(f"fault: {one.name or one.remote_id}: {one.fault}", markup=False)


@crm.command()
def rules(
    id_: Id,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="TOML to take over; without one, print what holds.")
    ] = None,
    by: As = None,
    data: Data = None,
) -> None:
    """Print its rules and fields as TOML, or take them over from a file."""
    if file is None:
        known = with_app(lambda app: crm_connecting.known(app, None, id_), data=data)
        out.print(as_toml(setup_of(known.setup)), markup=False, end="")
        return
    values = _read(file)

    async def use(app: App) -> int:
        return len((await crm_connecting.set_up(app, await _visitor(app, by), id_, values)).rules)

    out.print(
        f"Taken over: {with_app(use, data=data)} rules. What had a fault is looked at again.", markup=False
    )


@crm.command()
def sync(id_: Id, by: As = None, data: Data = None) -> None:
    """Visit a CRM now, also for what had a fault."""

    async def use(app: App) -> dict[str, int]:
        await crm_connecting.try_again(app, await _visitor(app, by), id_)
        return dict(await crm_visiting.visit(app, id_))

    done = with_app(use, wakes=True, data=data)
    said = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
    out.print(f"Visited: {said or 'nothing new'}.", markup=False)


@crm.command()
def remove(id_: Id, by: As = None, data: Data = None) -> None:
    """Forget a connection; whoever was enrolled because of it stays enrolled."""

    async def use(app: App) -> None:
        await crm_connecting.remove(app, await _visitor(app, by), id_)

    with_app(use, data=data)
    out.print("Removed. Whoever was enrolled because of it stays enrolled.", markup=False)


def _wanted(kind: str, url: str, since: str | None, file: Path | None) -> Wanted:
    """What opens a CRM, from a file or asked for."""
    about = kind_of(kind)
    asked = [*about.secrets, about.hook]
    if file is not None:
        said = {name: str(value) for name, value in _read(file).items()}
        if unknown := set(said) - {one.name for one in asked}:
            raise InvalidInput(f"{file}: there is no {', '.join(sorted(unknown))}")
    else:
        said = {one.name: getpass(f"{one.label} ({one.help}): ") for one in asked}
    hook = said.pop("hook", "")
    try:
        on = datetime.combine(date.fromisoformat(since), datetime.min.time(), UTC) if since else None
    except ValueError:
        raise InvalidInput(f"--since {since}: write a day such as 2026-01-31") from None
    return Wanted(about.name, said, url, hook, on)


def _read(file: Path) -> dict[str, object]:
    try:
        return toml.read(toml.decode(file.read_bytes(), str(file)), str(file)).values
    except OSError as fault:
        raise InvalidInput(f"{file}: {fault.strerror}") from None


async def _visitor(app: App, email: str | None) -> Visitor:
    """By whose right something is done; raises NotFound."""
    async with app.db.read() as tx:
        if email is not None:
            user = await users.find(tx, normalize(email))
        else:
            everybody = await users.all_of(tx)
            user = next(
                (one for one in everybody if one.role is Role.ADMINISTRATOR and not one.deactivated_at), None
            )
    if user is None:
        raise NotFound(
            f"there is no user {email}" if email else "there is no administrator: cadence user add"
        )
    return Visitor(user, RIGHTS[user.role], "console")
