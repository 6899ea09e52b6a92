"""The performance: jump to the next instant at which anything happens, let it happen, and go on.

Nothing sleeps and nothing is skipped: what the real loops do when the wall clock says so is done here, in a
fixed order, when the demo's clock says so.
"""

import asyncio
import heapq
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from dateutil.relativedelta import relativedelta
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.occasions import Rsvp
from cadence.demo.cast import Character, LostDeal
from cadence.demo.happenings import Audience, Happening, Kind
from cadence.demo.people import People, Reply, message_id_of, read
from cadence.demo.rep import Rep
from cadence.demo.stage import START, Stage
from cadence.mail.sandbox import AcceptedMail
from cadence.service import enrolling, reading, sending, trials, upkeep
from cadence.service.enrolling import Request
from cadence.store import enrollments, inbound, mailboxes, messages, tasks


def ends_at(deals: tuple[LostDeal, ...], months: int) -> datetime:
    """When the curtain falls: so many months after the last enrollment."""
    return START + max(deal.after for deal in deals) + relativedelta(months=months, days=1)


_LATEST = datetime.max.replace(tzinfo=UTC)


class Play:
    """One performance, until `ends_at`, however much is left."""

    def __init__(
        self, stage: Stage, deals: tuple[LostDeal, ...], *, seed: int, ends_at: datetime, audience: Audience
    ) -> None:
        everybody = tuple(person for deal in deals for person in deal.people)
        self.stage, self.audience = stage, audience
        self.people = People(everybody, seed)
        self.rep = Rep(stage, audience)
        self.replies: dict[str, Reply] = {}
        self.ends_at = ends_at
        self.lost_at: dict[str, datetime] = {}
        self._busy = {person.email for person in everybody if person.busy_server}
        order = count()
        self._to_enroll = [(START + deal.after, next(order), deal) for deal in deals]
        heapq.heapify(self._to_enroll)
        self._known: dict[str, tuple[str, str]] = {}
        self._last_inbound = 0
        for person in everybody:
            if person.refuses or person.busy_server:
                stage.box.refuse[person.email] = person.refuses or (451, "4.7.1 Greylisted, try again later")
        stage.box.on_mail = self._delivered

    async def perform(self) -> None:
        """Play to the end."""
        await self._read_all()
        while (agenda := await self._agenda()).next_at <= self.ends_at:
            self.stage.clock.move(agenda.next_at)
            self.audience.tick(agenda.next_at)
            await self._enroll()
            await self._let_people_answer()
            if agenda.resume_at is not None and agenda.resume_at <= agenda.next_at:
                await upkeep.look_after(self.stage.app)
            await self.rep.work(agenda.tasks, self.replies)
            await self._send()
        self.stage.clock.move(self.ends_at)
        self.audience.tick(self.ends_at)
        await trials.look_after(self.stage.app)

    async def _agenda(self) -> "_Agenda":
        """Look at what comes next; what happened meanwhile is told."""
        async with self.stage.app.db.read() as tx:
            wake_at = await messages.next_wake(tx)
            resume_at = await enrollments.next_resume(tx)
            open_tasks = await tasks.opened(tx)
            await self._tell_news(tx)
        instants = [wake_at, resume_at, self.people.next_at(), self.rep.next_at(open_tasks)]
        if self._to_enroll:
            instants.append(self._to_enroll[0][0])
        next_at = min((at for at in instants if at is not None), default=_LATEST)
        return _Agenda(next_at, resume_at, open_tasks)

    async def _enroll(self) -> None:
        now = self.stage.clock()
        while self._to_enroll and self._to_enroll[0][0] <= now:
            deal = heapq.heappop(self._to_enroll)[2]
            for person in deal.people:
                self.lost_at[person.email] = now - deal.lost_before
                await enrolling.enroll(self.stage.app, _request(deal, person, now))

    async def _let_people_answer(self) -> None:
        """Answers arrive in our mailboxes, and the mailboxes are read, as IDLE would have it."""
        replies = self.people.due(self.stage.clock())
        for reply in replies:
            self.replies[reply.message_id] = reply
            if reply.page:
                await self._answer_on_the_page(reply)
            else:
                await self.stage.box.deliver(reply.to, reply.raw, sender=reply.envelope)
        for address in sorted({reply.to for reply in replies if not reply.page}):
            await reading.sync(self.stage.app, self.stage.mailboxes[address])
        for reply in replies:
            if reply.act.rsvp:
                words = f"{_RSVPS[reply.act.rsvp]} to the event"
                self.audience.tell(Happening(self.stage.clock(), Kind.EVENT, reply.person.email, words))

    async def _answer_on_the_page(self, reply: Reply) -> None:
        """They follow the link, type their words and send them; the product keeps these as a mail."""
        words = "types a line on the page"
        self.audience.tell(Happening(self.stage.clock(), Kind.PAGE, reply.person.email, words))
        form = urlencode({"answer": reply.words}).encode()
        for data in (None, form):
            await asyncio.to_thread(_open, self.stage.url + reply.page, data)
        async with self.stage.app.db.read() as tx:
            (kept,) = await inbound.latest(tx, 1)
            self.people.known_as(reply, message_id_of(await inbound.raw(tx, kept.id)))

    async def _send(self) -> None:
        """Deal with every mailbox that has something to send, until nothing is due."""
        app, now = self.stage.app, self.stage.clock()
        for _ in range(_ROUNDS):
            async with app.db.read() as tx:
                due = await messages.mailboxes_with_work(tx, now)
            if not due:
                return
            for mailbox_id in due:
                results = await sending.send_due(app, mailbox_id)
                if results["deferred"]:
                    self._let_in()
                if results["accepted"] and mailbox_id is not None:
                    async with app.db.read() as tx:
                        mailbox = await mailboxes.get(tx, mailbox_id)
                    await upkeep.file_copies(app, mailbox)
        raise RuntimeError(f"the queue does not come to rest at {now}")

    def _let_in(self) -> None:
        """A server that turned us away takes the next try."""
        for email in self._busy:
            self.stage.box.refuse.pop(email, None)
        self._busy = set()

    async def _read_all(self) -> None:
        for mailbox_id in self.stage.mailboxes.values():
            await reading.sync(self.stage.app, mailbox_id)

    async def _delivered(self, mail: AcceptedMail) -> None:
        """The mail server took a mail of ours: it is in its reader's mailbox."""
        original = read(mail)
        self.audience.tell(Happening(mail.at, Kind.SENT, original.recipient, original.subject))
        self.people.get(mail)

    async def _tell_news(self, tx: AsyncConnection) -> None:
        """Tell what the product understood and what it made of it."""
        now = self.stage.clock()
        for row in await inbound.since(tx, self._last_inbound):
            self._last_inbound = row.id
            if row.email:
                self.audience.tell(Happening(now, Kind.REPLY, row.email, row.category or "unreadable"))
        for row in await enrollments.standings(tx):
            status, state = self._known.get(row.email, ("", ""))
            self._known[row.email] = (row.status, row.state)
            if row.status != status:
                self.audience.tell(Happening(now, Kind.STATUS, row.email, row.status))
            if row.state != state:
                self.audience.tell(Happening(now, Kind.STATE, row.email, row.state))


