"""People named in replies: shown with the words, enrolled, and whoever named them is thanked for it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.model import Enrollment, ProspectStatus, TaskKind
from cadence.core.people import Actor, User
from cadence.service import enrolling
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.service.requests import Request
from cadence.store import audit, deal_outcomes, events, prospects, suggestions, tasks
from cadence.store.moves import MOVED
from cadence.store.suggestions import Source, Suggestion

REFERRAL = "referral"
"""The kind of suggestion, and the sequence that is for those who were referred."""
PART = 50
_NOT_TO_BE_WRITTEN_TO = (ProspectStatus.UNSUBSCRIBED, ProspectStatus.FORGOTTEN)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person adds to a suggestion. email, country: where the reply does not say; sequence: where they
    were not referred; names_source: whoever named them allowed us to say so.
    """

    email: str | None = None
    country: str | None = None
    sequence: str | None = None
    names_source: bool = False


async def show(app: App, *, every: bool = False) -> list[dict[str, Any]]:
    """Those who wait for a decision, or everybody who was ever named: who, by whom, in which words."""
    async with app.db.read() as tx:
        found = await (suggestions.every(tx) if every else suggestions.waiting(tx))
    return [_plain(one) for one in found]


async def waiting(app: App, user: User) -> list[Suggestion]:
    """Those within reach who wait for a decision, the newest first."""
    async with app.db.read() as tx:
        return list(reversed(await suggestions.waiting(tx, user)))


async def every(app: App, user: User, *, after: str = "") -> Part[Suggestion]:
    """One part of everybody within reach who was ever named, the newest first."""
    behind = position(after, int)
    before = behind[0] if behind else None
    async with app.db.read() as tx:
        found = await suggestions.every(tx, user, before=before, limit=PART + 1)
    newest = found[::-1]
    return Part(newest[:PART], cursor(newest[PART - 1].id) if len(newest) > PART else None)


async def enroll(
    app: App, actor: Actor, suggestion_id: int, choice: Choice, user: User | None = None
) -> Enrollment:
    """Enroll somebody who was named, by the rep of whoever named them, and keep by whom.

    user: whose reach counts, None for all. Raises NotFound, Conflict where they are enrolled already, and
    what `enrolling.enroll` raises.
    """
    async with app.db.write() as tx:
        one = await _find(tx, suggestion_id, user)
        request = await _followed(tx, one, _request(one, choice))
        enrollment = await enrolling.enroll_in(app, tx, request)
        await suggestions.enrolled(tx, one.id, enrollment.deal_id)
        await _close_where_settled(app, tx, one, "enrolled")
        if one.kind == MOVED:
            await _link(app, tx, one, enrollment, request.email)
        subject = f"{request.email} in {request.sequence}, named by {one.source.email}"
        await audit.record(tx, actor, "suggestion.enrolled", subject, at=app.clock())
    return enrollment


async def dismiss(app: App, actor: Actor, suggestion_id: int, user: User | None = None) -> Suggestion:
    """Leave somebody alone who was named; gives who. user, raises: as in `enroll`."""
    async with app.db.write() as tx:
        one = await _find(tx, suggestion_id, user)
        about = {"prospect_id": one.source.prospect_id, "inbound_id": one.source.inbound_id}
        data, said = {"suggestion": one.id}, f"left alone, said {actor.name}"
        await events.add(tx, suggestions.DISMISSED, said, at=app.clock(), data=data, **about)
        await _close_where_settled(app, tx, one, "done")
        subject = f"{one.email or one.name or 'nobody by name'}, named by {one.source.email}"
        await audit.record(tx, actor, "suggestion.dismissed", subject, at=app.clock())
    return one


async def _find(tx: AsyncConnection, suggestion_id: int, user: User | None) -> Suggestion:
    one = await suggestions.find(tx, suggestion_id, user)
    if one is None:
        raise NotFound(f"there is no suggestion {suggestion_id}; see `cadence suggestions list`")
    if one.deal_id is not None:
        raise Conflict(f"suggestion {suggestion_id} was enrolled before")
    return one


async def _close_where_settled(app: App, tx: AsyncConnection, one: Suggestion, answer: str) -> None:
    """Today asks about a reply no longer once everybody whom it names was enrolled or left alone."""
    named = await suggestions.of_reply(tx, one.source.inbound_id)
    if all(other.deal_id or other.dismissed for other in named):
        for kind in (TaskKind.REFERRAL, TaskKind.SUCCESSOR):
            about = one.source.inbound_id
            await tasks.close_about(tx, kind, answer, now=app.clock(), inbound_id=about)


