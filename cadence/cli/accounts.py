"""`cadence account`: companies as wholes, what of their losses is covered, and those nobody will write to."""

from datetime import date, timedelta
from typing import Annotated, Any

import typer

from cadence.cli.dates import shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.errors import InvalidInput
from cadence.core.people import CONSOLE
from cadence.service import companies
from cadence.service.companies import Cover

account = typer.Typer(
    help="Show companies, and those nobody will write to.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(account, name="account")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The company's name, or its domain.")]


@account.command()
def show(
    name: Name,
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
    if found["reasons"]:
        out.print("\nCovered now?", style="bold", markup=False)
    for one in found["reasons"]:
        out.print(_tick(one), markup=False)
    if found["people"]:
        out.print()
    for person in found["people"]:
        title = f", {person['title']}" if person["title"] else ""
        out.print(f"{person['email']}{title}: {person['status']}", markup=False)


def _tick(one: dict[str, Any]) -> str:
    said_by = " and ".join(who for who, key in (("the rep", "rep"), ("them", "prospects")) if one[key])
    what = f"{one['reason']} (said by {said_by})" if said_by else one["reason"]
    if one["covered_on"] is None:
        return f"[ ] {what}"
    return f"[x] {what}: {one['note']} ({one['covered_on']}, {one['by']})"


@account.command()
def covered(
    name: Name,
    reason: Annotated[
        str, typer.Argument(metavar="REASON", help="A reason that `cadence account show` lists.")
    ],
    note: Annotated[str, typer.Option(metavar="WORDS", help="What covers it.")] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Since when, such as 2026-01-31; else today.")
    ] = None,
    not_yet: Annotated[bool, typer.Option("--not-yet", help="Take it back: it is not covered.")] = False,
    data: Data = None,
) -> None:
    """Say that what lost us a deal of a company would not lose us the next, or take that back."""
    if not_yet and (note or on):
        raise InvalidInput("--not-yet takes neither --note nor --on")
    cover = None if not_yet else Cover(note, _day(on))
    known = with_app(lambda app: companies.cover(app, CONSOLE, name, reason, cover), data=data)
    out.print(f"{known} is {'not covered yet' if not_yet else 'covered now'}.", markup=False)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"--on {text}: write a day such as 2026-01-31") from None


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
