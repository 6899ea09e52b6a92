"""`cadence whatsnew`: tells those who left for want of something that it is there now, after a yes."""

from typing import Annotated, Any

import typer

from cadence.cli.dates import plural, shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.people import CONSOLE
from cadence.service import whats_new
from cadence.service.app import App
from cadence.service.news_readers import Person
from cadence.service.whats_new import Outlook

whatsnew = typer.Typer(
    help="Tell those who left for want of something that it is there.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
cli.add_typer(whatsnew, name="whatsnew")

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `cadence whatsnew list` shows it.")]


@whatsnew.command()
def add(
    answers: Annotated[
        str,
        typer.Option(
            metavar="REASON[:WORDS]",
            help='Why deals were lost that it answers, such as price, or "features:sso|single sign-on".',
        ),
    ],
    story: Annotated[str, typer.Option(metavar="NAME", help="The published story that tells it.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Find the deals lost for that, and show who would get which mail and why. Nothing is sent yet."""

    async def use(app: App) -> Outlook:
        return await whats_new.show(app, await whats_new.add(app, CONSOLE, answers, story))

    _print(with_app(use, data=data), as_json)


@whatsnew.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List what was new, the newest first."""
    found = with_app(whats_new.every, data=data)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    for one in found:
        state = f"told to {one.told or 0}" if one.approved_at else "waits for a yes"
        out.print(
            f"{one.id}: {one.answers}, story {one.story}: {state}, {shown(one.created_at.isoformat())} UTC"
        )
    if not found:
        out.print("Nothing yet; see `cadence whatsnew add`.")


@whatsnew.command()
def show(number: Number, data: Data = None, as_json: Json = False) -> None:
    """Show who would get the mail now, who not, and why."""
    _print(with_app(lambda app: whats_new.show(app, number), data=data), as_json)


@whatsnew.command()
def approve(number: Number, data: Data = None, as_json: Json = False) -> None:
    """Say yes: everybody whom nothing speaks against gets one mail, through the ordinary queue."""
    _print(with_app(lambda app: whats_new.approve(app, CONSOLE, number), wakes=True, data=data), as_json)


def _print(found: Outlook, as_json: bool) -> None:
    one = found.news
    if as_json:
        told = [dict(row._mapping) for row in found.told]
        print_json(_plain(one) | {"people": [_person(person) for person in found.people], "told_to": told})
        return
    verb = "get" if one.approved_at else "would get"
    count = plural(len(found.readers), "person").replace("persons", "people")
    out.print(f"{one.id}: {one.answers}, story {one.story}: {count} {verb} it.", style="bold", markup=False)
    for person in found.people:
        against = person.declined or person.against
        what = f"no: {against}" if against else f"yes: {person.why}"
        out.print(f"{person.email} ({person.company}, {person.deal}): {what}; {person.proof}", markup=False)
    if found.left:
        out.print(f"{found.left} more left for that; they come after these.")
    for row in found.told:
        out.print(f"{row.email} ({row.company}): {_became(row)}", markup=False)
    if not one.approved_at:
        out.print(f"Nothing is sent before `cadence whatsnew approve {one.id}`.")


def _became(row: Any) -> str:
    at = f", {shown((row.sent_at or row.due_at).isoformat())} UTC" if row.mail else ""
    answered = f"; answered: {row.category}" if row.category else ""
    return f"{row.mail or row.state}{at}{answered}".replace("_", " ")


def _person(person: Person) -> dict[str, Any]:
    kept = ("email", "company", "deal", "proof", "against", "why", "declined")
    return {name: getattr(person, name) for name in kept}


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}
