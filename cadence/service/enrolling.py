"""Who is let into a sequence, and how a person takes them out, pauses and resumes them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import planning
from cadence.core.address import domain_of, normalize
from cadence.core.calendar import is_known_country, zone
from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.lifecycle import LIVE, Fact
from cadence.core.model import Enrollment, Mailbox, ProspectStatus
from cadence.core.places import zone_of_country
from cadence.core.sequence import From
from cadence.service import courses, transitions
from cadence.service.app import App
from cadence.store import deals, enrollments, events, mailboxes, prospects

LATEST_LOSS = timedelta(days=1)
"""How far in the future a loss may be dated before it is a mistake."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody says of a person to enroll; every part but email and sequence may be absent.

    zone: IANA name; country: ISO 3166-1 alpha-2; language: ISO 639-1; mailbox, executive: addresses
    of our mailboxes; lost_at: aware UTC.
    """

    email: str
    sequence: str
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    language: str | None = None
    zone: str | None = None
    country: str | None = None
    region: str | None = None
    company: str | None = None
    industry: str | None = None
    size: int | None = None
    deal_name: str | None = None
    deal: dict[str, Any] = field(default_factory=dict)
    lost_at: datetime | None = None
    mailbox: str | None = None
    executive: str | None = None


async def enroll(app: App, request: Request) -> Enrollment:
    """Let one person into a sequence, in one transaction.

    Raises InvalidInput, NotFound (sequence, mailbox) or Conflict (suppressed, unreachable, enrolled).
    """
    async with app.db.write() as tx:
        return await enroll_in(app, tx, request)


async def enroll_in(app: App, tx: AsyncConnection, request: Request) -> Enrollment:
    """`enroll` within a transaction of the caller's."""
    now = app.clock()
    key = normalize(request.email)
    check(request, now)
    published = await app.library.published(tx, request.sequence)
    rep = await _mailbox(tx, request.mailbox, From.REP)
    executive = await _executive(tx, request.executive)
    await _may_be_written_to(tx, key, request)
    prospect_id, account_id = await _put_person(app, tx, key, request, rep)
    deal_id = await deals.put(
        tx,
        account_id=account_id,
        name=request.deal_name or request.deal.get("product") or "The lost deal",
        lost_at=request.lost_at or now,
        facts=request.deal,
        now=now,
    )
    sequence = published.content.sequence
    if await enrollments.live_in(tx, prospect_id, request.sequence):
        raise Conflict(f"{request.email} is already enrolled in {request.sequence}")
    place = (await prospects.get(tx, prospect_id)).place
    enrollment_id = await enrollments.add(
        tx,
        now=now,
        prospect_id=prospect_id,
        deal_id=deal_id,
        sequence=request.sequence,
        mailbox_id=rep.id,
        executive_mailbox_id=executive.id if executive else None,
        started_at=now,
        ends_at=planning.ends(now, sequence, place),
    )
    case = await enrollments.case(tx, enrollment_id)
    await courses.put_plans(tx, case, sequence, planning.opening(courses.course_of(case, sequence)))
    await events.add(
        tx,
        "enrollment.active",
        f"enrolled in {request.sequence}, from {rep.address}",
        at=now,
        prospect_id=prospect_id,
        enrollment_id=enrollment_id,
    )
    return case.enrollment


def check(request: Request, now: datetime) -> None:
    """Refuse what cannot be right, with one line that names it."""
    if request.zone:
        zone(request.zone)
    if request.country and not is_known_country(request.country):
        raise InvalidInput(f"{request.country!r} is not a country code such as DE or US")
    if request.lost_at and request.lost_at > now + LATEST_LOSS:
        raise InvalidInput(f"the deal cannot have been lost in the future: {request.lost_at:%Y-%m-%d}")
    if request.size is not None and request.size < 1:
        raise InvalidInput(f"a company has at least one person: {request.size}")
    if request.language and not (len(request.language) == 2 and request.language.isalpha()):
        raise InvalidInput(f"{request.language!r} is not a language code such as en or de")
    end = request.deal.get("competitor_contract_end")
    if isinstance(end, date) and end < now.date():
        raise InvalidInput(f"the competitor's contract ended already: {end}")


