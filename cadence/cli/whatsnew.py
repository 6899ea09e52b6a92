"""`cadence whatsnew`: tells those who left for want of something that it is there now, after a yes."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cadence.cli.dates import plural, shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.people import CONSOLE
from cadence.service import news_answers, whats_new
from cadence.service.app import App
from cadence.service.news_answers import Answered
from cadence.service.news_readers import Person
from cadence.service.news_survey import Survey
from cadence.service.whats_new import Outlook

whatsnew = typer.Typer(
    help="Tell those who left for want of something that it is there.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
cli.add_typer(whatsnew, name="whatsnew")

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `cadence whatsnew list` shows it.")]
Emails = Annotated[
    list[str] | None,
    typer.Argument(metavar="[EMAIL]...", help="Only these people; none: everybody who waits."),
]


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
def approve(number: Number, emails: Emails = None, data: Data = None, as_json: Json = False) -> None:
    """Say yes: everybody whom nothing speaks against gets one mail, through the ordinary queue."""
    _answer(news_answers.approve, number, emails, ("gets it", "get it"), data, as_json)


@whatsnew.command()
def decline(number: Number, emails: Emails = None, data: Data = None, as_json: Json = False) -> None:
    """Say no: they are left in peace, also after a yes to everybody. Approved by name, they still get it."""
    _answer(news_answers.decline, number, emails, ("is left in peace", "are left in peace"), data, as_json)


def _answer(
    answer: Callable[..., Awaitable[Answered]],
    number: int,
    emails: list[str] | None,
    what: tuple[str, str],
    data: Path | None,
    as_json: bool,
) -> None:
    async def use(app: App) -> Answered:
        who = await news_answers.prospects_of(app, emails) if emails else None
        return await answer(app, CONSOLE, number, who)

    done = with_app(use, wakes=True, data=data)
    if as_json:
        print_json({"count": done.count, "refused": [_person(one) for one in done.refused]})
        return
    out.print(f"{number}: {_people(done.count)} {what[done.count != 1]}.", style="bold", markup=False)
    for one in done.refused:
        out.print(f"{one.email} ({one.company}, {one.deal}): no: {one.against}", markup=False)


def _people(count: int) -> str:
    return plural(count, "person").replace("persons", "people")


def _print(found: Outlook, as_json: bool) -> None:
    one, counted = found.news, found.survey or Survey()
    if as_json:
        told = [dict(row._mapping) for row in found.told]
        totals = {"waiting": counted.waiting.total, "others": counted.others.total, "told": counted.told}
        people = [_person(person) for person in found.people]
        print_json(_plain(one) | {"totals": totals, "people": people, "told_to": told})
        return
    count = _people(counted.waiting.total)
    out.print(
        f"{one.id}: {one.answers}, story {one.story}: {count} would get it.", style="bold", markup=False
    )
    for person in found.people:
        against = person.declined or person.against
        what = f"no: {against}" if against else f"yes: {person.why}"
        out.print(f"{person.email} ({person.company}, {person.deal}): {what}; {person.proof}", markup=False)
    if left := counted.waiting.total + counted.others.total - len(found.people):
        out.print(f"{left} more left for that; they come after these.")
    for row in found.told:
        out.print(f"{row.email} ({row.company}): {_became(row)}", markup=False)
    if more := counted.told - len(found.told):
        out.print(f"{more} more were told before them.")
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
