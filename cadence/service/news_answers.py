"""A yes or a no to telling people something new: for some of them, or for everybody who waits, in portions.

Each portion is a transaction: it looks at its companies anew, so that a yes which is said twice, or is cut
off and said again, reaches nobody twice.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from collections.abc import Sequence as Rows
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.files import digest
from cadence.core.address import normalize
from cadence.core.errors import CadenceError, Conflict, NotFound
from cadence.core.news import Answers
from cadence.core.people import Actor, User
from cadence.service import admission, news_content, news_readers
from cadence.service.app import App
from cadence.service.news_readers import PORTION, Person, Teller, sequence_of
from cadence.service.requests import Request
from cadence.service.whats_new import teller_of
from cadence.store import audit, events, leavers, news, prospects, revisions
from cadence.store.news import News


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it. count: how many get the mail, or are left in peace; refused: of those who were asked
    for, who does not get it, and why.
    """

    count: int
    refused: Rows[Person] = ()


Answer = Callable[
    [App, AsyncConnection, Teller, Rows[int], Collection[int] | None, Actor], Awaitable[Answered]
]
"""`tell` or `spare`: answers for the people of some companies."""


async def approve(
    app: App, actor: Actor, news_id: int, who: Collection[int] | None = None, user: User | None = None
) -> Answered:
    """Let people have the mail.

    who: prospects, also such as somebody said no to; None: everybody who waits for a yes. user: whose reach
    counts, None for all. Raises NotFound, Conflict where nobody is left to tell.
    """
    await publish(app, news_id)
    return await _answer(app, actor, news_id, who, user, tell)


async def decline(
    app: App, actor: Actor, news_id: int, who: Collection[int] | None = None, user: User | None = None
) -> Answered:
    """Leave people in peace who would get the mail. who, user: see `approve`.

    Raises NotFound, Conflict where nobody is left.
    """
    return await _answer(app, actor, news_id, who, user, spare)


async def prospects_of(app: App, emails: Iterable[str]) -> set[int]:
    """Who has these addresses; raises NotFound for one that nobody has, InvalidInput for none at all."""
    found = set()
    async with app.db.read() as tx:
        for email in emails:
            person = await prospects.find(tx, normalize(email))
            if person is None:
                raise NotFound(f"nobody has the address {email}")
            found.add(person.id)
    return found


async def publish(app: App, news_id: int) -> None:
    """Make the sequence that is to tell it, in a transaction before the yes: who says yes again after a fault
    in between finds it there. Raises NotFound.
    """
    name = sequence_of(news_id)
    async with app.db.write() as tx:
        one = (await teller_of(app, tx, news_id, None)).news
        if name in await revisions.heads(tx):
            return
        snapshot = await news_content.snapshot(tx, news_id, Answers.parse(one.answers), one.story)
        await revisions.add(tx, sequence=name, digest=digest(snapshot), files=snapshot, now=app.clock())
        data = {"sequence": name}
        await events.add(tx, "sequence.published", f"{name}: {one.answers}", at=app.clock(), data=data)


async def tell(
    app: App,
    tx: AsyncConnection,
    teller: Teller,
    account_ids: Rows[int],
    who: Collection[int] | None,
    actor: Actor,
) -> Answered:
    """Let people of these companies have the mail, one of each. who: of them, None for all who wait."""
    people = await news_readers.of_companies(app, tx, teller, account_ids)
    asked = [one for one in people if (one.is_open if who is None else one.prospect_id in who)]
    chosen = _one_a_company(one for one in asked if one.against is None)
    results = await admission.admit(app, tx, [_request(teller.news, one) for one in chosen])
    faults = {
        one.prospect_id: str(result)
        for one, result in zip(chosen, results, strict=True)
        if isinstance(result, CadenceError)
    }
    let_in = {one.prospect_id for one in chosen if one.prospect_id not in faults}
    if let_in:
        await news.approve(tx, teller.news.id, len(let_in), app.clock())
    refused = [_refused(one, faults) for one in asked if one.prospect_id not in let_in]
    return Answered(len(let_in), refused)


async def spare(
    app: App,
    tx: AsyncConnection,
    teller: Teller,
    account_ids: Rows[int],
    who: Collection[int] | None,
    actor: Actor,
) -> Answered:
    """Leave people of these companies in peace who would get the mail. who: of them, None for all."""
    people = await news_readers.of_companies(app, tx, teller, account_ids)
    chosen = [one for one in people if one.is_open and (who is None or one.prospect_id in who)]
    data, why = {"news": teller.news.id}, f"{actor.name} said no"
    about = {"kind": news.DECLINED, "why": why, "at": app.clock(), "data": data}
    await events.add_many(tx, [about | {"prospect_id": one.prospect_id} for one in chosen])
    return Answered(len(chosen))


async def record(app: App, tx: AsyncConnection, actor: Actor, one: News, answer: Answer, whom: str) -> None:
    """Write into the audit trail what was said, and for whom."""
    verb = "approved" if answer is tell else "declined"
    await audit.record(tx, actor, f"news.{verb}", f"{one.answers}: {one.story}, for {whom}", at=app.clock())


async def _answer(
    app: App, actor: Actor, news_id: int, who: Collection[int] | None, user: User | None, answer: Answer
) -> Answered:
    count, refused = 0, list[Person]()
    async for ids in _portions(app, who):
        async with app.db.write() as tx:
            teller = await teller_of(app, tx, news_id, user)
            done = await answer(app, tx, teller, ids, who, actor)
            if done.count and (who is not None or not count):
                whom = "everybody who waited" if who is None else str(done.count)
                await record(app, tx, actor, teller.news, answer, whom)
        count += done.count
        refused += done.refused
    if not count:
        raise Conflict(f"nobody is left to be told of {news_id}")
    return Answered(count, refused)


async def _portions(app: App, who: Collection[int] | None) -> AsyncIterator[Rows[int]]:
    """Companies: of these people, or all."""
    after = 0
    async with app.db.read() as tx:
        theirs = await leavers.companies_of(tx, who) if who is not None else None
    while True:
        if theirs is not None:
            ids, theirs = theirs[:PORTION], theirs[PORTION:]
        else:
            async with app.db.read() as tx:
                ids = await leavers.companies(tx, after=after, limit=PORTION)
        if not ids:
            return
        yield ids
        after = ids[-1]


def _one_a_company(people: Iterable[Person]) -> list[Person]:
    first: dict[int, Person] = {}
    for person in people:
        first.setdefault(person.account_id, person)
    return list(first.values())


def _request(one: News, person: Person) -> Request:
    deal = person.case.deal
    return Request(
        person.email, sequence_of(one.id), deal_name=deal.name, lost_at=deal.lost_at, mailbox=person.mailbox
    )


def _refused(person: Person, faults: dict[int, str]) -> Person:
    why = faults.get(person.prospect_id) or person.against or "capped: a colleague gets it"
    return replace(person, against=why)
