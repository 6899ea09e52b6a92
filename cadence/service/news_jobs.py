"""A yes or a no to telling everybody something new, as long work: company by company, in the background."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.jobs import JobKind, JobState, Reject, Step
from cadence.core.rights import Visitor
from cadence.service import counting, news_answers, news_survey
from cadence.service.app import App
from cadence.service.news_answers import Answer
from cadence.service.news_readers import PORTION
from cadence.service.whats_new import teller_of
from cadence.store import jobs, leavers
from cadence.store.jobs import Job

_ANSWERS: dict[JobKind, Answer] = {JobKind.TELL: news_answers.tell, JobKind.SPARE: news_answers.spare}


async def ask(app: App, visitor: Visitor, news_id: int, kind: JobKind) -> int:
    """Let everybody within reach who waits be told (TELL), or be left in peace (SPARE); gives the id of the
    job. Who that is was shown, so it begins at once. Raises NotFound.
    """
    if kind is JobKind.TELL:
        await news_answers.publish(app, news_id)
    async with app.db.write() as tx:
        one = (await teller_of(app, tx, news_id, visitor.user)).news
        await news_answers.record(app, tx, visitor.actor, one, _ANSWERS[kind], "everybody who waits")
        about: dict[str, Any] = {
            "user_id": visitor.user.id,
            "title": f"{one.answers.replace('_', ' ')}: {one.story}",
            "asked": {"news": news_id},
            "total": await leavers.count_companies(tx),
        }
        return await jobs.add(tx, kind, JobState.RUNNING, **about, now=app.clock())


@dataclass(frozen=True, slots=True)
class Telling:
    """Companies, the oldest first; a job's position is the id of the last one dealt with."""

    app: App
    visitor: Visitor

    async def step(self, tx: AsyncConnection, job: Job) -> Step:
        """Deal with the next companies."""
        ids = await leavers.companies(tx, after=job.position or 0, limit=PORTION)
        teller = await teller_of(self.app, tx, job.asked["news"], self.visitor.user)
        done = await _ANSWERS[job.kind](self.app, tx, teller, ids, None, self.visitor.actor)
        rejects = tuple(Reject(one.prospect_id, one.email, one.against or "") for one in done.refused)
        counts = Counter(changed=done.count, unchanged=len(rejects))
        last, is_last = ids[-1] if ids else job.position or 0, len(ids) < PORTION
        if is_last:
            await counting.outdate(tx, await news_survey.key(tx, teller))
        return Step(last, len(ids), dict(counts), rejects, is_last)
