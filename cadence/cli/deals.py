"""Deals: what became of those that were lost."""

from datetime import date
from typing import Annotated

import typer

from cadence.cli.shell import Data, cli, out, with_app
from cadence.core.errors import InvalidInput
from cadence.core.people import CONSOLE
from cadence.service import deal_outcomes
from cadence.service.app import App
from cadence.service.deal_outcomes import Outcome, Said
from cadence.store.deal_outcomes import DealOutcome

deal = typer.Typer(help="Say what became of a lost deal.", no_args_is_help=True, rich_markup_mode=None)
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
