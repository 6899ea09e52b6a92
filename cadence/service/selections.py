"""Long work on people who are known: everybody of a selection or a filter is enrolled, paused, stopped …"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import CadenceError, Forbidden, InvalidInput
from cadence.core.jobs import JobKind, JobState, Reject, Step
from cadence.core.lifecycle import Fact
from cadence.core.rights import Visitor
from cadence.service import admission, changing, steering
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.store import deals, jobs, searching
from cadence.store.jobs import Job
from cadence.store.searching import Wanted
from cadence.store.shown import Shown, in_full

CHECKED_AT_ONCE = 500
CHANGED_AT_ONCE = 50
"""The companies of so many people are held while they are changed."""
_ENDLESS = 2**62


async def ask(
    app: App,
    visitor: Visitor,
    kind: JobKind,
    wanted: Wanted,
    *,
    until: datetime | None = None,
    sequence: str = "",
    mailbox: str = "",
) -> int:
    """Let it be looked through what would happen to these people; gives the id of the job.

    until: of a pause; sequence: into which they are enrolled; mailbox: from which, empty: as before. Raises
    InvalidInput, NotFound, Forbidden.
    """
    if kind.right not in visitor.rights:
        raise Forbidden("Your role does not let you do this.")
    if not kind.is_about_known:
        raise InvalidInput("That cannot be done to prospects.")
    asked: dict[str, Any] = {"who": wanted.plain(), "until": until.isoformat() if until else None}
    async with app.db.write() as tx:
        if kind is JobKind.ENROLL:
            await app.library.published(tx, sequence)
            if mailbox:
                await steering.sender_for(tx, visitor, mailbox, None)
            asked |= {"sequence": sequence, "mailbox": mailbox}
        title = f"{kind.value.capitalize()} {_told(wanted)}{f' in {sequence}' if sequence else ''}"
        about: dict[str, Any] = {"user_id": visitor.user.id, "title": title, "asked": asked}
        total = len(wanted.ids)
        return await jobs.add(tx, kind, JobState.CHECKING, **about, total=total, now=app.clock())


def _told(wanted: Wanted) -> str:
    if wanted.ids:
        return "1 person" if len(wanted.ids) == 1 else f"{len(wanted.ids)} people"
    said = {name: value for name, value in wanted.plain().items() if name not in ("mailbox_id", "owner_id")}
    if wanted.mailbox_id or wanted.owner_id:
        said["from"] = "some mailboxes"
    words = ", ".join(f"{name} {value}".replace("_", " ") for name, value in said.items())
    return f"everybody with {words}" if words else "everybody"


def ready(app: App, visitor: Visitor, job: Job) -> "Selection":
    """The work of a job."""
    asked = job.asked
    until = datetime.fromisoformat(asked["until"]) if asked.get("until") else None
    return Selection(app, visitor, Wanted.of(asked["who"]), job.kind.fact, until)


@dataclass(frozen=True, slots=True)
class Selection:
    """People to be changed, the newest first; a job's position is the id of the last one dealt with.

    Who joins the selection while the job runs is newer, and not touched.
    """

    app: App
    visitor: Visitor
    wanted: Wanted
    fact: Fact | None
    until: datetime | None

    async def step(self, tx: AsyncConnection, job: Job) -> Step:
        """Deal with the next people."""
        is_check = job.state is JobState.CHECKING
        most = CHECKED_AT_ONCE if is_check else CHANGED_AT_ONCE
        before = job.position or job.found.get("newest", _ENDLESS - 1) + 1
        ids = await searching.page(tx, self.visitor.user, self.wanted, before=before, limit=most)
        counts: Counter[str] = Counter()
        if is_check and job.position is None and ids:
            counts["newest"] = ids[0]
        rejects = await (
            self._change(tx, ids, is_check) if self.fact else self._enroll(tx, job, ids, is_check)
        )
        counts["changed"] = len(ids) - len(rejects)
        counts["unchanged"] = len(rejects)
        last = ids[-1] if ids else before
        return Step(last, len(ids), dict(counts), tuple(rejects), is_last=len(ids) < most)

    async def _change(self, tx: AsyncConnection, ids: Sequence[int], is_check: bool) -> list[Reject]:
        assert self.fact is not None
        user = self.visitor.user
        if is_check:
            verdicts = await changing.judge(tx, user, ids, self.fact)
        else:
            verdicts = await changing.carry_out(self.app, tx, user, ids, self.fact, self.until)
        return [Reject(one.prospect_id, one.email, one.nothing) for one in verdicts if one.nothing]

    async def _enroll(
        self, tx: AsyncConnection, job: Job, ids: Sequence[int], is_check: bool
    ) -> list[Reject]:
        people = await in_full(tx, self.visitor.user, ids)
        known = await deals.of_ids(tx, [one.enrollments[0].deal_id for one in people if one.enrollments])
        requests = [self._request(job, one, known) for one in people]
        decide = admission.vet if is_check else admission.admit
        results = await decide(self.app, tx, requests)
        return [
            Reject(one.person.id, one.person.email, str(result))
            for one, result in zip(people, results, strict=True)
            if isinstance(result, CadenceError)
        ]

    def _request(self, job: Job, one: Shown, known: dict[int, Any]) -> Request:
        """Once more about the deal that the newest enrollment is about, from the same mailbox unless told."""
        latest = one.enrollments[0] if one.enrollments else None
        deal = known.get(latest.deal_id) if latest else None
        mailbox = job.asked.get("mailbox") or (latest.mailbox if latest else None)
        facts = {"deal_name": deal.name, "lost_at": deal.lost_at} if deal else {}
        return Request(one.person.email, job.asked["sequence"], mailbox=mailbox, **facts)
