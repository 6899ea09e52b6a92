"""`cadence events`: where people are invited to, who comes, and telling them of a change."""

from typing import Annotated, Any

import typer

from cadence.cli.dates import plural
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.occasions import Rsvp
from cadence.core.people import CONSOLE
from cadence.service import occasions
from cadence.service.occasions import Gathering
from cadence.store.rsvps import Guest

events = typer.Typer(
    help="Events that people are invited to, and who comes.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(events, name="events")

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `cadence events list` shows it.")]


@events.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List the events of published sequences, and how many come."""
    found = with_app(occasions.every, data=data)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    for one in found:
        _print_head(one)
    if not found:
        out.print("No published sequence has an event; see `cadence new event`.")


@events.command()
def show(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Show who was invited to an event, and what each answered."""
    one = with_app(lambda app: occasions.show(app, name), data=data)
    if as_json:
        print_json(_plain(one))
        return
    _print_head(one)
    for guest in one.guests:
        who = f"{guest.name} <{guest.email}>" if guest.name else guest.email
        said = guest.answer.value if guest.answer else "no answer yet"
        out.print(f"    {who}, {guest.company}: {said}", markup=False)


@events.command()
def answer(
    name: Name,
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Who was invited.")],
    said: Annotated[Rsvp, typer.Argument(metavar="ANSWER", help="accepted, tentative or declined.")],
    data: Data = None,
) -> None:
    """Enter what somebody told you about coming."""
    with_app(lambda app: occasions.answer(app, CONSOLE, email, name, said), data=data)
    out.print(f"{email}: {said.value}.", markup=False)


@events.command()
def notify(name: Name, data: Data = None) -> None:
    """Draft a mail about a change to everybody who was invited; nothing leaves before a yes on Today."""
    told = with_app(lambda app: occasions.notify(app, CONSOLE, name), wakes=True, data=data)
    out.print(f"{plural(told.drafts, 'draft')} will wait for a yes on Today within minutes.", markup=False)
    for email, why in told.refused.items():
        out.print(f"{email} is not told: {why}", markup=False)


def _print_head(one: Gathering) -> None:
    occasion, count = one.occasion, len(one.said(Rsvp.ACCEPTED))
    room = f" of {occasion.capacity}" if occasion.capacity else ""
    state = "cancelled" if occasion.cancelled else f"{count}{room} come, {len(one.guests)} invited"
    when = f"{occasion.starts:%Y-%m-%d %H:%M} {occasion.zone}"
    name = one.name.partition("/")[2]
    out.print(f"{name}: {one.title}, {when}, {occasion.place or occasion.link}: {state}", markup=False)
    if one.waiting:
        out.print(f"    {plural(one.waiting, 'draft')} about a change not sent yet: see Today")
    elif one.untold:
        people = plural(len(one.untold), "person").replace("persons", "people")
        out.print(f"    {people} told something else: cadence events notify {name}", markup=False)


def _plain(one: Gathering) -> dict[str, Any]:
    occasion = one.occasion
    return {
        "name": one.name.partition("/")[2],
        "title": one.title,
        "starts": occasion.starts.isoformat(),
        "ends": occasion.ends.isoformat(),
        "zone": occasion.zone,
        "place": occasion.place,
        "link": occasion.link,
        "capacity": occasion.capacity,
        "cancelled": occasion.cancelled,
        "untold": [guest.email for guest in one.untold],
        "guests": [_guest(guest) for guest in one.guests],
    }


def _guest(guest: Guest) -> dict[str, Any]:
    return {
        "email": guest.email,
        "name": guest.name,
        "company": guest.company,
        "answer": guest.answer,
        "invited_at": guest.invited_at.isoformat(),
        "answered_at": guest.answered_at.isoformat() if guest.answered_at else None,
    }
