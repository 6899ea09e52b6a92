"""`cadence suggestions`: people who were named in replies, and enrolling them."""

from typing import Annotated, Any

import typer

from cadence.cli.dates import shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.people import CONSOLE
from cadence.service import referring
from cadence.service.referring import Choice

suggestions = typer.Typer(
    help="Enroll people who were named in replies.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(suggestions, name="suggestions")


@suggestions.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also who was enrolled, or left alone.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List who was named, by whom and in which words, as long as Today asks about them."""
    found = with_app(lambda app: referring.show(app, every=every), data=data)
    if as_json:
        print_json(found)
        return
    for one in found:
        state = ", enrolled" if one["deal_id"] else f", {one['dismissed']}" if one["dismissed"] else ""
        out.print(f"{one['id']}: {_person(one) or 'nobody by name'} ({one['kind']}{state})", markup=False)
        by = one["by"]
        words = " ".join(one["words"].split())[:300]
        out.print(f"    {_person(by)} on {shown(one['at'])} UTC: “{words}”", markup=False)
    if not found:
        out.print("Nobody; see --all.")


@suggestions.command()
def enroll(
    number: Annotated[int, typer.Argument(metavar="ID", help="As `cadence suggestions list` shows it.")],
    name_them: Annotated[
        bool,
        typer.Option(
            "--name-them", help="The mails name who referred them: only with that person's consent."
        ),
    ] = False,
    email: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Their address, where the reply names none.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="Their country, such as DE, for its law and hours.")
    ] = None,
    sequence: Annotated[
        str | None,
        typer.Option("--sequence", "-s", metavar="NAME", help="In which one; else referral, if referred."),
    ] = None,
    data: Data = None,
) -> None:
    """Enroll one of them, from the mailbox of the rep who was told the name."""
    choice = Choice(email=email, country=country, sequence=sequence, names_source=name_them)
    made = with_app(lambda app: referring.enroll(app, CONSOLE, number, choice), wakes=True, data=data)
    out.print(f"Enrolled in {made.sequence}.", markup=False)


@suggestions.command()
def dismiss(
    number: Annotated[int, typer.Argument(metavar="ID", help="As `cadence suggestions list` shows it.")],
    data: Data = None,
) -> None:
    """Leave one of them alone: Today asks about them no longer."""
    with_app(lambda app: referring.dismiss(app, CONSOLE, number), data=data)
    out.print("Left alone.")


def _person(one: dict[str, Any]) -> str:
    email = one["email"] and f"<{one['email']}>"
    return ", ".join(
        part for part in (" ".join(p for p in (one["name"], email) if p), one["company"]) if part
    )
