"""What our own people do in the demo: a few hours after they are asked something, they answer it."""

from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from cadence.core.errors import CadenceError
from cadence.core.model import TaskKind
from cadence.core.replies import Category
from cadence.demo.happenings import Audience, Happening, Kind
from cadence.demo.people import Reply
from cadence.demo.stage import Stage
from cadence.service import answering, reading
from cadence.store import inbound, tasks

_HOURS = {
    TaskKind.DECISION_OPEN: 1,
    TaskKind.INTERESTED: 1,
    TaskKind.REVIEW_REPLY: 4,
    TaskKind.QUESTION: 6,
    TaskKind.APPROVE_DRAFT: 5,
    TaskKind.TOO_LATE: 4,
    TaskKind.EVENT_GUEST: 24,
    TaskKind.REFERRAL: 30,
    TaskKind.SUCCESSOR: 30,
    TaskKind.THANK_REFERRER: 24,
    TaskKind.COLLEAGUES: 48,
    TaskKind.TOOK_OVER: 72,
}
"""How long a task of each kind lies there; the others are faults that a person would have to look into."""

_ANSWERS = {
    TaskKind.APPROVE_DRAFT: "yes",
    TaskKind.QUESTION: "resume",
    TaskKind.TOOK_OVER: "resume",
    TaskKind.COLLEAGUES: "resume",
}

_DOES = {
    TaskKind.DECISION_OPEN: "calls them",
    TaskKind.INTERESTED: "calls them",
    TaskKind.REVIEW_REPLY: "reads the answer: {words}",
    TaskKind.QUESTION: "answers the question",
    TaskKind.APPROVE_DRAFT: "approves a draft",
    TaskKind.TOO_LATE: "calls them, since the mail came too late",
    TaskKind.EVENT_GUEST: "looks forward to a guest",
    TaskKind.REFERRAL: "notes the referral",
    TaskKind.SUCCESSOR: "notes the successor",
    TaskKind.THANK_REFERRER: "thanks the referrer",
    TaskKind.COLLEAGUES: "lets the colleagues' sequences go on",
    TaskKind.TOOK_OVER: "hands back to the sequence",
}


class Rep:
    """Answers tasks. `resumed`: when whose sequence was told to go on, by address."""

    def __init__(self, stage: Stage, audience: Audience) -> None:
        self._stage, self._audience = stage, audience
        self.answered: list[tuple[datetime, str, TaskKind, str]] = []
        self.wrote = 0

    def next_at(self, open_tasks: list[Any]) -> datetime | None:
        """When the next task will be answered."""
        return min((at for at, _ in _planned(open_tasks)), default=None)

    async def work(self, open_tasks: list[Any], replies: dict[str, Reply]) -> None:
        """Answer what is due; replies: by Message-ID, since the rep reads what the product could not."""
        for at, task in _planned(open_tasks):
            if at <= self._stage.clock():
                await self._answer(task, replies)

    async def left_over(self) -> list[Any]:
        """Tasks that nobody answers: faults."""
        async with self._stage.app.db.read() as tx:
            return [task for task in await tasks.opened(tx) if TaskKind(task.kind) not in _HOURS]

    async def _answer(self, task: Any, replies: dict[str, Reply]) -> None:
        kind = TaskKind(task.kind)
        words = _ANSWERS.get(kind, "done")
        if kind is TaskKind.REVIEW_REPLY:
            words = (await self._read(task.inbound_id, replies)).value
        elif kind is TaskKind.QUESTION:
            await self._write_back(task)
        now = self._stage.clock()
        try:
            await answering.answer(self._stage.app, task.id, words)
        except CadenceError as fault:  # somebody or something else settled it
            words = f"{words}: {fault}"
        self.answered.append((now, task.email, kind, words))
        self._audience.tell(Happening(now, Kind.REP, task.email, _DOES[kind].format(words=words)))

    async def _read(self, inbound_id: int, replies: dict[str, Reply]) -> Category:
        """What a person understands who reads a reply."""
        async with self._stage.app.db.read() as tx:
            head = _head(await inbound.raw(tx, inbound_id))
        return replies[head["Message-ID"]].means

    async def _write_back(self, task: Any) -> None:
        """Answer a question by hand, from one's own mail program; the copy is in Sent like any other."""
        stage = self._stage
        async with stage.app.db.read() as tx:
            row = await inbound.get(tx, task.inbound_id)
            asked = _head(await inbound.raw(tx, task.inbound_id))
        address = next(one for one, mailbox_id in stage.mailboxes.items() if mailbox_id == row.mailbox_id)
        mail = EmailMessage(policy=SMTP)
        mail["From"] = address
        mail["To"] = row.sender
        mail["Subject"] = f"Re: {row.subject.removeprefix('Re: ')}"
        mail["Date"] = format_datetime(stage.clock())
        mail["Message-ID"] = make_msgid(domain=address.partition("@")[2])
        mail["In-Reply-To"] = asked["Message-ID"]
        mail.set_content("Yes to both. I'll send you the details of the export on Monday.\n")
        await stage.box.deliver(address, mail.as_bytes(), folder="Sent")
        self.wrote += 1
        await reading.sync(stage.app, row.mailbox_id)


def _head(raw: bytes) -> Message:
    return BytesHeaderParser().parsebytes(raw)


def _planned(open_tasks: list[Any]) -> list[tuple[datetime, Any]]:
    """When each task will be answered."""
    known = [(TaskKind(row.kind), row) for row in open_tasks]
    return [(row.created_at + timedelta(hours=_HOURS[kind]), row) for kind, row in known if kind in _HOURS]
