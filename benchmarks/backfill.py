"""How fast a full mailbox is first read, and how soon a reply acts: `python -m benchmarks.backfill`."""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

import sqlalchemy as sa

from benchmarks import outcome
from benchmarks.installation import PASSWORD, RealInbox, address_of, enroll_due, furnish, opened
from cadence.core.model import Mailbox, MessageState
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.service import reading
from cadence.service.app import App, Inbox
from cadence.store.tables import events, inbound, messages, prospects
from cadence.worker.loops import Loops
from tests.servers import dovecot
from tests.servers.database import Postgres, postgres_programs
from tests.servers.dovecot import Dovecot

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "replies"
OTHERS = 0.25
"""How many mails of the mailbox are not about us: newsletters, of which the headers alone are read."""
_ENROLLED_AT_ONCE = 1_000
_WITHIN = 30.0
_SETTLED = 3.0
_OURS = """Hello Dana,

thank you for the time that you and your colleagues took to look at our offer. I am sorry that it was not
the right one this time, and I would like to learn from it.

If you can spare two minutes: what decided it in the end? Was it the price, something that was missing, or
the way we worked with you? A line or two is all I ask for.

Should the other solution ever leave you waiting, we are glad to step in as your backup.

Kind regards
Robin Rep
"""
_NEWS = "<p>Ten new features, and the stories of those who use them. Read on to see what is new.</p>\n" * 150


# --- the mailbox ---


def reply(words: str, message_id: str, recipient: str, number: int, rep: int = 0) -> bytes:
    """What a recipient answers, above the mail that it answers, every other one with an HTML part.

    number: tells replies apart; rep: whose mail it was.
    """
    mail = EmailMessage()
    mail["From"] = f"Dana Sample <{recipient}>"
    mail["To"] = address_of(rep)
    mail["Subject"] = "Re: Your decision"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<reply-{number}@buyer.example>"
    mail["In-Reply-To"] = mail["References"] = message_id
    mail["Received"] = f"from mx.buyer.example by mx.vendor.test; {mail['Date']}"
    quoted = "".join(f"> {line}\n" for line in _OURS.splitlines())
    said = f"On Tue, 3 Mar 2026 at 10:00, Robin Rep <{address_of(rep)}> wrote:"
    mail.set_content(f"{words}\n\nBest regards,\nDana Sample\n\n{said}\n\n{quoted}", cte="8bit")
    if number % 2:
        html = "".join(f"<p>{part}</p>" for part in words.split("\n"))
        mail.add_alternative(
            f"<html><body>{html}<blockquote>{said}<br>{_OURS}</blockquote></body></html>", "html"
        )
    return mail.as_bytes()