def _request(one: Suggestion, choice: Choice) -> Request:
    email = choice.email or one.email
    if email is None:
        raise InvalidInput("the reply names no address: say it with --email")
    given, _, family = (one.name or "").partition(" ")
    person: dict[str, Any] = {
        "email": email,
        "mailbox": one.source.mailbox,
        "country": choice.country,
        "first_name": given if family else None,  # of one word nobody knows which name it is
        "last_name": family or None,
    }
    if one.kind == REFERRAL:
        return Request(sequence=choice.sequence or REFERRAL, **person, **_referral(one, choice))
    if choice.names_source:
        raise InvalidInput("only somebody who was referred can be told by whom")
    if choice.sequence is None:
        raise InvalidInput("say with --sequence in which one they are to be enrolled")
    if one.kind == MOVED:
        deal_name = f"After {one.source.company}: {one.source.deal}"
        product = {"product": one.source.product}
        about: dict[str, Any] = {"deal_name": deal_name, "deal": product, "lost_at": one.source.at}
        return Request(sequence=choice.sequence, company=one.company, **about, **person)
    seat, deal = one.source.company, one.source.deal
    return Request(sequence=choice.sequence, company=seat, deal_name=deal, **person)


async def _followed(tx: AsyncConnection, one: Suggestion, request: Request) -> Request:
    """Whoever has moved is written to in the language of before, unless they want no mail."""
    if one.kind != MOVED:
        return request
    if one.source.status in (*_NOT_TO_BE_WRITTEN_TO, ProspectStatus.COMPLAINED):
        raise Conflict(f"{_in_full(one.source)} asked for no more mail, wherever they are now")
    before = await prospects.get(tx, one.source.prospect_id)
    return replace(request, language=before.language)


async def _link(app: App, tx: AsyncConnection, one: Suggestion, enrollment: Enrollment, email: str) -> None:
    """Tell on the pages of both addresses that they are one person's: what happened before stays theirs."""
    source, at = one.source, app.clock()
    about: Any = {"prospect_id": source.prospect_id, "inbound_id": source.inbound_id}
    await events.add(tx, "prospect.moved", f"is {email} now", at=at, **about)
    why = f"was {source.email} at {source.company}: what happened before is there"
    about = {"prospect_id": enrollment.prospect_id, "enrollment_id": enrollment.id}
    await events.add(tx, "prospect.moved", why, at=at, **about)


def _referral(one: Suggestion, choice: Choice) -> dict[str, Any]:
    """A deal of its own for each reply, so that one person's consent speaks for nobody else."""
    source = one.source
    deal = {"product": source.product}
    if choice.names_source:
        if source.name is None:
            raise InvalidInput(f"nobody knows the name of {source.email}: enroll without naming them")
        deal["referred_by"] = f"{source.name} of {source.company}"
    name = f"Referral by reply {source.inbound_id}"
    return {"company": one.company, "deal_name": name, "deal": deal, "lost_at": source.at}


async def to_be_thanked(tx: AsyncConnection, deal_id: int) -> list[Suggestion]:
    """By whose word a deal began, without those who want no mail."""
    named = await suggestions.that_brought(tx, deal_id)
    unwilling = _NOT_TO_BE_WRITTEN_TO
    return [one for one in named if one.kind == REFERRAL and one.source.status not in unwilling]


async def ask_to_thank(app: App, tx: AsyncConnection, deal_id: int) -> None:
    """A deal is won: whoever referred it is to be thanked, unless they want no mail."""
    won = await deal_outcomes.find(tx, deal_id)
    for one in await to_be_thanked(tx, deal_id) if won else ():
        assert won is not None
        text = (
            f"Thank {_in_full(one.source)}: {won.account}, to whom they referred us, is won. "
            f"Send along a copy of the letter of recommendation"
        )
        source = one.source
        about = {"prospect_id": source.prospect_id, "enrollment_id": source.enrollment_id}
        await tasks.add(
            tx, TaskKind.THANK_REFERRER, text, now=app.clock(), inbound_id=source.inbound_id, **about
        )


async def thank_nobody(app: App, tx: AsyncConnection, deal_id: int) -> None:
    """A deal is not won after all."""
    for one in await suggestions.that_brought(tx, deal_id):
        about, now = one.source.inbound_id, app.clock()
        await tasks.close_about(tx, TaskKind.THANK_REFERRER, "it is not won", now=now, inbound_id=about)


def _in_full(source: Source) -> str:
    return f"{source.name} <{source.email}>" if source.name else source.email


def _plain(one: Suggestion) -> dict[str, Any]:
    source = one.source
    by = {"name": source.name, "email": source.email, "company": source.company}
    named = {"kind": one.kind, "name": one.name, "email": one.email, "company": one.company}
    said = {"at": source.at.isoformat(), "words": source.words}
    return {"id": one.id, **named, "by": by, **said, "deal_id": one.deal_id, "dismissed": one.dismissed}
