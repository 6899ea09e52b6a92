"""Something new is told to those who left for want of it: shown with the reasons, and sent after a yes.

Each gets one mail: a story, by a sequence of one step that is made for it and published like any other. So
it waits in the ordinary queue, behind every guard and cap, and reaches a company at most once.
"""

from collections.abc import Sequence as Rows
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent, load
from cadence.content.files import SHARED, STORIES, digest, template_file
from cadence.core.calendar import local
from cadence.core.errors import CadenceError, Conflict, NotFound
from cadence.core.legal import missing
from cadence.core.model import Deal, ProspectStatus
from cadence.core.news import Answers, Loss, Reader, Said, against, proof
from cadence.core.people import Actor
from cadence.service import admission, grounds, writing
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.store import audit, enrollments, events, news, revisions
from cadence.store.deals import deal_of
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
class Person:
    """Somebody of a deal that was lost for this. proof: the words that show it; against: why they are left in
    peace, None where they get the mail; why: what speaks for the story.
    """

    email: str
    company: str
    deal: str
    proof: str
    against: str | None
    why: str = ""
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Something new, and who would hear of it, or would not, and why."""

    news: News
    people: Rows[Person]

    @property
    def readers(self) -> list[Person]:
        """Who gets the mail."""
        return [one for one in self.people if one.against is None]


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


async def show(app: App, news_id: int) -> Outlook:
    """Who would get the mail now, and who not; changes nothing. Raises NotFound."""
    async with app.db.read() as tx:
        one = await _known(tx, news_id)
        return Outlook(one, await _people(app, tx, one))


async def approve(app: App, actor: Actor, news_id: int) -> Outlook:
    """Let everybody whom nothing speaks against have the mail; gives who does and who does not.

    Raises NotFound, Conflict where somebody said yes before.
    """
    await _publish(app, news_id)
    async with app.db.write() as tx:
        one = await _known(tx, news_id)
        if not await news.approve(tx, news_id, app.clock()):
            raise Conflict(f"somebody said yes to {news_id} before")
        people = await _people(app, tx, one)
        chosen = [person for person in people if person.against is None]
        results = await admission.admit(app, tx, [person.request for person in chosen if person.request])
        refused = {
            person.email: str(result)
            for person, result in zip(chosen, results, strict=True)
            if isinstance(result, CadenceError)
        }
        await news.told(tx, news_id, len(chosen) - len(refused))
        said = f"{one.answers}: {one.story}, to {len(chosen) - len(refused)}"
        await audit.record(tx, actor, "news.approved", said, at=app.clock())
        one = await _known(tx, news_id)
    return Outlook(one, [_refused(person, refused) for person in people])


async def _publish(app: App, news_id: int) -> None:
    """Make the sequence that is to tell it, in a transaction before the yes: who says yes again after a fault
    in between finds it there.
    """
    name = _name(news_id)
    async with app.db.write() as tx:
        one = await _known(tx, news_id)
        if one.approved_at is not None or name in await revisions.heads(tx):
            return
        snapshot = await _snapshot(tx, news_id, Answers.parse(one.answers), one.story)
        await revisions.add(tx, sequence=name, digest=digest(snapshot), files=snapshot, now=app.clock())
        data = {"sequence": name}
        await events.add(tx, "sequence.published", f"{name}: {one.answers}", at=app.clock(), data=data)


def _refused(person: Person, refused: dict[str, str]) -> Person:
    return replace(person, against=refused[person.email]) if person.email in refused else person


def _name(news_id: int) -> str:
    return f"whats-new-{news_id}"


async def _known(tx: AsyncConnection, news_id: int) -> News:
    found = await news.get(tx, news_id)
    if found is None:
        raise NotFound(f"there is nothing new of the number {news_id}; see `cadence whatsnew list`")
    return found


# --- the mail ---


async def _snapshot(tx: AsyncConnection, news_id: int, answers: Answers, story: str) -> dict[str, bytes]:
    """The files of a sequence that tells one story, which the newest sequence that has it lends.

    Raises NotFound for a story that is not published.
    """
    told = set()
    for revision_id, _ in sorted((await revisions.heads(tx)).values(), reverse=True):
        files = (await revisions.get(tx, revision_id)).files
        stories = {path: _story_of(path) for path in files if path.startswith(f"{STORIES}/")}
        told |= {name for name in stories.values() if name}
        if story in stories.values():
            shared = {path: content for path, content in files.items() if path.startswith(f"{SHARED}/")}
            chosen = {path: files[path] for path, name in stories.items() if name == story}
            words = _SEQUENCE.format(answers=str(answers).replace('"', "'"), step=STEP)
            return shared | chosen | {f"{_name(news_id)}/sequence.toml": words.encode()}
    raise NotFound(
        f"no published sequence has a story {story!r}; there are: {', '.join(sorted(told)) or 'none'}"
    )


def _story_of(path: str) -> str | None:
    file = template_file(path)
    return file.name if file else None


# --- the people ---


async def _people(app: App, tx: AsyncConnection, one: News) -> list[Person]:
    """Everybody of the deals that were lost for this; those who get the mail first."""
    answers = Answers.parse(one.answers)
    proofs = await _proofs(tx, answers)
    content = load(await _snapshot(tx, one.id, answers, one.story), _name(one.id))
    found: list[Person] = []
    taken: dict[int, str] = {}
    for row in await news.people_of(tx, proofs):
        if row.status == ProspectStatus.FORGOTTEN:
            continue
        person = await _person(app, tx, row, proofs[row.deal_id], content, taken.get(row.account_id))
        if person.against is None:
            taken[row.account_id] = person.email
        found.append(person)
    return sorted(found, key=lambda person: person.against is not None)


async def _proofs(tx: AsyncConnection, answers: Answers) -> dict[int, tuple[Any, str]]:
    """Deal → its row, and the words that show that it was lost for this."""
    lost = {row.id: row for row in await news.lost(tx, answers.reason)}
    said = await news.said(tx, lost)
    found = {}
    for deal_id, row in lost.items():
        notes = (row.reason, row.missing, row.product, row.name, row.outcome_reason)
        heard = tuple(
            Said(frozenset(verdict["loss_reasons"]), verdict["text"])
            for verdict in said.get(deal_id, ())
            if verdict
        )
        if shown := proof(answers, Loss(row.reason, tuple(filter(None, notes)), heard)):
            found[deal_id] = (row, shown)
    return found


async def _person(
    app: App,
    tx: AsyncConnection,
    row: Any,
    lost: tuple[Any, str],
    content: SequenceContent,
    taken: str | None,
) -> Person:
    deal, shown = lost
    case = await enrollments.case(tx, row.enrollment_id)
    reader = Reader(
        status=ProspectStatus(row.status),
        outcome=deal.outcome,
        suppressed=row.suppressed,
        unreachable=row.unreachable,
        paused=row.paused,
        last_mail=row.last_mail,
        last_reply=row.last_reply,
    )
    why_not = against(reader, app.clock())
    place = case.prospect.place
    today = local(app.clock(), place).date()
    why_not = why_not or missing(grounds.of(case, content.sequence), place.country, today)
    if why_not is None and taken is not None:
        why_not = f"capped: {taken} of the same company gets it"
    step = content.sequence.step(STEP)
    assert step is not None
    choice = await writing.choose_story(app, tx, case, step, content)
    if why_not is None and choice is None:
        why_not = "the story does not fit them, or their company has had it"
    return Person(
        row.email,
        case.account.name,
        deal.name,
        shown,
        why_not,
        choice.why if choice else "",
        _request(case.prospect.email, content.sequence.name, deal_of(deal), row.mailbox),
    )


def _request(email: str, sequence: str, deal: Deal, mailbox: str) -> Request:
    return Request(email, sequence, deal_name=deal.name, lost_at=deal.lost_at, mailbox=mailbox)