async def of_address(tx: AsyncConnection, email: str) -> list[Enrollment]:
    """The live enrollments of an address; raises NotFound where there is none."""
    prospect = await prospects.find(tx, normalize(email))
    if prospect is None:
        raise NotFound(f"nobody of the address {email} was ever enrolled")
    return [e for e in await enrollments.of_prospect(tx, prospect.id) if e.state in LIVE]


async def change(app: App, email: str, fact: Fact, why: str, until: datetime | None = None) -> int:
    """Pause, resume, stop or remove every live enrollment of an address; gives how many changed.

    Raises NotFound, or Conflict where nothing is left to change.
    """
    changed = 0
    async with app.db.write() as tx:
        live = await of_address(tx, email)
        for enrollment in live:
            if fact is Fact.RESUME:
                changed += await transitions.resume(app, tx, enrollment.id, why)
            else:
                changed += await transitions.apply(app, tx, enrollment.id, fact, why, resume_at=until)
    if not changed:
        states = ", ".join(f"{e.sequence}: {e.state}" for e in live) or "not enrolled any more"
        raise Conflict(f"nothing to {fact} for {email} ({states})")
    return changed


async def opt_out(app: App, enrollment_id: int, source: str) -> None:
    """Somebody used an opt-out link: nobody writes to this address again. Twice is as good as once.

    Raises NotFound for an enrollment that does not exist.
    """
    async with app.db.write() as tx:
        case = await enrollments.case(tx, enrollment_id)
        why = "asked not to be written to"
        await prospects.suppress(
            tx, normalize(case.prospect.email), reason=why, source=source, now=app.clock()
        )
        await prospects.set_status(tx, case.prospect.id, ProspectStatus.UNSUBSCRIBED)
        for other in await enrollments.of_prospect(tx, case.prospect.id):
            await transitions.apply(app, tx, other.id, Fact.OPT_OUT, why)


async def _mailbox(tx: AsyncConnection, address: str | None, role: From) -> Mailbox:
    """The mailbox of this address, or the only one of its role."""
    if address is not None:
        found = await mailboxes.find(tx, normalize(address))
        if found is None:
            raise NotFound(f"there is no mailbox {address}; see `cadence mailbox list`")
        return found
    candidates = [m for m in await mailboxes.all_of(tx) if m.role is role]
    if not candidates:
        raise NotFound("there is no mailbox to send from yet; see `cadence mailbox add`")
    if len(candidates) > 1:
        names = ", ".join(m.address for m in candidates)
        raise InvalidInput(f"say which mailbox it is to be sent from: {names}")
    return candidates[0]


async def _executive(tx: AsyncConnection, address: str | None) -> Mailbox | None:
    try:
        return await _mailbox(tx, address, From.EXECUTIVE)
    except NotFound:
        if address is not None:
            raise
        return None


async def _may_be_written_to(tx: AsyncConnection, key: str, request: Request) -> None:
    reason = await prospects.suppression(tx, key)
    if reason:
        raise Conflict(f"{request.email} is suppressed: {reason}")
    if key in await prospects.unwritable(tx, [key]):
        raise Conflict(f"{request.email} cannot be reached: an earlier mail bounced")
    if key in await mailboxes.address_keys(tx):
        raise InvalidInput(f"{request.email} is a mailbox of our own")


async def _put_person(
    app: App, tx: AsyncConnection, key: str, request: Request, rep: Mailbox
) -> tuple[int, int]:
    now = app.clock()
    domain = domain_of(key)
    account_id = await prospects.put_account(
        tx,
        key=" ".join((request.company or domain).casefold().split()),
        name=request.company or domain,
        domain=domain,
        industry=request.industry,
        size=request.size,
        now=now,
    )
    known = await prospects.find(tx, key)
    guess = zone_of_country(request.country) or (None if known else rep.place.zone)
    facts = {
        "first_name": request.first_name,
        "last_name": request.last_name,
        "title": request.title,
        "language": request.language,
        "zone": request.zone or guess,
        "country": request.country or (None if known else rep.place.country),
        "region": request.region,
    }
    prospect_id = await prospects.put(
        tx, account_id=account_id, email=request.email.strip(), email_key=key, facts=facts, now=now
    )
    person = await prospects.get(tx, prospect_id)
    return prospect_id, person.account_id
