"""What must be true of a database beside the log of the mail server, whatever was killed in between."""

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from cadence.core.model import MessageState, TaskKind
from cadence.service.app import App
from cadence.store.tables import events, messages, tasks
from tests.faults.site import FIRST, SECOND


@dataclass
class Verdict:
    """How many mails ended how; faults: what is wrong, in words, nothing if all is well."""

    states: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


async def judge(app: App, taken: Counter[str], *, expected: int) -> Verdict:
    """Compare what the database says of the first mails with what the mail server took."""
    verdict = Verdict()
    async with app.db.read() as tx:
        first = list(await tx.execute(sa.select(messages).where(messages.c.step == FIRST)))
        followed = set(
            (await tx.execute(sa.select(messages.c.enrollment_id).where(messages.c.step == SECOND))).scalars()
        )
        doubts = Counter(
            (
                await tx.execute(
                    sa.select(tasks.c.message_id).where(
                        tasks.c.kind == TaskKind.IN_DOUBT, tasks.c.done_at.is_(None)
                    )
                )
            ).scalars()
        )
        told = Counter(
            (
                await tx.execute(
                    sa.select(events.c.message_id, events.c.kind).where(
                        events.c.kind.in_(("message.sent", "message.in_doubt"))
                    )
                )
            ).all()
        )
    if len(first) != expected:
        verdict.faults.append(f"{len(first)} mails instead of {expected}")
    for message_id, times in taken.items():
        if times > 1:
            verdict.faults.append(f"{message_id} was sent {times} times")
    for row in first:
        verdict.states[row.state] += 1
        verdict.faults += (
            f"mail {row.id}: {fault}" for fault in _faults(row, taken[row.message_id], doubts, told, followed)
        )
    if strangers := taken.keys() - {row.message_id for row in first}:
        verdict.faults.append(f"nobody knows of {strangers}")
    return verdict


def _faults(
    row: sa.Row[tuple[object, ...]],
    taken: int,
    doubts: Counter[int],
    told: Counter[tuple[int, str]],
    followed: set[int],
) -> list[str]:
    sent, in_doubt = row.state == MessageState.SENT, row.state == MessageState.IN_DOUBT
    wrong = {
        f"is {row.state} at the end": not (sent or in_doubt),
        "is sent by the book, and the server never saw it": sent and not taken,
        "has left, and the book does not say so": bool(taken) and not (sent or in_doubt),
        "was tried twice": row.attempts > 1,
        f"has {doubts[row.id]} open doubts": doubts[row.id] != in_doubt,
        "has no event of the doubt": in_doubt and not told[row.id, "message.in_doubt"],
        f"has {told[row.id, 'message.sent']} events of its leaving": told[row.id, "message.sent"] != sent,
        "is not followed by the next one": sent and row.enrollment_id not in followed,
        "is followed by the next one though in doubt": in_doubt and row.enrollment_id in followed,
    }
    return [words for words, is_so in wrong.items() if is_so]