def _open(url: str, form: bytes | None) -> None:
    with urlopen(url, form, timeout=30) as answer:  # noqa: S310 - of the server that the demo started
        answer.read()


_ROUNDS = 200
_RSVPS = {Rsvp.ACCEPTED: "comes", Rsvp.TENTATIVE: "may come", Rsvp.DECLINED: "cannot come"}


@dataclass(frozen=True, slots=True)
class _Agenda:
    """When anything happens next, and what of it is known."""

    next_at: datetime
    resume_at: datetime | None
    tasks: list[Any]


def _request(deal: LostDeal, person: Character, now: datetime) -> Request:
    """What the rep says of a person to enroll."""
    lost_at = now - deal.lost_before
    facts: dict[str, Any] = {"product": deal.product, "reason": deal.reason, "competitor": deal.competitor}
    if deal.contract_months is not None:
        facts |= {"competitor_contract_end": (lost_at + relativedelta(months=deal.contract_months)).date()}
    return Request(
        email=person.email,
        sequence=deal.sequence,
        first_name=person.first,
        last_name=person.last,
        title=person.title,
        language=person.language,
        zone=person.place.zone,
        country=person.place.country,
        region=person.place.region,
        company=deal.company,
        industry=deal.industry,
        size=deal.size,
        deal_name=deal.name,
        deal=facts,
        lost_at=lost_at,
        mailbox=deal.rep,
    )
