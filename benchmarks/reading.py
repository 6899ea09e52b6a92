"""How fast replies are read, understood and taken in: `python -m benchmarks.reading`."""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from benchmarks import outcome
from benchmarks.contenders.child import cpu_seconds
from benchmarks.installation import PASSWORD, RealInbox, address_of, enroll_due, furnish, opened
from cadence.core.model import MessageState
from cadence.core.replies import Category
from cadence.mail import classify as classifying
from cadence.mail.classify import classify
from cadence.mail.intent import Judgement
from cadence.mail.parse import Received, parse
from cadence.service import reading
from cadence.service.app import App
from cadence.store.tables import messages, prospects
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
_ENROLLED_AT_ONCE = 1_000


# --- understanding ---


@contextmanager
def _without_intent() -> Iterator[None]:
    """Let every person's words mean nothing."""
    unknown = Judgement(Category.OTHER, 0.0)
    with patch.object(classifying, "judge", lambda text, language: unknown):
        yield


def understood(rounds: int) -> dict[str, Any]:
    """Messages a second: parsed only; classified without and with the meaning of a person's words."""
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
    replies = _replies()
    parsed = [parse(raw) for raw in mails]

    def parsing() -> None:
        for raw in mails:
            parse(raw)

    def classifying_all() -> None:
        for one in (*parsed, *replies):
            classify(one)

    classifying_all()  # warm: tables are made when first used
    times: dict[str, list[float]] = {"parse": [], "without_intent": [], "with_intent": []}
    for _ in range(rounds):
        times["parse"].append(_seconds(parsing) / len(mails))
        with _without_intent():
            times["without_intent"].append(_seconds(classifying_all) / (len(parsed) + len(replies)))
        times["with_intent"].append(_seconds(classifying_all) / (len(parsed) + len(replies)))
    rates = {f"{name}_per_second": round(1 / median(each)) for name, each in times.items()}
    return {"mails": len(mails), "replies": len(replies), **rates}


def _replies() -> list[Received]:
    sent = datetime(2026, 3, 4, 10, tzinfo=UTC)
    return [
        Received(text=json.loads(line)["text"], date=sent)
        for path in sorted((CORPUS / "replies").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# --- taking in ---


def reply(words: str, message_id: str, recipient: str, number: int, rep: int = 0) -> bytes:
    """What a recipient answers to a mail; number: tells replies apart; rep: whose mail it was."""
    head = (
        f"From: Dana Sample <{recipient}>\r\nTo: {address_of(rep)}\r\nSubject: Re: Your decision\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: <reply-{number}@buyer.example>\r\n"
        f"In-Reply-To: {message_id}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return (head + words.replace("\r", "").replace("\n", "\r\n") + "\r\n").encode()


async def pretend_sent(app: App) -> Sequence[Any]:
    """Turn every planned first mail into one that left; gives Message-ID and person of each."""
    now = app.clock()
    left = {"state": MessageState.SENT, "wake_at": None, "sent_at": now, "first_attempt_at": now}
    async with app.db.write() as tx:
        query = messages.update().values(attempts=1, subject="Your decision", **left)
        rows = await tx.execute(query.returning(messages.c.message_id, messages.c.prospect_id))
        return rows.all()


async def taken_in(count: int) -> dict[str, Any]:
    """Answer so many people's mails in one mailbox of a private server, then read it for the first time."""
    server = Dovecot().start()
    transport = RealInbox(server.certificate.for_client())
    try:
        server.add_user(address_of(0), PASSWORD)
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{folder}/cadence.db"
            async with opened(url, lambda: datetime.now(UTC), transport=transport) as app:
                (mailbox_id,) = await furnish(app, smtp="smtp://localhost:1", imap=server.imap_url)
                for start in range(0, count, _ENROLLED_AT_ONCE):
                    names = [f"c{n}" for n in range(start, min(start + _ENROLLED_AT_ONCE, count))]
                    await enroll_due(app, names)
                await asyncio.to_thread(server.fill, address_of(0), await _answers(app))
                cpu, began = cpu_seconds(), time.perf_counter()
                found = await reading.sync(app, mailbox_id)
                seconds = time.perf_counter() - began
                cpu = cpu_seconds() - cpu
        if found != count:
            raise RuntimeError(f"{found} of {count} replies were taken in")
    finally:
        server.remove()
    rate = count / seconds
    return {
        "replies": count,
        "seconds": round(seconds, 2),
        "per_second": round(rate, 1),
        "cpu_ms_per_reply": round(cpu * 1000 / count, 2),
        "seconds_for_20_000_at_that_rate": round(20_000 / rate),
    }


async def _answers(app: App) -> list[bytes]:
    sent = await pretend_sent(app)
    words = [reply.text for reply in _replies()]
    async with app.db.read() as tx:
        found = await tx.execute(sa.select(prospects.c.id, prospects.c.email))
        people: dict[int, str] = {row.id: row.email for row in found}
    return [
        reply(words[number % len(words)], row.message_id, people[row.prospect_id], number)
        for number, row in enumerate(sent)
    ]


def show(found: dict[str, Any]) -> str:
    """The lines that people read."""
    words = found["understand"]
    rows: list[tuple[str, ...]] = [
        (label, f"{words[f'{name}_per_second']:,}")
        for label, name in (
            ("parsed", "parse"),
            ("classified, words not understood", "without_intent"),
            ("classified, words understood", "with_intent"),
        )
    ]
    lines = [outcome.table(("", "messages/s"), rows)]
    if backfill := found["backfill"]:
        lines.append(
            f"backfill: {backfill['replies']:,} replies from {backfill['server']} "
            f"in {backfill['seconds']} s, {backfill['per_second']} a second, "
            f"{backfill['cpu_ms_per_reply']} ms of CPU each: "
            f"20,000 in {backfill['seconds_for_20_000_at_that_rate']} s"
        )
    else:
        lines.append("left out: the backfill needs Dovecot")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--replies", type=int, help="of the backfill (default 1000, short 40)")
    options.add_argument("--short", action="store_true", help="under 20 seconds: only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    found: dict[str, Any] = {"understand": understood(1 if given.short else 5), "backfill": None}
    if dovecot.is_installed():
        count = given.replies or (40 if given.short else 1_000)
        found["backfill"] = {"server": "Dovecot", **asyncio.run(taken_in(count))}
    print("reading")
    print(show(found))
    outcome.keep(given.results, "reading", found, short=given.short)


if __name__ == "__main__":
    main()
