"""People named in replies: shown with the words, enrolled, and whoever named them is thanked for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.model import Enrollment, ProspectStatus, TaskKind
from cadence.core.people import Actor
from cadence.service import enrolling
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.store import audit, deal_outcomes, suggestions, tasks
from cadence.store.suggestions import Source, Suggestion

REFERRAL = "referral"
"""The kind of suggestion, and the sequence that is for those who were referred."""
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


async def enroll(app: App, actor: Actor, suggestion_id: int, choice: Choice) -> Enrollment:
    """Enroll somebody who was named, by the rep of whoever named them, and keep by whom.

    Raises NotFound, Conflict where they are enrolled already, and what `enrolling.enroll` raises.
    """
    async with app.db.write() as tx:
        one = await suggestions.find(tx, suggestion_id)
        if one is None:
            raise NotFound(f"there is no suggestion {suggestion_id}; see `cadence suggestions list`")
        if one.deal_id is not None:
            raise Conflict(f"suggestion {suggestion_id} was enrolled before")
        request = _request(one, choice)
        enrollment = await enrolling.enroll_in(app, tx, request)
        await suggestions.enrolled(tx, one.id, enrollment.deal_id)
        if all(other.deal_id for other in await suggestions.of_reply(tx, one.source.inbound_id)):
            for kind in (TaskKind.REFERRAL, TaskKind.SUCCESSOR):
                about = one.source.inbound_id
                await tasks.close_about(tx, kind, "enrolled", now=app.clock(), inbound_id=about)
        subject = f"{request.email} in {request.sequence}, named by {one.source.email}"
        await audit.record(tx, actor, "suggestion.enrolled", subject, at=app.clock())
    return enrollment


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
    seat, deal = one.source.company, one.source.deal
    return Request(sequence=choice.sequence, company=seat, deal_name=deal, **person)


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


async def ask_to_thank(app: App, tx: AsyncConnection, deal_id: int) -> None:
    """A deal is won: whoever referred it is to be thanked, unless they want no mail."""
    won = await deal_outcomes.find(tx, deal_id)
    for one in await suggestions.that_brought(tx, deal_id):
        if won is None or one.kind != REFERRAL or one.source.status in _NOT_TO_BE_WRITTEN_TO:
            continue
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
    return {"id": one.id, **named, "by": by, **said, "deal_id": one.deal_id}
