"""Something new is told to those who left for want of it: shown with the reasons, and sent after a yes.

Each gets one mail: a story, by a sequence of one step that is made for it and published like any other. So
it waits in the ordinary queue, behind every guard and cap, and reaches a company at most once. Everybody
decides about the people within their own reach.
"""

from collections.abc import Sequence as Rows
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.render import Rendered
from cadence.core.errors import NotFound
from cadence.core.news import Answers
from cadence.core.people import Actor, User
from cadence.service import counting, news_content, news_readers, news_survey, writing
from cadence.service.app import App
from cadence.service.news_readers import Person, Teller, sequence_of
from cadence.service.news_survey import MOST, Survey
from cadence.store import audit, leavers, news
from cadence.store.news import News


@dataclass(frozen=True, slots=True)
class Start:
    """Where a part of each list begins. waiting, others: how many stand before; told: the last enrollment
    that was shown, None at the beginning.
    """

    waiting: int = 0
    others: int = 0
    told: int | None = None


BEGINNING = Start()


@dataclass(frozen=True, slots=True)
class Outlook:
    """Something new, and a part of the people that it is for, as they stand now.

    waiting: who would get the mail; others: who would not, and why; told: rows of `news.told`; survey: how
    many they are of each kind, None while that is counted for the first time; counted_at: when that was.
    """

    news: News
    waiting: Rows[Person] = ()
    others: Rows[Person] = ()
    told: Rows[Any] = ()
    survey: Survey | None = None
    counted_at: datetime | None = None

    @property
    def people(self) -> list[Person]:
        """Both, who would get the mail first."""
        return [*self.waiting, *self.others]


async def add(app: App, actor: Actor, answers: str, story: str) -> int:
    """Keep something new until somebody says yes; gives its number. Raises InvalidInput, NotFound (story)."""
    wanted = Answers.parse(answers)
    async with app.db.write() as tx:
        await news_content.snapshot(tx, 0, wanted, story)
        made = await news.add(tx, answers=str(wanted), story=story, actor=actor.name, now=app.clock())
        await audit.record(tx, actor, "news.added", f"{wanted}: {story}", at=app.clock())
    return made


async def every(app: App) -> list[News]:
    """All that was ever new, the newest first."""
    async with app.db.read() as tx:
        return await news.every(tx)


async def stories(app: App) -> list[str]:
    """The names of all published stories."""
    async with app.db.read() as tx:
        return sorted(await news_content.stories(tx))


async def show(
    app: App,
    news_id: int,
    user: User | None = None,
    *,
    start: Start = BEGINNING,
    limit: int = MOST,
    patience: float | None = None,
) -> Outlook:
    """Who would get the mail now, who not, and who did; changes nothing. Raises NotFound.

    user: whose reach counts, None for all; limit: of each kind; patience: seconds to wait for the first
    count where companies are many, None: whoever asks wants it exactly.
    """
    async with app.db.read() as tx:
        teller = await teller_of(app, tx, news_id, user)
        if patience is None or await news_survey.are_few(tx):
            found, counted_at = await news_survey.survey(app, tx, teller), None
            return await _outlook(app, tx, teller, found, start, limit, counted_at)
        key = await news_survey.key(tx, teller)

    async def count(tx: AsyncConnection) -> dict[str, Any]:
        return (await news_survey.survey(app, tx, teller)).plain()

    kept = await counting.kept(app, key, count, patience=patience)
    if kept is None:
        return Outlook(teller.news)
    async with app.db.read() as tx:
        return await _outlook(app, tx, teller, Survey.of(kept.body), start, limit, kept.made_at)


async def _outlook(
    app: App,
    tx: AsyncConnection,
    teller: Teller,
    found: Survey,
    start: Start,
    limit: int,
    counted_at: datetime | None,
) -> Outlook:
    """A part of those who came first when they were counted, looked at anew."""
    here = found.waiting.companies(start.waiting, limit)
    there = found.others.companies(start.others, limit)
    people = await news_readers.of_companies(app, tx, teller, sorted({*here, *there}))
    waiting = [one for one in people if one.is_open and one.account_id in here]
    wanted, known = found.others.ids(start.others, limit), found.others.ids()
    others = [
        one
        for one in people
        if not one.is_open
        and (one.prospect_id in wanted or (one.account_id in here and one.prospect_id not in known))
    ]
    told = await news.told(tx, sequence_of(teller.news.id), teller.user, before=start.told, limit=limit)
    return Outlook(teller.news, _in_order(waiting), _in_order(others), told, found, counted_at)


def _in_order(people: list[Person]) -> list[Person]:
    return sorted(people, key=lambda one: one.place)


async def teller_of(app: App, tx: AsyncConnection, news_id: int, user: User | None) -> Teller:
    """What is to be told, and by which sequence; raises NotFound."""
    found = await news.get(tx, news_id)
    if found is None:
        raise NotFound(f"there is nothing new of the number {news_id}; see `cadence whatsnew list`")
    return Teller(found, await news_content.content_of(app, tx, found), user)


async def mail(app: App, news_id: int, prospect_id: int, user: User | None = None) -> tuple[Person, Rendered]:
    """The mail that somebody would get now.

    Raises NotFound, or InvalidInput and ContentError where it cannot be written.
    """
    async with app.db.read() as tx:
        teller = await teller_of(app, tx, news_id, user)
        companies = await leavers.companies_of(tx, [prospect_id])
        people = await news_readers.of_companies(app, tx, teller, companies)
    person = next((each for each in people if each.prospect_id == prospect_id), None)
    if person is None:
        raise NotFound("There is nobody like that to tell.")
    case = person.case
    url, answer = (of(case.enrollment.id) for of in (app.unsubscribe_url, app.answer_url))
    context = writing.context_of(case, case.mailbox, app.policy.company, unsubscribe=url, answer=answer)
    context["thread"] = {"subject": None}
    language = case.prospect.language
    written = teller.content.render(news_content.STEP, context, story=teller.news.story, language=language)
    return person, written
