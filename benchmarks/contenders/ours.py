"""Cadence's whole pipeline: claim, decide, render two parts, compose, SMTP, record; every step durable.

Ten mailboxes, each with a connection of its own; of several processes each serves its share of them, as
the queue shares them out.
"""

import asyncio
import logging
from collections import Counter
from typing import Any, TextIO
from uuid import uuid4

import structlog

from benchmarks.contenders.child import run, serve
from benchmarks.installation import enroll_due, furnish, opened, shifted_clock
from cadence.service import sending
from cadence.service.app import App
from cadence.store import mailboxes, messages

MAILBOXES = 10


async def _send(app: App, mine: list[int]) -> Counter[str]:
    """Serve the mailboxes until nothing is due in them."""
    results: Counter[str] = Counter()
    while True:
        async with app.db.read() as tx:
            due = set(await messages.mailboxes_with_work(tx, app.clock())) & set(mine)
        if not due:
            return results
        for counts in await asyncio.gather(*(sending.send_due(app, mailbox_id) for mailbox_id in due)):
            results += counts


async def _main(given: dict[str, Any], answers: TextIO) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    number, processes = given["number"], given["processes"]
    clock = shifted_clock(given["ahead"])
    async with opened(given["database"], clock, process=f"process {number}") as app:
        if number == 0:
            await furnish(app, smtp=f"smtp://localhost:{given['port']}", reps=MAILBOXES)

        async def prepare(count: int) -> int:
            await enroll_due(app, [f"c{uuid4().hex}" for _ in range(count)], reps=MAILBOXES)
            return count

        async def send(count: int) -> int:
            async with app.db.read() as tx:
                ids = sorted(mailbox.id for mailbox in await mailboxes.all_of(tx))
            results = await _send(app, ids[number::processes])
            if set(results) - {"accepted"}:
                raise RuntimeError(f"not every mail left: {dict(results)}")
            return results["accepted"]

        await serve(answers, prepare=prepare, send=send)


if __name__ == "__main__":
    run(_main)
