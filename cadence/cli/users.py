"""Who may log in, on the command line: the way in for the first one, and the way back in for everybody."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from cadence.cli.shell import Data, Json, cli, out, print_json, settings, with_app
from cadence.core.people import CONSOLE, Role, User
from cadence.service import invitations, users
from cadence.service.app import App
from cadence.service.users import Standing

user = typer.Typer(no_args_is_help=True, help="Let people log in, and back in.", rich_markup_mode=None)
cli.add_typer(user, name="user")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Their address.")]


@user.command()
def invite(
    email: Email,
    role: Annotated[Role, typer.Option(help="What they are here for.")] = Role.REP,
    name: Annotated[str, typer.Option(help="Their name; else they say it themselves.")] = "",
    team: Annotated[str, typer.Option(help="Managers see the prospects of their team.")] = "",
    data: Data = None,
) -> None:
    """Let somebody in: prints a link by which they set a password, once, within a week."""

    async def let_in(app: App) -> tuple[User, str]:
        return await invitations.invite(app, CONSOLE, email, name=name, role=role, team=team)

    invited, path = with_app(let_in, data=data)
    invitation = f"{invited.email} is invited as {invited.role.with_article}."
    out.print(f"{invitation} They set their password here:", markup=False)
    _say_link(path, data)


@user.command()
def reset(email: Email, data: Data = None) -> None:
    """Let somebody back in: prints a link that sets a new password and ends the second factor."""

    async def let_back_in(app: App) -> tuple[User, str]:
        return await invitations.reset(app, CONSOLE, (await users.find(app, email)).id)

    known, path = with_app(let_back_in, data=data)
    out.print(f"{known.email} sets a new password here; until then nothing changes:", markup=False)
    _say_link(path, data)


@user.command(name="list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """Show everybody who may log in, their roles and their mailboxes."""
    found = with_app(users.overview, data=data)
    if as_json:
        print_json([_as_data(one) for one in found])
        return
    if not found:
        out.print("Nobody was invited yet; `cadence run` prints a link for the first administrator.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Email", "Name", "Role", "Team", "State", "Mailboxes"):
        table.add_column(heading, overflow="fold")
    for one in found:
        who = one.user
        boxes = ", ".join(one.mailboxes)
        table.add_row(*map(Text, (who.email, who.name, who.role, who.team, _state(who), boxes)))
    out.print(table, soft_wrap=False)


def _say_link(path: str, data: Data) -> None:
    given = settings(data=data)
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(given.host, given.host)  # noqa: S104 - read, not bound
    out.print(f"  http://{host}:{given.port}{path}", markup=False)
    out.print("Where Cadence is opened under another address, put that in front of /invite.")


def _state(who: User) -> str:
    return "deactivated" if who.deactivated_at else "invited" if who.is_invited else "active"


def _as_data(one: Standing) -> dict[str, object]:
    who = one.user
    return {
        "email": who.email,
        "name": who.name,
        "role": who.role,
        "team": who.team,
        "state": _state(who),
        "second_factor": who.has_second_factor,
        "mailboxes": one.mailboxes,
    }
