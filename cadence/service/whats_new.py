"""Something new is told to those who left for want of it: shown with the reasons, and sent after a yes.

Each gets one mail: a story, by a sequence of one step that is made for it and published like any other. So
it waits in the ordinary queue, behind every guard and cap, and reaches a company at most once. Everybody
decides about the people within their own reach.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Sequence as Rows
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent, load
from cadence.content.files import SHARED, STORIES, digest, template_file
from cadence.content.render import Rendered
from cadence.core.errors import CadenceError, Conflict, NotFound
from cadence.core.news import Answers
from cadence.core.people import Actor, User
from cadence.service import admission, news_readers, writing
from cadence.service.app import App
from cadence.service.news_readers import Person
from cadence.service.requests import Request
from cadence.store import audit, events, news, revisions, users
from cadence.store.news import News

STEP = "news"
_SEQUENCE = """name     = "What is new: {answers}"
audience = "lost"
ends     = "90 days"

[spacing]
prospect = "3 business days"
account  = "1 business day"

[[step]]
name    = "{step}"
after   = "1 hour"
from    = "rep"
pool    = "stories"
subject = "{{{{ story.title }}}}"
"""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Something new. people: who would hear of it, or would not, and why; told: rows of `news.told` about who
    was told; left: how many more come after these people.
    """

    news: News
    people: Rows[Person]
    told: Rows[Any] = ()
    left: int = 0

    @property
    def readers(self) -> list[Person]:
        """Who gets the mail after a yes."""
        return [one for one in self.people if one.is_open]


async def add(app: App, actor: Actor, answers: str, story: str) -> int:
    """Keep something new until somebody says yes; gives its number. Raises InvalidInput, NotFound (story)."""
    wanted = Answers.parse(answers)
    async with app.db.write() as tx:
        await _snapshot(tx, 0, wanted, story)
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
        return sorted(await _published(tx))


async def show(app: App, news_id: int, user: User | None = None) -> Outlook:
    """Who would get the mail now, who not, and who did; changes nothing. Raises NotFound.

    user: whose reach counts, None for all.
    """
    async with app.db.read() as tx:
        return await _outlook(app, tx, await _known(tx, news_id), user)


async def mail(app: App, news_id: int, prospect_id: int, user: User | None = None) -> tuple[Person, Rendered]:
    """The mail that somebody would get now.

    Raises NotFound, or InvalidInput and ContentError where it cannot be written.
    """
    async with app.db.read() as tx:
        one = await _known(tx, news_id)
        outlook = await _outlook(app, tx, one, user)
        person = next((each for each in outlook.people if each.prospect_id == prospect_id), None)
        if person is None:
            raise NotFound("There is nobody like that to tell.")
        content = await _content(tx, one)
    case = person.case
    url, answer = (of(case.enrollment.id) for of in (app.unsubscribe_url, app.answer_url))
    context = writing.context_of(case, case.mailbox, app.policy.company, unsubscribe=url, answer=answer)
    context["thread"] = {"subject": None}
    return person, content.render(STEP, context, story=one.story, language=case.prospect.language)


async def approve(
    app: App, actor: Actor, news_id: int, who: Collection[int] | None = None, user: User | None = None
) -> Outlook:
    """Let people have the mail; gives who of those asked for gets it, and who does not.

    who: prospects, also such as somebody said no to; None: everybody who waits for a yes. user: whose reach
    counts, None for all. Raises NotFound, Conflict where nobody is left to tell.
    """
    await _publish(app, news_id)
    async with app.db.write() as tx:
        one = await _known(tx, news_id)
        outlook = await _outlook(app, tx, one, user)
        asked = [person for person in outlook.people if who is None or person.prospect_id in who]
        chosen = _one_a_company(one for one in asked if one.is_open or (who and one.against is None))
        if not chosen:
            raise Conflict(f"nobody is left to be told of {news_id}")
        results = await admission.admit(app, tx, [_request(one, person) for person in chosen])
        refused = {
            person.prospect_id: str(result)
            for person, result in zip(chosen, results, strict=True)
            if isinstance(result, CadenceError)
        }
        count = len(chosen) - len(refused)
        await news.approve(tx, news_id, count, app.clock())
        await audit.record(
            tx, actor, "news.approved", f"{one.answers}: {one.story}, to {count}", at=app.clock()
        )
        one = await _known(tx, news_id)
    became = {person.prospect_id: replace(person, declined=None) for person in chosen}
    people = [became.get(person.prospect_id, person) for person in asked]
    return Outlook(one, [_refused(person, refused) for person in people], outlook.told, outlook.left)