def _newsletter(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"News <news@shop{number % 50}.example>"
    mail["To"] = address_of(0)
    mail["Subject"] = f"News of the week {number}"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<news-{number}@shop.example>"
    mail["List-Unsubscribe"] = "<https://shop.example/unsubscribe>"
    mail.set_content(f"<html><body>{_NEWS}</body></html>", subtype="html", cte="8bit")
    return mail.as_bytes()


async def _answers(app: App) -> list[tuple[str, bytes]]:
    """Who answers, and how: everybody who was written to, in the words of the corpus."""
    words = [
        json.loads(line)["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    people = (
        sa.select(messages.c.message_id, prospects.c.email)
        .join(prospects, prospects.c.id == messages.c.prospect_id)
        .where(messages.c.state == MessageState.SENT)
        .order_by(messages.c.id)
    )
    async with app.db.read() as tx:
        rows = (await tx.execute(people)).all()
    return [
        (email, reply(words[number % len(words)], message_id, email, number))
        for number, (message_id, email) in enumerate(rows)
    ]


async def pretend_sent(app: App) -> Sequence[Any]:
    """Turn every first mail into one that left; gives Message-ID and person of each."""
    now, first = app.clock(), messages.c.step == "thank-you"
    left = {"state": MessageState.SENT, "wake_at": None, "sent_at": now, "first_attempt_at": now}
    async with app.db.write() as tx:
        query = messages.update().where(first).values(attempts=1, subject="Your decision", **left)
        return (await tx.execute(query.returning(messages.c.message_id, messages.c.prospect_id))).all()


@asynccontextmanager
async def _written_to(
    url: str, server: Dovecot, count: int, transport: RealInbox
) -> AsyncIterator[tuple[App, int]]:
    """An installation that has written to so many people, and the mailbox from which it did."""
    async with opened(url, lambda: datetime.now(UTC), transport=transport) as app:
        (mailbox_id,) = await furnish(app, smtp="smtp://localhost:1", imap=server.imap_url)
        for start in range(0, count, _ENROLLED_AT_ONCE):
            await enroll_due(app, [f"c{n}" for n in range(start, min(start + _ENROLLED_AT_ONCE, count))])
        await pretend_sent(app)
        yield app, mailbox_id


@contextmanager
def _server() -> Iterator[Dovecot]:
    server = Dovecot().start()
    try:
        server.add_user(address_of(0), PASSWORD)
        yield server
    finally:
        server.remove()


# --- a first look ---


async def backfill(url: str, count: int) -> dict[str, Any]:
    """Answer so many people's mails in one mailbox of a private server, then read it for the first time."""
    with _server() as server:
        transport = RealInbox(server.certificate.for_client())
        async with _written_to(url, server, count, transport) as (app, mailbox_id):
            mails = [raw for _, raw in await _answers(app)]
            others = [_newsletter(number) for number in range(int(count * OTHERS))]
            step = len(mails) / max(len(others), 1)
            for number, raw in reversed(list(enumerate(others))):
                mails.insert(int(number * step), raw)
            await asyncio.to_thread(server.fill, address_of(0), mails)
            own, helpers, began = _cpu(), _cpu(children=True), time.perf_counter()
            found = await reading.sync(app, mailbox_id)
            seconds = time.perf_counter() - began
            own, helpers = _cpu() - own, _cpu(children=True) - helpers
            kept = await _kept(app)
    if not found == kept == count:
        raise RuntimeError(f"{found} of {count} replies were taken in, {kept} were kept once and acted once")
    return {
        "replies": count,
        "other_mails": len(others),
        "seconds": round(seconds, 2),
        "per_second": round(count / seconds, 1),
        "cpu_ms_per_reply": {
            "own": round(own * 1000 / count, 2),
            "helpers": round(helpers * 1000 / count, 2),
        },
    }


async def _kept(app: App) -> int:
    """How many people have one reply that was kept, and that acted once; -1 where more was kept than that."""
    reactions = sa.and_(events.c.inbound_id == inbound.c.id, events.c.kind.like("reply.%"))
    once = (
        sa.select(inbound.c.enrollment_id)
        .join(events, reactions)
        .group_by(inbound.c.enrollment_id)
        .having(sa.func.count() == 1)
    )
    async with app.db.read() as tx:
        people = len((await tx.execute(once)).all())
        kept = (await tx.execute(sa.select(sa.func.count()).select_from(inbound))).scalar_one()
    return people if people == kept else -1


def _cpu(*, children: bool = False) -> float:
    use = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


# --- one reply ---


class _Noticing(ImapInbox):
    """Remembers when the server told of news."""

    noticed: list[float]

    async def idle(self, timeout: float) -> bool:  # noqa: ASYNC109 - it is how long to wait, no deadline
        woken = await super().idle(timeout)
        if woken:
            self.noticed.append(time.perf_counter())
        return woken


class _Watched(RealInbox):
    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.noticed: list[float] = []

    def inbox(self, mailbox: Mailbox, password: str) -> Inbox:
        endpoint, credentials = (
            Endpoint.parse(mailbox.imap, kind="imap"),
            Credentials(mailbox.username, password),
        )
        inbox = _Noticing(endpoint, credentials, ssl_context=self._ssl_context)
        inbox.noticed = self.noticed
        return inbox


async def promptness(url: str, count: int) -> dict[str, Any]:
    """Deliver replies one by one to a mailbox that is watched; how long until each has acted."""
    from_delivery, from_notice = [], []
    with _server() as server:
        transport = _Watched(server.certificate.for_client())
        async with _written_to(url, server, count, transport) as (app, _):
            people = await _answers(app)
            loops = Loops(app, poll=60.0)
            running = asyncio.create_task(loops.run())
            await asyncio.sleep(_SETTLED)
            for email, raw in people:
                await server.deliver(address_of(0), raw)
                delivered = time.perf_counter()
                done = await _acted(app, email)
                from_delivery.append(done - delivered)
                from_notice.append(done - transport.noticed[-1])
            loops.stop()
            await running
    return {
        "replies": count,
        "from_delivery": _percentiles(from_delivery),
        "from_notice": _percentiles(from_notice),
    }


async def _acted(app: App, email: str) -> float:
    """When a person's reply had acted."""
    query = (
        sa.select(events.c.id)
        .join(prospects, prospects.c.id == events.c.prospect_id)
        .where(prospects.c.email == email, events.c.kind.like("reply.%"))
    )
    async with asyncio.timeout(_WITHIN):
        while True:
            async with app.db.read() as tx:
                if (await tx.execute(query)).first() is not None:
                    return time.perf_counter()
            await asyncio.sleep(0.005)


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    hundredths = quantiles(seconds, n=100, method="inclusive")
    return {
        "p50_ms": round(hundredths[49] * 1000),
        "p99_ms": round(hundredths[98] * 1000),
        "most_ms": round(max(seconds) * 1000),
    }


# --- all of it ---


def _measured(replies: int, prompt: int) -> dict[str, Any]:
    found: dict[str, Any] = {"server": "Dovecot", "backfill": {}}
    with tempfile.TemporaryDirectory() as folder:
        found["backfill"]["SQLite"] = asyncio.run(backfill(f"sqlite+aiosqlite:///{folder}/one.db", replies))
        found["promptness"] = asyncio.run(promptness(f"sqlite+aiosqlite:///{folder}/two.db", prompt))
    if postgres_programs() is not None:
        postgres = Postgres().start()
        try:
            found["backfill"]["PostgreSQL"] = asyncio.run(backfill(postgres.new_database(), replies))
        finally:
            postgres.remove()
    return found


def show(found: dict[str, Any]) -> str:
    """The lines that people read."""
    rows = [
        (
            name,
            f"{one['replies']:,}",
            f"{one['seconds']:,}",
            f"{one['per_second']:,}",
            str(one["cpu_ms_per_reply"]["own"]),
            str(one["cpu_ms_per_reply"]["helpers"]),
        )
        for name, one in found["backfill"].items()
    ]
    heading = ("", "replies", "seconds", "replies/s", "CPU ms/reply", "of helpers")
    soon, told = found["promptness"]["from_delivery"], found["promptness"]["from_notice"]
    return (
        f"{outcome.table(heading, rows)}\n"
        f"a reply has acted {soon['p50_ms']} ms after its delivery (p99 {soon['p99_ms']} ms), "
        f"{told['p50_ms']} ms after the server told of it (p99 {told['p99_ms']} ms)"
    )


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--replies", type=int, help="of the backfill (default 20000, short 60)")
    options.add_argument("--prompt", type=int, help="replies that arrive one by one (default 300, short 3)")
    options.add_argument("--short", action="store_true", help="only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    print("backfill")
    if not dovecot.is_installed():
        print("left out: it needs Dovecot")
        return
    replies = given.replies or (60 if given.short else 20_000)
    found = _measured(replies, given.prompt or (3 if given.short else 300))
    print(show(found))
    outcome.keep(given.results, "backfill", found, short=given.short)


if __name__ == "__main__":
    main()
