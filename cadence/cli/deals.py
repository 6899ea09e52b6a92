"""Deals: what became of those that were lost, and the dates on which mails hang."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.dates import shown
from cadence.cli.shell import Data, cli, out, with_app
from cadence.core.date_order import read_date
from cadence.core.errors import InvalidInput
from cadence.core.people import CONSOLE
from cadence.service import deal_dates, deal_outcomes, testimonials
from cadence.service.app import App
from cadence.service.deal_dates import Followed
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.testimonials import Copy, Thanked
from cadence.store.deal_outcomes import DealOutcome

deal = typer.Typer(
    help="Say what became of a lost deal, or its dates.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(deal, name="deal")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address of anybody of the deal.")]
Name = Annotated[str | None, typer.Option("--deal", metavar="NAME", help="Which, where they have several.")]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day, such as 2026-01-31; else today.")
]


@deal.command()
def won(
    email: Email,
    amount: Annotated[str, typer.Option(help='What it is worth now, such as "EUR 12,000".')] = "",
    on: On = None,
    name: Name = None,
    data: Data = None,
) -> None:
    """It was won back; nothing more is written for it."""
    done = _say(email, name, Said(Outcome.WON, amount=amount, on=_day(on)), data)
    out.print(f"{done.name} of {done.account} is won back. Nothing more is written for it.", markup=False)


@deal.command(name="let-go")
def let_go(
    email: Email,
    reason: Annotated[str, typer.Option(help="Why.")],
    on: On = None,
    name: Name = None,
    data: Data = None,
) -> None:
    """It will not come back; nothing more is written for it."""
    done = _say(email, name, Said(Outcome.LET_GO, reason=reason, on=_day(on)), data)
    out.print(f"{done.name} of {done.account} is let go. Nothing more is written for it.", markup=False)


@deal.command(name="open")
def open_(email: Email, name: Name = None, data: Data = None) -> None:
    """It is neither: take back what was said. Nobody is enrolled again by that."""
    done = _say(email, name, Said(None), data)
    out.print(f"{done.name} of {done.account} is open again.", markup=False)


@deal.command()
def letter(
    email: Email,
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="The letter, such as letter.pdf.")],
    name: Name = None,
    data: Data = None,
) -> None:
    """They sent a letter about us: draft a mail with a copy to whoever referred us to them."""
    try:
        copy = Copy(file.name, file.read_bytes())
    except OSError as fault:
        raise InvalidInput(f"{file}: {fault.strerror}") from None

    async def use(app: App) -> Thanked:
        known = await deal_outcomes.deal_of(app, email, name)
        return await testimonials.keep(app, CONSOLE, known.deal_id, copy)

    done = with_app(use, wakes=True, data=data)
    for address in done.drafted:
        out.print(f"A draft to {address} will wait for a yes on Today within minutes.", markup=False)
    for address, why in done.refused.items():
        out.print(f"{address} is not thanked: {why}", markup=False)


@deal.command()
def dates(
    email: Email,
    contract_end: Annotated[
        str | None,
        typer.Option(metavar="DATE", help='When the winner\'s contract ends; "unknown" takes it back.'),
    ] = None,
    missing_ships: Annotated[
        str | None,
        typer.Option(metavar="DATE", help='When we will do what was missing; "unknown" takes it back.'),
    ] = None,
    name: Name = None,
    data: Data = None,
) -> None:
    """Say its dates; mails that hang on them are planned, moved or skipped."""
    words = {"competitor_contract_end": contract_end, "missing_ships": missing_ships}
    said = {which: _date(text) for which, text in words.items() if text is not None}
    if not said:
        raise InvalidInput("say --contract-end, --missing-ships or both")

    async def use(app: App) -> list[Followed]:
        known = await deal_outcomes.deal_of(app, email, name)
        return await deal_dates.say(app, CONSOLE, known.deal_id, said)

    followed = with_app(use, wakes=True, data=data)
    for one in followed:
        when = f"on {shown(one.at, one.zone)}" if one.at else "is skipped"
        out.print(f"{one.email}: {one.step} {when}: {one.why}.", markup=False)
    if not followed:
        out.print("Noted. No mail hangs on that, or what does has left already.", markup=False)


def _date(text: str) -> date | None:
    return None if text == "unknown" else read_date(text)


def _say(email: str, name: str | None, said: Said, data: Data) -> DealOutcome:
    async def use(app: App) -> DealOutcome:
        known = await deal_outcomes.deal_of(app, email, name)
        return await deal_outcomes.say(app, CONSOLE, known.deal_id, said)

    return with_app(use, data=data)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"--on {text}: write a day such as 2026-01-31") from None
