"""Whom something new is for: everybody who left for want of it, with the words that show it, and who is
better left in peace, and why.

Companies are looked at whole, since one person of each is told; and in portions, each by a few statements.
"""

from collections.abc import AsyncIterator, Mapping
from collections.abc import Sequence as Rows
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent
from cadence.core.calendar import local
from cadence.core.legal import missing
from cadence.core.model import ProspectStatus
from cadence.core.news import Answers, Loss, Reader, Said, against, proof
from cadence.core.people import User
from cadence.core.relevance import Profile, choose
from cadence.service import grounds
from cadence.service.app import App
from cadence.service.writing import written_in
from cadence.store import enrollments, leavers, news
from cadence.store.enrollments import Case
from cadence.store.news import News

PORTION = 250
"""Companies that are looked at by the same few statements."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a deal that was lost for this. proof: the words that show it; against: why they are left in
    peace, None where they may get the mail; why: what speaks for the story; declined: who said no, where
    somebody did; mailbox: that writes; place: whoever has a smaller one stands before them: who may be told,
    then who answered last.
    """

    prospect_id: int
    email: str
    company: str
    deal_id: int
    deal: str
    proof: str
    against: str | None
    why: str
    declined: str | None
    case: Case
    mailbox: str
    place: tuple[bool, float, int]

    @property
    def is_open(self) -> bool:
        """Whether nothing but a yes is missing."""
        return self.against is None and self.declined is None

    @property
    def account_id(self) -> int:
        """Their company."""
        return self.case.account.id


@dataclass(frozen=True, slots=True)
class Teller:
    """Something new, and the sequence that tells it; user: whose reach counts, None for all."""

    news: News
    content: SequenceContent
    user: User | None


async def every(app: App, tx: AsyncConnection, teller: Teller) -> AsyncIterator[list[Person]]:
    """Everybody within reach who left for this and was not told of it yet, portion by portion."""
    after = 0
    while ids := await leavers.companies(tx, after=after, limit=PORTION):
        yield await of_companies(app, tx, teller, ids)
        after = ids[-1]


async def of_companies(app: App, tx: AsyncConnection, teller: Teller, account_ids: Rows[int]) -> list[Person]:
    """Everybody at these companies who left for this and was not told yet, those who may be told first."""
    one, user, now = teller.news, teller.user, app.clock()
    proofs = await _proofs(tx, account_ids, Answers.parse(one.answers), user)
    if not proofs:
        return []
    told = await news.told_at(tx, sequence_of(one.id), account_ids)
    had = {row.prospect_id for row in told}
    rows = [
        row
        for row in await leavers.people_of(tx, account_ids, proofs, user)
        if row.status != ProspectStatus.FORGOTTEN and row.prospect_id not in had
    ]
    declined = await news.declined(tx, one.id, account_ids)

    def is_last(row: Any) -> bool:
        ruled_out = against(_reader(row, proofs[row.deal_id][0].outcome), now)
        return ruled_out is not None or row.prospect_id in declined

    known = await _known(tx, rows)
    readers = _Readers(app, teller.content, told={row.account_id for row in told})
    found = [
        readers.person(row, known, *proofs[row.deal_id], declined.get(row.prospect_id))
        for row in sorted(rows, key=is_last)
    ]
    return sorted(found, key=lambda person: (not person.is_open, person.against is not None))


def sequence_of(news_id: int) -> str:
    """The name of the sequence that tells it."""
    return f"whats-new-{news_id}"


def _reader(row: Any, outcome: str | None) -> Reader:
    return Reader(
        status=ProspectStatus(row.status),
        outcome=outcome,
        suppressed=row.suppressed,
        unreachable=row.unreachable,
        paused=row.paused,
        last_mail=row.last_mail,
        last_reply=row.last_reply,
    )


async def _proofs(
    tx: AsyncConnection, account_ids: Rows[int], answers: Answers, user: User | None
) -> dict[int, tuple[Any, str]]:
    """Deal → its row, and the words that show that it was lost for this."""
    rows = await leavers.lost(tx, account_ids, answers.reason, user, by_words=bool(answers.terms))
    said = await leavers.said(tx, [row.id for row in rows])
    found = {}
    for row in rows:
        notes = (row.reason, row.missing, row.product, row.name, row.outcome_reason)
        heard = tuple(
            Said(frozenset(verdict["loss_reasons"]), verdict["text"])
            for verdict in said.get(row.id, ())
            if verdict
        )
        if shown := proof(answers, Loss(row.reason, tuple(filter(None, notes)), heard)):
            found[row.id] = (row, shown)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides whether the story fits, for all at once: enrollments by id, stories by company, reasons by
    person.
    """

    cases: Mapping[int, Case]
    stories: Mapping[int, set[str]]
    reasons: Mapping[int, tuple[str, ...]]


async def _known(tx: AsyncConnection, rows: Rows[Any]) -> _Known:
    return _Known(
        await enrollments.cases(tx, [row.enrollment_id for row in rows]),
        await leavers.stories_of(tx, [row.account_id for row in rows]),
        await leavers.reasons_of(tx, [row.prospect_id for row in rows]),
    )


class _Readers:
    """Says of one after the other whether they are told. told: companies where somebody was."""

    def __init__(self, app: App, content: SequenceContent, told: set[int]) -> None:
        self._now, self._content, self._told = app.clock(), content, told
        self._next: dict[int, str] = {}
        self._stories = [story.facts for story in content.stories]

    def person(self, row: Any, known: _Known, deal: Any, shown: str, declined: str | None) -> Person:
        case = known.cases[row.enrollment_id]
        why_not, why = self._against(row, deal.outcome, case), ""
        if why_not is None and declined is None and (other := self._next.get(row.account_id)):
            why_not = f"capped: {other} of the same company gets it"
        if why_not is None:
            profile = self._profile(case, known.reasons.get(row.prospect_id, ()))
            had = known.stories.get(row.account_id, ())
            choice = choose(self._stories, profile, had, self._now.date())
            why = choice.why if choice else ""
            why_not = None if choice else "the story does not fit them, or their company has had it"
        if why_not is None and declined is None:
            self._next[row.account_id] = row.email
        return Person(
            row.prospect_id,
            row.email,
            case.account.name,
            deal.id,
            deal.name,
            shown,
            why_not,
            why,
            declined,
            case,
            row.mailbox,
            (why_not is not None, -row.last_reply.timestamp() if row.last_reply else 0.0, row.enrollment_id),
        )

    def _against(self, row: Any, outcome: str | None, case: Case) -> str | None:
        reader = _reader(row, outcome)
        place = case.prospect.place
        ground = grounds.of(case, self._content.sequence)
        why_not = against(reader, self._now) or missing(ground, place.country, local(self._now, place).date())
        if why_not is None and row.account_id in self._told:
            return "capped: somebody of the same company gets it"
        return why_not

    def _profile(self, case: Case, reasons: tuple[str, ...]) -> Profile:
        return Profile(
            industry=case.account.industry,
            size=case.account.size,
            loss_reasons=(*reasons, case.deal.reason) if case.deal.reason else reasons,
            language=written_in(self._content, case.prospect.language),
        )
