"""The outcome of a demo as one JSON document."""

from collections import Counter
from typing import Any

from cadence.demo import invariants
from cadence.demo.evidence import Evidence
from cadence.demo.play import Play
from cadence.demo.stage import START
from cadence.store import enrollments, inbound, prospects


async def document(play: Play, seen: Evidence) -> dict[str, Any]:
    """What happened: counts, invariants that can be counted, and everybody's story."""
    async with play.stage.app.db.read() as tx:
        statuses = await prospects.counts_by_status(tx)
        categories = await inbound.counts(tx)
        standings = await enrollments.standings(tx)
        replies = list(reversed(await inbound.latest(tx, 100_000)))
    return {
        "sent": dict(sorted(Counter(mail.step for mail in seen.mails).items())),
        "replies": dict(sorted(categories.items())),
        "statuses": dict(sorted(statuses.items())),
        "duplicates": len(list(invariants.duplicates(seen))),
        "after_reply": len(list(invariants.after_reply(seen))),
        "simulated_days": (play.stage.clock() - START).days,
        "prospects": [
            {
                "email": row.email,
                "status": row.status,
                "sent": [
                    {"step": mail.step, "at": mail.at.isoformat()}
                    for mail in seen.mails
                    if mail.person.email == row.email
                ],
                "replies": [
                    {
                        "category": reply.corrected or reply.category,
                        "at": (reply.written_at or reply.received_at).isoformat(),
                    }
                    for reply in replies
                    if reply.email == row.email
                ],
                "why": row.state_reason or f"enrolled in {row.sequence}",
            }
            for row in standings
        ],
    }