async def decline(
    app: App, actor: Actor, news_id: int, who: Collection[int] | None = None, user: User | None = None
) -> int:
    """Leave people in peace who would get the mail; gives how many. who, user: see `approve`.

    Raises NotFound, Conflict where nobody is left.
    """
    now = app.clock()
    async with app.db.write() as tx:
        one = await _known(tx, news_id)
        outlook = await _outlook(app, tx, one, user)
        chosen = [person for person in outlook.readers if who is None or person.prospect_id in who]
        if not chosen:
            raise Conflict(f"nobody is left to be told of {news_id}")
        about = {"kind": news.DECLINED, "why": f"{actor.name} said no", "at": now, "data": {"news": news_id}}
        await events.add_many(tx, [about | {"prospect_id": person.prospect_id} for person in chosen])
        said = f"{one.answers}: {one.story}, {len(chosen)} are not told"
        await audit.record(tx, actor, "news.declined", said, at=now)
    return len(chosen)


async def _publish(app: App, news_id: int) -> None:
    """Make the sequence that is to tell it, in a transaction before the yes: who says yes again after a fault
    in between finds it there.
    """
    name = _name(news_id)
    async with app.db.write() as tx:
        one = await _known(tx, news_id)
        if name in await revisions.heads(tx):
            return
        snapshot = await _snapshot(tx, news_id, Answers.parse(one.answers), one.story)
        await revisions.add(tx, sequence=name, digest=digest(snapshot), files=snapshot, now=app.clock())
        data = {"sequence": name}
        await events.add(tx, "sequence.published", f"{name}: {one.answers}", at=app.clock(), data=data)


async def _outlook(app: App, tx: AsyncConnection, one: News, user: User | None) -> Outlook:
    told = await news.told(tx, _name(one.id))
    people, left = await news_readers.find(app, tx, one, await _content(tx, one), told, user)
    if user is not None:
        reached = set(await users.reached_mailboxes(tx, user))
        told = [row for row in told if row.mailbox_id in reached]
    return Outlook(one, people, told, left)


def _one_a_company(people: Iterable[Person]) -> list[Person]:
    first: dict[int, Person] = {}
    for person in people:
        first.setdefault(person.case.account.id, person)
    return list(first.values())


def _request(one: News, person: Person) -> Request:
    deal = person.case.deal
    return Request(
        person.email, _name(one.id), deal_name=deal.name, lost_at=deal.lost_at, mailbox=person.mailbox
    )


def _refused(person: Person, refused: dict[int, str]) -> Person:
    why = refused.get(person.prospect_id)
    return replace(person, against=why) if why else person


def _name(news_id: int) -> str:
    return f"whats-new-{news_id}"


async def _known(tx: AsyncConnection, news_id: int) -> News:
    found = await news.get(tx, news_id)
    if found is None:
        raise NotFound(f"there is nothing new of the number {news_id}; see `cadence whatsnew list`")
    return found


# --- the mail ---


async def _content(tx: AsyncConnection, one: News) -> SequenceContent:
    """The sequence that tells it: as it was published at the first yes, else as it would be now."""
    name = _name(one.id)
    head = (await revisions.heads(tx)).get(name)
    if head is not None:
        return load((await revisions.get(tx, head[0])).files, name)
    return load(await _snapshot(tx, one.id, Answers.parse(one.answers), one.story), name)


async def _published(tx: AsyncConnection) -> dict[str, Mapping[str, bytes]]:
    """Story → the files of the newest sequence that has it."""
    found: dict[str, Mapping[str, bytes]] = {}
    for revision_id, _ in sorted((await revisions.heads(tx)).values(), reverse=True):
        files = (await revisions.get(tx, revision_id)).files
        for path in files:
            name = _story_of(path) if path.startswith(f"{STORIES}/") else None
            if name:
                found.setdefault(name, files)
    return found


async def _snapshot(tx: AsyncConnection, news_id: int, answers: Answers, story: str) -> dict[str, bytes]:
    """The files of a sequence that tells one story, which the newest sequence that has it lends.

    Raises NotFound for a story that is not published.
    """
    known = await _published(tx)
    if story not in known:
        raise NotFound(
            f"no published sequence has a story {story!r}; there are: {', '.join(sorted(known)) or 'none'}"
        )
    files = known[story]
    shared = {path: content for path, content in files.items() if path.startswith(f"{SHARED}/")}
    chosen = {
        path: files[path] for path in files if path.startswith(f"{STORIES}/") and _story_of(path) == story
    }
    words = _SEQUENCE.format(answers=str(answers).replace('"', "'"), step=STEP)
    return shared | chosen | {f"{_name(news_id)}/sequence.toml": words.encode()}


def _story_of(path: str) -> str | None:
    file = template_file(path)
    return file.name if file else None
