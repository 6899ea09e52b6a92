"""Whom a forecast is for: a made-up person, a sample of the sequence, or somebody who is in the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent
from cadence.content.samples import Sample
from cadence.core import outlook
from cadence.core.address import normalize
from cadence.core.calendar import add
from cadence.core.errors import Conflict, NotFound
from cadence.core.forecast import forecast
from cadence.core.lifecycle import LIVE
from cadence.core.model import Enrollment, EnrollmentState, Mailbox, MailboxState, Place
from cadence.core.outlook import Answer, Entry, Shelf
from cadence.core.planning import Course
from cadence.core.relevance import Profile
from cadence.core.sequence import Duration, From, Sequence, Unit
from cadence.service import courses, grounds, writing
from cadence.service.app import App
from cadence.store import bulk, correspondence, enrollments, messages, prospects
from cadence.store.enrollments import Case


@dataclass(frozen=True, slots=True)
class Supposed:
    """A person of whom only this is supposed. lost_at: when they are enrolled, too, unless `start` is given.

    start: when they are enrolled; ships: when what was missing will be there; executive: whether somebody
    else can sign what the rep does not.
    """

    name: str
    lost_at: datetime
    place: Place
    start: datetime
    contract_end: date | None = None
    profile: Profile = field(default_factory=Profile)
    executive: bool = True
    ships: date | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A forecast with what it was made for; stands: of somebody enrolled, where they stand now."""

    sequence: str
    name: str
    place: Place
    start: datetime
    until: datetime
    entries: tuple[Entry, ...]
    stands: str | None = None


def suppose(
    content: SequenceContent, person: Supposed, *, months: int, answers: Iterable[Answer] = ()
) -> Calendar:
    """What would follow if such a person were enrolled."""
    case = case_of(content.sequence, person, Shelf(story.facts for story in content.stories))
    until = add(person.start, Duration(months, Unit.MONTHS), person.place)
    entries = forecast(case, now=person.start, until=until, answers=answers)
    return Calendar(content.sequence.name, person.name, person.place, person.start, until, tuple(entries))


def case_of(sequence: Sequence, person: Supposed, shelf: Shelf) -> outlook.Case:
    """A made-up enrollment, with mailboxes that may write at any time."""
    dates = {
        "deal.lost_at": person.lost_at,
        "deal.competitor_contract_end": person.contract_end,
        "deal.missing_ships": person.ships,
    }
    state, executive = EnrollmentState.ACTIVE, 0 if person.executive else None
    enrollment = Enrollment(0, 0, 0, sequence.name, 0, executive, state, person.start)
    return outlook.Case(
        course=Course(sequence, person.place, person.start, dates),
        enrollment=enrollment,
        rep=_MADE_UP,
        executive=_MADE_UP if person.executive else None,
        profile=person.profile,
        shelf=shelf,
    )


_MADE_UP = Mailbox(0, "rep@cadence.invalid", "Rep", From.REP, "", "", "", datetime(2000, 1, 1, tzinfo=UTC))


def profile_of_sample(content: SequenceContent, sample: Sample) -> Profile:
    """What a story must fit, as a sample tells it."""
    account, deal = sample.context.get("account") or {}, sample.context.get("deal") or {}
    size, reason, industry = account.get("size"), deal.get("reason"), account.get("industry")
    return Profile(
        industry=industry if isinstance(industry, str) else None,
        size=size if isinstance(size, int) else None,
        loss_reasons=(reason,) if isinstance(reason, str) else (),
        language=writing.written_in(content, sample.language),
    )


def sample_of(content: SequenceContent, name: str) -> Sample | None:
    """The sample of this name, address or company, in any case; None where there is none."""
    wanted = name.casefold().strip()
    for sample in content.samples:
        prospect, account = sample.context.get("prospect") or {}, sample.context.get("account") or {}
        names = (sample.name, prospect.get("email"), prospect.get("name"), account.get("name"))
        if wanted in (str(each).casefold() for each in names if each):
            return sample
    return None


def nobody(content: SequenceContent, name: str, *, database: bool) -> NotFound:
    """Nobody is called that; says whom there is to choose from."""
    samples = ", ".join(sample.name for sample in content.samples) or "none"
    where = "neither a sample nor somebody in the database" if database else "no sample"
    return NotFound(f"{name!r} is {where}; the samples of {content.sequence.name} are: {samples}")


async def for_prospect(
    app: App, content: SequenceContent, email: str, *, months: int, answers: Iterable[Answer] = ()
) -> Calendar | None:
    """What follows for somebody in the database: from where they stand, or as if enrolled now.

    None for somebody unknown. Raises Conflict for somebody known who has no lost deal yet.
    """
    async with app.db.read() as tx:
        prospect = await prospects.find(tx, normalize(email))
        if prospect is None:
            return None
        known = await enrollments.of_prospect(tx, prospect.id)
        if not known:
            raise Conflict(f"{email} was never enrolled, so no lost deal is known")
        name = content.sequence.name
        live = [e for e in known if e.sequence == name and e.state in LIVE]
        case = await enrollments.case(tx, (live or known)[-1].id)
        future = await future_of(app, tx, case, content, afresh=not live)
    now = app.clock()
    until = add(now, Duration(months, Unit.MONTHS), prospect.place)
    entries = forecast(future, now=now, until=until, answers=answers)
    stands = f"{live[-1].state}: {live[-1].state_reason or 'enrolled'}" if live else None
    return Calendar(name, email, prospect.place, now, until, tuple(entries), stands)


async def future_of(
    app: App, tx: AsyncConnection, case: Case, content: SequenceContent, *, afresh: bool = False
) -> outlook.Case:
    """An enrollment as a forecast needs it; afresh: as if the person were enrolled now, once more."""
    now = app.clock()
    enrollment, ends_at, waiting, left = case.enrollment, case.ends_at, None, frozenset[str]()
    if afresh:
        enrollment = replace(
            enrollment, id=0, state=EnrollmentState.ACTIVE, started_at=now, heard=frozenset(), resume_at=None
        )
        ends_at = add(now, content.sequence.ends, case.prospect.place)
    else:
        waiting = await messages.open_of(tx, enrollment.id)
        mails = await messages.of_enrollment(tx, enrollment.id)
        left = frozenset(mail.step for mail in mails if mail.state in messages.LEFT)
    key = normalize(case.prospect.email)
    last = await prospects.last_mail(tx, case.prospect.id, case.account.id)
    place = case.prospect.place
    return outlook.Case(
        course=Course(content.sequence, place, enrollment.started_at, courses.dates_of(case.deal)),
        enrollment=enrollment,
        rep=_working(case.mailbox),
        executive=_working(case.executive) if case.executive else None,
        profile=await writing.profile_of(tx, case, content),
        shelf=Shelf(story.facts for story in content.stories),
        stories_sent=frozenset(await correspondence.stories_sent(tx, case.account.id)),
        waiting=waiting,
        left=left,
        ends_at=ends_at,
        last_to_prospect=last.to_prospect,
        last_to_account=last.to_account,
        suppressed=(await bulk.suppressed(tx, [key])).get(key),
        unreachable=(await bulk.known_people(tx, [key]))[key].unreachable,
        ground=grounds.of(case, content.sequence),
    )


def _working(mailbox: Mailbox) -> Mailbox:
    """A forecast takes it that a mailbox at rest is mended by then."""
    return replace(mailbox, state=MailboxState.ACTIVE)
