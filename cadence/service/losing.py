"""A CRM says that a deal was lost: its contacts are enrolled, or wait for somebody's word.

The CRM's own id of the deal makes it safe to say twice: the facts are brought up to date, contacts that are
new are let in, and nobody who was ever enrolled for this deal is let in again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import CadenceError, Conflict, Forbidden, InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.model import Deal, Enrollment, TaskKind
from cadence.core.rights import Visitor
from cadence.service import admission, deal_dates, records, steering, transitions
from cadence.service.app import App
from cadence.service.records import Applicant
from cadence.service.requests import Request, check
from cadence.store import audit, deals, listing, locks, tasks


@dataclass(frozen=True, slots=True)
class Lost:
    """What a CRM says. crm_id: its id of the deal; contacts: a request each, which all name the same deal
    and sequence; confirm: nobody is written to before somebody says so.
    """

    crm_id: str
    sequence: str
    contacts: Sequence[Request]
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one contact. result: enrolled, waiting, known or refused; why: in words."""

    email: str
    result: str
    enrollment_id: int | None
    why: str


async def report(app: App, visitor: Visitor, lost: Lost) -> list[Said]:
    """Take in a lost deal; says what became of each contact, in their order.

    Raises NotFound (sequence, mailbox), InvalidInput (mailbox), Forbidden (mailbox, or the deal is
    somebody else's); what is wrong with one contact refuses only that.
    """
    first = lost.contacts[0]
    about = ("company", "industry", "size", "deal_name", "deal", "lost_at")
    check(Request("", "", **{name: getattr(first, name) for name in about}), app.clock())
    async with app.db.write() as tx:
        await locks.admission(tx)
        await app.library.published(tx, lost.sequence)
        box = await steering.sender_for(tx, visitor, first.mailbox, first.executive)
        known = await _known_deals(tx, visitor, lost.crm_id)
        before = await deals.enrolled_for(tx, [deal.id for deal in known], lost.sequence)
        requests = [replace(one, mailbox=box.address) for one in lost.contacts]
        vetted = await _vet(app, tx, requests, before)
        applicants = [one for one in vetted if isinstance(one, Applicant)]
        named = await _under_one_name(tx, lost, known, applicants)
        enrolled = await records.store(app, tx, named) if named else []
        await _bring_up_to_date(app, tx, lost, known, enrolled)
        if lost.confirm:
            for enrollment, applicant in zip(enrolled, named, strict=True):
                await _let_wait(app, tx, lost, enrollment, applicant.request)
        said = f"{lost.crm_id}: {len(enrolled)} of {len(requests)} contacts in {lost.sequence}"
        await audit.record(tx, visitor.actor, "deal.lost", said, at=app.clock())
    made = iter(enrolled)
    return [_said(one, result, made, lost) for one, result in zip(requests, vetted, strict=True)]


async def _known_deals(tx: AsyncConnection, visitor: Visitor, crm_id: str) -> list[Deal]:
    known = await deals.of_crm(tx, crm_id)
    theirs = listing.deal_list(visitor.user)
    for deal in known:
        if await listing.one(tx, theirs, deal.id) is None:
            raise Forbidden(f"The deal {crm_id} is known already, and somebody else's.")
    return known


async def _vet(
    app: App, tx: AsyncConnection, requests: Sequence[Request], before: Mapping[str, int]
) -> list[Applicant | CadenceError | int]:
    """Whom to let in, whom not and why, and who was let in before, under which enrollment."""
    seen: set[str] = set()
    results: list[Applicant | CadenceError | int] = []
    vetted = await admission.vet(app, tx, requests)
    for request, result in zip(requests, vetted, strict=True):
        key = _key(request)
        if key in before:
            results.append(before[key])
        elif key in seen:
            results.append(Conflict(f"{request.email} is among the contacts twice"))
        else:
            results.append(result)
            seen.add(key)
    return results


def _key(request: Request) -> str:
    try:
        return normalize(request.email)
    except InvalidInput:
        return request.email


async def _under_one_name(
    tx: AsyncConnection, lost: Lost, known: Sequence[Deal], applicants: Sequence[Applicant]
) -> list[Applicant]:
    """The applicants with the name of the deal: as it is known, else as the CRM calls it, told apart."""
    if not applicants:
        return []
    name = applicants[0].request.deal_name or f"Deal {lost.crm_id}"
    if known:
        name = known[0].name
    elif await deals.is_taken(tx, name, {one.account_key for one in applicants}, lost.crm_id):
        name = f"{name} ({lost.crm_id})"
    return [replace(one, request=replace(one.request, deal_name=name)) for one in applicants]


async def _bring_up_to_date(
    app: App, tx: AsyncConnection, lost: Lost, known: Sequence[Deal], enrolled: Sequence[Enrollment]
) -> None:
    facts = {name: value for name, value in lost.contacts[0].deal.items() if value is not None}
    ids = {deal.id for deal in known} | {enrollment.deal_id for enrollment in enrolled}
    before = await deals.of_ids(tx, ids)
    await deals.change(tx, ids, crm_id=lost.crm_id, **facts)
    await deal_dates.follow(app, tx, before.values())


async def _let_wait(app: App, tx: AsyncConnection, lost: Lost, one: Enrollment, request: Request) -> None:
    why = "waits until somebody confirms it"
    await transitions.apply(app, tx, one.id, Fact.PAUSE, why)
    deal = request.deal_name or lost.crm_id
    text = f"{request.email}, of the lost deal {deal}, waits to begin {lost.sequence}: resume or stop"
    await tasks.add(
        tx,
        TaskKind.CONFIRM_ENROLLMENT,
        text,
        now=app.clock(),
        prospect_id=one.prospect_id,
        enrollment_id=one.id,
    )


def _said(request: Request, result: Any, made: Any, lost: Lost) -> Said:
    match result:
        case int():
            return Said(request.email, "known", result, "was enrolled for this deal before")
        case CadenceError():
            return Said(request.email, "refused", None, str(result))
    enrollment: Enrollment = next(made)
    if lost.confirm:
        return Said(request.email, "waiting", enrollment.id, "begins once somebody confirms it")
    return Said(request.email, "enrolled", enrollment.id, f"enrolled in {lost.sequence}")
