"""What is learned from lost deals: counted in the background, and shown with its time (counting.py).

Whose deals they are is part of a count's key, so nobody sees what only another may.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cadence.core.calendar import start_of
from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.core.phrases import fold
from cadence.core.rights import REACH, Reach, Visitor
from cadence.mail.intent.reasons import reasons_in
from cadence.service import counting, tallying
from cadence.service.app import App
from cadence.store import insights, mailboxes, users
from cadence.store.insights import Scope
from cadence.store.reports import Kept

LONGEST_WORDS = 280
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the reader's zone, the last one included; None: without an end."""

    since: date | None = None
    until: date | None = None

    def scope(self, mailbox_ids: tuple[int, ...] | None, zone: str) -> Scope:
        """The instants between which something must have happened."""
        place = Place(zone)
        return Scope(
            mailbox_ids,
            start_of(self.since, place) if self.since else None,
            start_of(self.until + timedelta(days=1), place) if self.until else None,
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What a prospect wrote, cut to the sentence that gives the reason."""

    reason: str
    words: str
    who: str
    account: str
    email: str
    at: datetime


def period_of(since: str, until: str, today: date) -> Period:
    """Read what stands in two fields for days; raises InvalidInput."""
    first, last = (_day(text) for text in (since, until))
    if first and last and first > last:
        raise InvalidInput("The period ends before it begins.")
    return Period(first, None if last is not None and last >= today else last)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is not a day such as 2026-01-31.") from None
    if not 1990 <= day.year < 2200:
        raise InvalidInput(f"{day} is out of reach.")
    return day


async def report(app: App, who: Visitor, period: Period, *, patience: float | None = None) -> Kept | None:
    """What is known, as of when; None while it is counted for the first time.

    patience: seconds to wait for that, as for any count unless said.
    """
    scope = await _scope(app, who, period)
    return await counting.kept(app, repr(scope), lambda tx: tallying.counted(tx, scope), patience=patience)


async def words(app: App, body: dict[str, Any]) -> list[Words]:
    """The newest words that prove each reason of a report, by reason."""
    proofs: dict[str, list[int]] = body["proofs"]
    async with app.db.read() as tx:
        rows = await insights.answers(tx, sorted({one for ids in proofs.values() for one in ids}))
    known = {row.id: row for row in rows}
    return [proof(reason, known[one]) for reason, ids in proofs.items() for one in ids if one in known]


def proof(reason: str, row: Any) -> Words:
    """The sentence of an answer that gives a reason, all of it where none does. row: as the store has it."""
    text, language = row.verdict["text"], row.verdict["language"] or "en"
    sentences = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    proving = (one for one in sentences if reason in reasons_in([fold(one)], language))
    said = next(proving, " ".join(sentences))
    if len(said) > LONGEST_WORDS:
        said = said[:LONGEST_WORDS].rsplit(" ", 1)[0] + " …"
    who = " ".join(part for part in (row.first_name, row.last_name) if part) or row.email
    return Words(reason, said, who, row.account, row.email, row.received_at)


async def undecided(app: App, body: dict[str, Any]) -> list[Any]:
    """The reopened deals of a report of which nobody said yet what became of them."""
    async with app.db.read() as tx:
        rows = await insights.named(tx, body["undecided"])
    order = {deal_id: place for place, deal_id in enumerate(body["undecided"])}
    return sorted((row for row in rows if row.outcome is None), key=lambda row: order[row.id])


async def rep_names(app: App) -> dict[str, str]:
    """Who writes from each mailbox, by its id as reports have it."""
    async with app.db.read() as tx:
        return {str(box.id): f"{box.name} ({box.address})" for box in await mailboxes.ever(tx)}


async def _scope(app: App, who: Visitor, period: Period) -> Scope:
    if REACH[who.user.role] is Reach.ALL:
        return period.scope(None, who.user.zone)
    async with app.db.read() as tx:
        return period.scope(await users.reached_mailboxes(tx, who.user), who.user.zone)
