"""`cadence account`: companies as wholes, and those that nobody will write to."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from cadence.cli.dates import shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.service import companies

account = typer.Typer(
    help="Show companies, and those nobody will write to.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(account, name="account")


@account.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The company's name, or its domain.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what went wrong with a company, in whose words, its people, and when it hears of us next."""
    found = with_app(lambda app: companies.show(app, name), data=data)
    if as_json:
        print_json(found)
        return
    out.print(f"{found['company']} ({found['domain']})", style="bold", markup=False)
    out.print(_times(found), markup=False)
    for deal in found["deals"]:
        outcome = f", {deal['outcome'].replace('_', ' ')}" if deal["outcome"] else ""
        out.print(f"\n{deal['name']}, lost {shown(deal['lost_at'])} UTC{outcome}", style="bold", markup=False)
        rep = ", ".join(str(value) for value in deal["rep"].values() if value)
        out.print(f"The rep says: {rep or 'nothing'}", markup=False)
        for said in deal["prospects"]:
            out.print(_said(said), markup=False)
    for person in found["people"]:
        title = f", {person['title']}" if person["title"] else ""
        out.print(f"{person['email']}{title}: {person['status']}", markup=False)


def _said(said: dict[str, Any]) -> str:
    what = ", ".join([*said["reasons"], *([said["competitor"]] if said["competitor"] else [])])
    return f"{said['by']} says: {what}: “{' '.join(said['words'].split())[:300]}”"


def _times(found: dict[str, Any]) -> str:
    following = f"next mail {shown(found['next_at'])} UTC" if found["next_at"] else "no mail is to come"
    last = f"last mail {shown(found['last_at'])} UTC" if found["last_at"] else "none left yet"
    return f"{following}; {last}"


@account.command()
def silent(
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="For how long.")] = 90,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the companies with an open deal that nobody will write to within that time."""
    found = with_app(lambda app: companies.silent(app, timedelta(days=days)), data=data)
    if as_json:
        print_json(found)
        return
    for one in found:
        out.print(f"{one['company']} ({one['domain']}): {_times(one)}", markup=False)
    if not found:
        out.print(f"Every company with an open deal hears of us within {days} days.")
