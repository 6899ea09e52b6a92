"""A mail server that misbehaves in every known way: what becomes of each mail is what the oracle says."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa

from cadence.core.delivery import OutcomeKind
from cadence.core.model import Mailbox, MailboxState, MessageState, TaskKind
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.smtp import SmtpSender
from cadence.service import connecting, sending
from cadence.service.app import App
from cadence.store import enrollments, mailboxes, messages, tasks
from cadence.store.tables import messages as rows
from cadence.store.tables import tasks as task_rows
from tests.faults.moods import MOODS, Mood, MoodySmtp
from tests.faults.quiet import QuietInbox
from tests.faults.scale import scaled, seeded
from tests.faults.site import FIRST, Clock, enroll, furnish, opened, until_due
from tests.servers.tls import Certificate

REPS = 3
IMPATIENT = 0.5
"""Seconds after which a silent server is given up."""
STATE = {
    OutcomeKind.ACCEPTED: MessageState.SENT,
    OutcomeKind.REFUSED: MessageState.REFUSED,
    OutcomeKind.DEFERRED: MessageState.DEFERRED,
    OutcomeKind.IN_DOUBT: MessageState.IN_DOUBT,
    OutcomeKind.MAILBOX_FAULT: MessageState.DEFERRED,
}


class Servers:
    """The real way out, to impatient people; nothing ever arrives."""

    def sender(self, mailbox: Mailbox, password: str) -> SmtpSender:
        endpoint = Endpoint.parse(mailbox.smtp, kind="smtp")
        credentials = Credentials(mailbox.username, password)
        return SmtpSender(endpoint, credentials, timeout=IMPATIENT, dot_timeout=IMPATIENT)

    def inbox(self, mailbox: Mailbox, password: str) -> QuietInbox:
        return QuietInbox()


@dataclass
class Post:
    """One mailbox, its server, and the mails that wait in it, in the order in which they leave."""

    app: App
    mailbox: int
    server: MoodySmtp
    waiting: list[int]


@asynccontextmanager
async def posts(url: str, folder: Path, mails: int) -> AsyncIterator[list[Post]]:
    certificate = Certificate.make(folder)
    clock = Clock()
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(opened(url, Servers(), clock, process="one", batch=1))
        ids = await furnish(app, folder / "templates", rep_smtp="smtp://localhost:1", reps=REPS)
        await enroll(app, mails, reps=REPS)
        clock.now += until_due()
        made = []
        for number, mailbox in enumerate(ids):
            moody = MoodySmtp(certificate.for_server(), pipelining=number % 2 == 0)
            server = await stack.enter_async_context(moody.listening())
            await connecting.change(
                app, f"rep{number}@vendor.test", {"smtp": f"smtp://localhost:{server.port}"}
            )
            query = sa.select(rows.c.id).where(rows.c.mailbox_id == mailbox, rows.c.step == FIRST)
            async with app.db.read() as tx:
                waiting = list((await tx.execute(query.order_by(rows.c.wake_at, rows.c.id))).scalars())
            made.append(Post(app, mailbox, server, waiting))
        yield made


async def send_one(post: Post, mood: Mood) -> list[str]:
    """Send the next mail to a server of that mood; gives what the oracle objects to."""
    if mood.fresh:
        await post.app.connections.drop(post.mailbox)
    message_id = post.waiting.pop(0)
    post.server.feel(mood)
    before = len(post.server.mails)
    results = await sending.send_due(post.app, post.mailbox)
    taken = len(post.server.mails) - before
    wrong = await judged(post, mood, message_id, results, taken)
    await tidy(post, message_id)
    return [f"{mood.kind} at {mood.where}: {words}" for words in wrong]


async def judged(post: Post, mood: Mood, message_id: int, results: Counter[str], taken: int) -> list[str]:
    async with post.app.db.read() as tx:
        message = await messages.get(tx, message_id)
        mailbox = await mailboxes.get(tx, post.mailbox)
        enrollment = await enrollments.get(tx, message.enrollment_id)
        asked = sa.select(task_rows.c.kind).where(
            task_rows.c.done_at.is_(None),
            sa.or_(task_rows.c.message_id == message_id, task_rows.c.mailbox_id == post.mailbox),
        )
        open_tasks = set((await tx.execute(asked)).scalars())
    is_fault, is_doubt = mood.outcome is OutcomeKind.MAILBOX_FAULT, mood.outcome is OutcomeKind.IN_DOUBT
    refused = "bounced" if mood.bounced else "failed"
    said = {
        "outcome": (dict(results), {mood.outcome.value: 1}),
        "state": (message.state, STATE[mood.outcome]),
        "mailbox": (mailbox.state, MailboxState.FAULT if is_fault else MailboxState.ACTIVE),
        "enrollment": (enrollment.state, refused if mood.outcome is OutcomeKind.REFUSED else "active"),
        "doubts": (TaskKind.IN_DOUBT in open_tasks, is_doubt),
        "faults": (TaskKind.MAILBOX_FAULT in open_tasks, is_fault),
        "attempts": (message.attempts, 1),
    }
    wrong = [f"{name} is {it!r}, not {due!r}" for name, (it, due) in said.items() if it != due]
    if mood.outcome is OutcomeKind.ACCEPTED and taken != 1:
        wrong.append(f"the server took {taken} mails")
    return wrong


async def tidy(post: Post, message_id: int) -> None:
    """Mend the mailbox, and put off what would be tried again."""
    async with post.app.db.write() as tx:
        await mailboxes.change(tx, post.mailbox, state=MailboxState.ACTIVE)
        message = await messages.get(tx, message_id)
        await messages.postpone(tx, message, post.app.clock() + timedelta(days=300), "a test is done with it")
        await tasks.close_about(
            tx, TaskKind.MAILBOX_FAULT, "mended", now=post.app.clock(), mailbox_id=post.mailbox
        )


async def send_all(post: Post, moods: list[Mood], seen: Counter[str]) -> list[str]:
    wrong = []
    for mood in moods:
        wrong += await send_one(post, mood)
        seen[mood.kind] += 1
    return wrong


def drawn(count: int, chance: Random) -> list[Mood]:
    """Moods in a random order, each about as often as any other."""
    many = [MOODS[n % len(MOODS)] for n in range(count)]
    chance.shuffle(many)
    return many


async def test_what_becomes_of_a_mail_is_what_the_oracle_says(tmp_path: Path) -> None:
    chance, sends = seeded("smtp"), scaled(300, 10_000)
    moods, seen = drawn(sends, chance), Counter[str]()
    async with posts(f"sqlite+aiosqlite:///{tmp_path}/cadence.db", tmp_path, sends) as all_posts:
        shares = [moods[n::REPS] for n in range(REPS)]
        runs = zip(all_posts, shares, strict=True)
        wrong = await asyncio.gather(*(send_all(post, share, seen) for post, share in runs))
    print(f"{sends} sends, {len(seen)} kinds in {len(MOODS)} places: {dict(seen)}")  # noqa: T201 - figures
    assert not (found := [words for one in wrong for words in one]), found[:20]
    assert len(seen) >= 16
