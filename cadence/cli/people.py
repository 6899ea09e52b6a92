"""People: letting them into a sequence, pausing, resuming and stopping what is sent to them."""

from datetime import datetime
from typing import Annotated, Any

import typer

from cadence.cli import person_options as flags
from cadence.cli.dates import date_order, shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.calendar import check_region, start_of
from cadence.core.date_order import read_moment
from cadence.core.errors import InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.model import Place
from cadence.service import enrolling, reporting, worded
from cadence.service.app import App

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address.")]
Why = Annotated[str | None, typer.Option("--why", metavar="WORDS", help="The reason, for the record.")]


@cli.command()
def enroll(  # noqa: PLR0913, PLR0917 - a parameter per flag
    email: Email,
    sequence: flags.Sequence,
    first_name: flags.FirstName = None,
    last_name: flags.LastName = None,
    title: flags.Title = None,
    language: flags.Language = None,
    zone: flags.Zone = None,
    country: flags.Country = None,
    region: flags.Region = None,
    company: flags.Company = None,
    industry: flags.Industry = None,
    size: flags.Size = None,
    deal_name: flags.DealName = None,
    deal_product: flags.DealProduct = None,
    deal_reason: flags.DealReason = None,
    deal_competitor: flags.DealCompetitor = None,
    deal_lost_at: flags.DealLostAt = None,
    deal_contract_end: flags.DealContractEnd = None,
    deal_amount: flags.DealAmount = None,
    deal_missing: flags.DealMissing = None,
    deal_missing_ships: flags.DealMissingShips = None,
    deal_alternative: flags.DealAlternative = None,
    referred_by: flags.ReferredBy = None,
    mailbox: flags.Mailbox = None,
    executive: flags.Executive = None,
    basis: flags.Basis = None,
    basis_source: flags.BasisSource = None,
    basis_since: flags.BasisSince = None,
    basis_until: flags.BasisUntil = None,
    order: flags.DateOrder = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Let one person of a lost deal into a sequence."""
    said = {
        "email": email,
        "first_name": first_name,
        "last_name": last_name,
        "title": title,
        "language": language,
        "zone": zone,
        "country": country,
        "region": region,
        "company": company,
        "industry": industry,
        "size": size,
        "deal_name": deal_name,
        "product": deal_product,
        "reason": deal_reason,
        "competitor": deal_competitor,
        "lost_at": deal_lost_at,
        "competitor_contract_end": deal_contract_end,
        "amount": deal_amount,
        "missing": deal_missing,
        "missing_ships": deal_missing_ships,
        "alternative": deal_alternative,
        "referred_by": referred_by,
        "mailbox": mailbox,
        "executive": executive,
        "basis": basis,
        "basis_source": basis_source,
        "basis_since": basis_since,
        "basis_until": basis_until,
    }
    story = with_app(lambda app: _enroll(app, said, sequence, order), wakes=True, data=data)
    flags.doubt_reason(deal_reason)
    (enrolled,) = [one for one in story["enrollments"] if one["id"] == story["enrolled"]]
    if as_json:
        print_json({"email": story["email"]} | enrolled)
        return
    out.print(f"{story['email']} is enrolled in {sequence}, from {enrolled['mailbox']}.", markup=False)
    for entry in enrolled["next"][:1]:
        when = shown(entry["at"], story["zone"])
        out.print(f"Next: {entry['step']} on {when}: {entry['why']}.", markup=False)


async def _enroll(app: App, said: dict[str, str | None], sequence: str, order: str | None) -> dict[str, Any]:
    request = worded.request_of(
        said, sequence=sequence, now=app.clock(), place=app.policy.place, order=date_order(order)
    )
    check_region(Place("UTC", request.country or app.policy.place.country, request.region))
    enrollment = await enrolling.enroll(app, request)
    return await reporting.why(app, request.email) | {"enrolled": enrollment.id}


@cli.command()
def pause(
    email: Email,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Resume by itself on that day; else when you say so."),
    ] = None,
    why: Why = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Send nothing to a person for now."""
    _change(email, Fact.PAUSE, why, data=data, as_json=as_json, until=until)


@cli.command()
def resume(email: Email, why: Why = None, data: Data = None, as_json: Json = False) -> None:
    """Go on where a person was paused; what is overdue is spaced anew, never a burst."""
    _change(email, Fact.RESUME, why, data=data, as_json=as_json)


@cli.command()
def stop(email: Email, why: Why = None, data: Data = None, as_json: Json = False) -> None:
    """End every sequence of a person for good; they can be enrolled again."""
    _change(email, Fact.STOP, why, data=data, as_json=as_json)


@cli.command()
def remove(email: Email, why: Why = None, data: Data = None, as_json: Json = False) -> None:
    """Take a person out of every sequence, as if enrolled by mistake; what was sent stays on record."""
    _change(email, Fact.REMOVE, why, data=data, as_json=as_json)


_DONE = {Fact.PAUSE: "paused", Fact.RESUME: "resumed", Fact.STOP: "stopped", Fact.REMOVE: "removed"}


def _change(
    email: str, fact: Fact, why: str | None, *, data: Any, as_json: bool, until: str | None = None
) -> None:
    async def use(app: App) -> int:
        resume_at = await _until(app, email, until) if until else None
        words = why or f"{_DONE[fact]} by a person"
        return await enrolling.change(app, email, fact, words, resume_at)

    changed = with_app(use, wakes=fact is Fact.RESUME, data=data)
    if as_json:
        print_json({"email": email, "done": _DONE[fact], "enrollments": changed})
        return
    sequences = "1 sequence" if changed == 1 else f"{changed} sequences"
    out.print(f"{email}: {_DONE[fact]} in {sequences}.", markup=False)


async def _until(app: App, email: str, text: str) -> datetime:
    """A day begins where the person is."""
    said, place = read_moment(text), await enrolling.place_of(app, email)
    at = worded.moment_of(said, place, app.clock()) if isinstance(said, datetime) else start_of(said, place)
    if at <= app.clock():
        raise InvalidInput(f"--until {text} is past")
    return at
