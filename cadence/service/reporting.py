"""What there is to see: where everything stands, and the whole story of one person; plain data."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent
from cadence.core.address import normalize
from cadence.core.calendar import add, local
from cadence.core.errors import NotFound
from cadence.core.forecast import forecast
from cadence.core.lifecycle import LIVE
from cadence.core.model import Enrollment, Mailbox, OutboundMessage, Prospect, TaskKind
from cadence.core.outlook import Entry
from cadence.core.sequence import Duration, Unit
from cadence.service import courses, forecasting, forgotten, grounds
from cadence.service.answering import ANSWERS
from cadence.service.app import App
from cadence.store import (
    bulk,
    corrections,
    correspondence,
    enrollments,
    events,
    inbound,
    mailboxes,
    messages,
    overview,
    prospects,
    revisions,
    tasks,
)
from cadence.store.enrollments import Case

NEXT = 5
"""How many mails to come the story of a person shows."""


async def status(app: App) -> dict[str, Any]:
    """What runs: sequences, mailboxes, people, the queue, replies, and what waits for a person."""
    now = app.clock()
    async with app.db.read() as tx:
        heads = await revisions.heads(tx)
        by_state = await enrollments.counts(tx)
        return {
            "at": now.isoformat(),
            "sequences": [
                {
                    "name": name,
                    "published": name in heads,
                    "enrollments": {
                        state: n for (each, state), n in sorted(by_state.items()) if each == name
                    },
                }
                for name in sorted({*heads, *(sequence for sequence, _ in by_state)})
            ],
            "mailboxes": [await _mailbox(app, tx, box) for box in await mailboxes.all_of(tx)],
            "prospects": await prospects.counts_by_status(tx),
            "queue": await _queue(tx, now),
            "mails": dict(sorted((await correspondence.counts(tx)).items())),
            "replies": await inbound.counts(tx),
            "tasks": _sums((row.kind, 1) for row in await tasks.opened(tx)),
        }


async def _mailbox(app: App, tx: AsyncConnection, box: Mailbox) -> dict[str, Any]:
    use = await overview.use_of(tx, box.id, courses.midnight(app.clock(), box.place))
    return {
        "address": box.address,
        "role": box.role.value,
        "state": box.state.value,
        "reason": box.state_reason,
        "sent_today": use.sent_today,
        "last_sent_at": _iso(use.last_sent_at),
        "last_read_at": _iso(use.read_at),
    }


async def _queue(tx: AsyncConnection, now: datetime) -> dict[str, Any]:
    """due: mails that should have been looked at by now, oldest_seconds: for how long the first of them."""
    waits = await overview.waiting(tx, now)
    oldest = (now - waits.oldest).total_seconds() if waits.oldest else 0.0
    return {
        "waiting": waits.all,
        "due": waits.due,
        "oldest_seconds": max(round(oldest), 0),
        "next_at": _iso(waits.next),
    }


async def why(app: App, email: str) -> dict[str, Any]:
    """The whole story of a person; raises NotFound, InvalidInput."""
    key = normalize(email)
    async with app.db.read() as tx:
        prospect = await prospects.find(tx, key)
        if prospect is None:
            raise NotFound(await _nobody(app, tx, email, key))
        account = await prospects.get_account(tx, prospect.account_id)
        suppressed = (await bulk.suppressed(tx, [key])).get(key)
        known = (await bulk.known_people(tx, [key]))[key]
        every = await enrollments.of_prospect(tx, prospect.id)
        return {
            "email": prospect.email,
            "name": " ".join(part for part in (prospect.first_name, prospect.last_name) if part) or None,
            "title": prospect.title,
            "company": account.name,
            "status": prospect.status.value,
            "language": prospect.language,
            "zone": prospect.place.zone,
            "country": prospect.place.country,
            "suppressed": suppressed,
            "unreachable": known.unreachable,
            "enrollments": [await _enrollment(app, tx, prospect, one) for one in every],
            "replies": await _replies(tx, await inbound.of_prospect(tx, prospect.id)),
            "decisions": [_event(row) for row in await events.of_prospect(tx, prospect.id)],
            "tasks": [_task(row) for row in await tasks.opened(tx) if row.prospect_id == prospect.id],
        }


async def _nobody(app: App, tx: AsyncConnection, email: str, key: str) -> str:
    if await forgotten.among(app, tx, [key]):
        return f"{email} {forgotten.WHY}"
    reason = (await bulk.suppressed(tx, [key])).get(key)
    also = f", and it is suppressed: {reason}" if reason else ""
    return f"nobody of the address {email} was ever enrolled{also}"


async def _enrollment(app: App, tx: AsyncConnection, prospect: Prospect, one: Enrollment) -> dict[str, Any]:
    case = await enrollments.case(tx, one.id)
    every = await messages.of_enrollment(tx, one.id)
    return {
        "id": one.id,
        "sequence": one.sequence,
        "state": one.state.value,
        "reason": one.state_reason,
        "started_at": _iso(one.started_at),
        "ends_at": _iso(case.ends_at),
        "resume_at": _iso(one.resume_at),
        "heard": sorted(one.heard),
        "mailbox": case.mailbox.address,
        "executive": case.executive.address if case.executive else None,
        "deal": {
            "name": case.deal.name,
            "lost_at": _iso(case.deal.lost_at),
            "product": case.deal.product,
            "reason": case.deal.reason,
            "competitor": case.deal.competitor,
            "competitor_contract_end": _iso(case.deal.competitor_contract_end),
            "amount": case.deal.amount,
            "missing": case.deal.missing,
            "missing_ships": _iso(case.deal.missing_ships),
            "alternative": case.deal.alternative,
            "referred_by": case.deal.referred_by,
        },
        "ground": await _ground(app, tx, case),
        "mails": [_mail(message) for message in every],
        "next": [entry_of(entry) for entry in await _next(app, tx, one)],
    }


async def _ground(app: App, tx: AsyncConnection, case: Case) -> dict[str, Any] | None:
    """On which ground they are written to; None where their sequence is published no more."""
    try:
        sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    except NotFound:
        return None
    place = case.prospect.place
    return grounds.told(grounds.of(case, sequence), place.country, local(app.clock(), place).date())


async def _next(app: App, tx: AsyncConnection, one: Enrollment) -> list[Entry]:
    """What comes next if nobody answers, by the rules of the live path."""
    if one.state not in LIVE:
        return []
    now = app.clock()
    content = (await app.library.published(tx, one.sequence)).content
    case = await forecasting.future_of(app, tx, await enrollments.case(tx, one.id), content)
    until = add(now, Duration(24, Unit.MONTHS), case.course.place)
    return forecast(case, now=now, until=until)[:NEXT]


async def inbox(app: App, limit: int) -> list[dict[str, Any]]:
    """The newest mails that concerned an enrollment, as understood."""
    async with app.db.read() as tx:
        rows = await inbound.latest(tx, limit)
        told = await _replies(tx, rows)
        return [reply | {"prospect": row.email} for reply, row in zip(told, rows, strict=True)]


async def open_tasks(app: App) -> list[dict[str, Any]]:
    """What waits for a person, most urgent first."""
    async with app.db.read() as tx:
        return [_task(row) for row in await tasks.opened(tx)]


def _mail(message: OutboundMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "step": message.step,
        "occurrence": message.occurrence,
        "state": message.state.value,
        "at": _iso(message.sent_at or message.due_at),
        "subject": message.subject,
        "story": message.story,
        "variant": message.variant,
        "why": message.why,
        "outcome": message.outcome,
        "attempts": message.attempts,
        "message_id": message.message_id,
    }


async def _replies(tx: AsyncConnection, rows: list[Any]) -> list[dict[str, Any]]:
    corrected = await corrections.of_replies(tx, [row.id for row in rows])
    return [_reply(row, corrected.get(row.id, [])) for row in rows]


def _reply(row: Any, corrected: list[Any]) -> dict[str, Any]:
    """A received mail; the attributes of its verdict under the names of the vocabulary.

    category: what counts; read_as: what the product read; corrections: what people said, oldest first.
    """
    verdict = dict(row.verdict or {})
    for inside in ("bounce", "odds"):
        verdict.pop(inside, None)
    return {
        "id": row.id,
        "enrollment_id": row.enrollment_id,
        "at": _iso(row.received_at),
        "written_at": _iso(row.written_at),
        "sender": row.sender,
        "subject": row.subject,
        "matched_by": row.matched_by,
        **verdict,
        "category": row.corrected or row.category,
        "corrected": row.corrected is not None,
        "read_as": row.category,
        "corrections": [
            {"category": one.category, "by": one.actor, "at": _iso(one.at), "model": one.model}
            for one in corrected
        ],
        "action": row.action,
        "unreadable": row.unreadable,
    }


def _event(row: Any) -> dict[str, Any]:
    return {"at": _iso(row.at), "kind": row.kind, "why": row.why, "enrollment_id": row.enrollment_id}


def _task(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "text": row.text,
        "prospect": row.email,
        "created_at": _iso(row.created_at),
        "answers": list(ANSWERS[TaskKind(row.kind)]),
    }


def entry_of(entry: Entry) -> dict[str, Any]:
    """One line of a forecast as plain data."""
    return {
        "at": _iso(entry.at),
        "what": entry.what.value,
        "step": entry.step,
        "occurrence": entry.occurrence or None,
        "sender": entry.sender.value if entry.sender else None,
        "story": entry.story,
        "why": entry.why,
    }


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for name, count in sorted(pairs):
        total[name] = total.get(name, 0) + count
    return total


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


async def content_of(app: App, sequence: str) -> SequenceContent | None:
    """The published words of a sequence, None where it was never published."""
    async with app.db.read() as tx:
        try:
            return (await app.library.published(tx, sequence)).content
        except NotFound:
            return None
