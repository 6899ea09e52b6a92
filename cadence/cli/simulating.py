"""`cadence simulate`: the calendar that would follow, with the reason for each date."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from cadence.cli import person_options as flags
from cadence.cli.dates import date_order, plural, shown
from cadence.cli.sequences import Name, Templates, maybe_with_app
from cadence.cli.shell import Data, Json, cli, out, print_json, settings
from cadence.cli.supposing import Wishes, answer_of, crowd_of, supposed_person
from cadence.content.catalogue import load, read_snapshot
from cadence.core.model import Place
from cadence.core.outlook import Entry, Happening
from cadence.service import forecasting, reporting
from cadence.service.app import App
from cadence.service.forecasting import Calendar
from cadence.service.workload import Crowd, Workload, workload
from cadence.wiring import utc_now

Prospect = Annotated[
    str | None,
    typer.Option(
        "--prospect",
        metavar="WHO",
        help="The address of somebody in the database, or a sample's name or address; else made up.",
    ),
]
Months = Annotated[int, typer.Option("--months", min=1, max=120, help="How far to look ahead.")]
On = Annotated[
    list[str] | None,
    typer.Option("--on", metavar="CATEGORY@DATE", help="Suppose this reply, such as feedback@2027-01-10."),
]
Start = Annotated[
    str | None,
    typer.Option("--start", metavar="DATE", help="When they are enrolled; else as the deal is lost, or now."),
]
People = Annotated[
    int | None,
    typer.Option("--people", min=1, help="Instead of one calendar: the mails that so many people make."),
]
Alone = Annotated[bool, typer.Option("--no-executive", help="Suppose that there is no executive's mailbox.")]


@cli.command()
def simulate(  # noqa: PLR0913, PLR0917 - a parameter per flag
    name: Name,
    prospect: Prospect = None,
    months: Months = 18,
    on: On = None,
    start: Start = None,
    language: flags.Language = None,
    zone: flags.Zone = None,
    country: flags.Country = None,
    region: flags.Region = None,
    industry: flags.Industry = None,
    size: flags.Size = None,
    deal_reason: flags.DealReason = None,
    deal_lost_at: flags.DealLostAt = None,
    deal_contract_end: flags.DealContractEnd = None,
    deal_missing_ships: flags.DealMissingShips = None,
    no_executive: Alone = False,
    people: People = None,
    order: flags.DateOrder = None,
    templates: Templates = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Print the calendar that would follow if nobody answers, with the reason for each date.

    The rules are those that mails are sent by. Somebody who is enrolled goes on from where they stand;
    everybody else is enrolled on the day the deal is lost.
    """
    given = settings(data=data, templates=templates)
    content = load(read_snapshot(given.templates, name), name)
    said = {
        "language": language,
        "zone": zone,
        "country": country,
        "region": region,
        "industry": industry,
        "size": size,
        "reason": deal_reason,
        "lost_at": deal_lost_at,
        "competitor_contract_end": deal_contract_end,
        "missing_ships": deal_missing_ships,
    }
    wishes = Wishes(said, start, Place(given.default_zone, given.default_country), date_order(order))
    flags.doubt_reason(deal_reason)
    if people is not None:
        _show_workload(crowd_of(content, wishes, months, utc_now()), people, as_json)
        return
    supposed = supposed_person(content, prospect, wishes, utc_now(), executive=not no_executive)
    answers = [answer_of(text, supposed.place if supposed else wishes.place) for text in on or []]

    async def use(app: App | None) -> Calendar:
        if app is not None and prospect and "@" in prospect:
            published = await reporting.content_of(app, name) or content
            found = await forecasting.for_prospect(app, published, prospect, months=months, answers=answers)
            if found is not None:
                return found
        if supposed is None:
            raise forecasting.nobody(content, prospect or "", database=app is not None)
        return forecasting.suppose(content, supposed, months=months, answers=answers)

    calendar = maybe_with_app(given, use)
    if as_json:
        print_json(_document(calendar))
    else:
        _show(calendar, supposing=bool(answers))


def _document(calendar: Calendar) -> dict[str, Any]:
    return {
        "sequence": calendar.sequence,
        "prospect": calendar.name,
        "zone": calendar.place.zone,
        "country": calendar.place.country,
        "start": calendar.start,
        "until": calendar.until,
        "stands": calendar.stands,
        "entries": [reporting.entry_of(entry) for entry in calendar.entries],
    }


def _show(calendar: Calendar, *, supposing: bool) -> None:
    zone = calendar.place.zone
    where = f"{zone}, {calendar.place.country}" if calendar.place.country else zone
    supposed = "with these answers" if supposing else "if nobody answers"
    out.print(f"{calendar.sequence} for {calendar.name} ({where}), {supposed}", style="bold", markup=False)
    out.print(f"From {shown(calendar.start, zone)} to {shown(calendar.until, zone)}", markup=False)
    if calendar.stands:
        out.print(f"Enrolled, {calendar.stands}", markup=False)
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry in calendar.entries:
        table.add_row(Text(shown(entry.at, zone)), _words(entry))
    out.print(table, soft_wrap=False)
    sent = sum(entry.what is Happening.SENT for entry in calendar.entries)
    out.print(plural(sent, "mail"), markup=False)


_LOOKS = {
    Happening.SENT: "bold",
    Happening.SKIPPED: "dim",
    Happening.HELD: "yellow",
    Happening.REPLY: "cyan",
    Happening.PAUSED: "cyan",
    Happening.RESUMED: "cyan",
    Happening.ENDED: "bold",
}


def _words(entry: Entry) -> Text:
    """What happens, and below it why."""
    what = entry.story or entry.step or entry.what.value
    words = Text(what, style=_LOOKS[entry.what])
    if entry.sender and entry.what is Happening.SENT:
        words.append(f"  from the {entry.sender}", style="dim not bold")
    elif entry.step:
        words.append(f"  {entry.what}")
    return words.append(f"\n{entry.why}", style="dim not bold")


def _show_workload(crowd: Crowd, people: int, as_json: bool) -> None:
    done = workload(crowd, people)
    if as_json:
        print_json(
            {
                "sequence": crowd.sequence.name,
                "people": done.people,
                "mails": done.months.total(),
                "months": dict(sorted(done.months.items())),
                "steps": dict(done.steps),
                "others": dict(done.others.most_common()),
            }
        )
        return
    _show_counts(crowd, done)


def _show_counts(crowd: Crowd, done: Workload) -> None:
    total = f"{plural(done.months.total(), 'mail')} to {done.people} people"
    out.print(f"{crowd.sequence.name}: {total} if nobody answers", style="bold", markup=False)
    parts: tuple[tuple[str, Mapping[str, int]], ...] = (
        ("Month", dict(sorted(done.months.items()))),
        ("Mail", dict(done.steps.most_common())),
        ("Not sent", dict(done.others.most_common(10))),
    )
    for heading, counts in parts:
        table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
        table.add_column(heading)
        table.add_column("People" if heading == "Not sent" else "Mails", justify="right")
        for what, count in counts.items():
            table.add_row(Text(what), str(count))
        if counts:
            out.print(table, soft_wrap=False)
