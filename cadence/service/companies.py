"""A company as a whole: what went wrong and in whose words, its people, and when it hears of us next."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import InvalidInput, NotFound
from cadence.service.app import App
from cadence.store import companies

SILENT = timedelta(days=90)


async def show(app: App, name: str) -> dict[str, Any]:
    """Everything about a company by its name or domain; raises NotFound, InvalidInput where several fit."""
    async with app.db.read() as tx:
        found = await companies.named(tx, name)
        if not found:
            raise NotFound(f"there is no company {name!r}")
        if len(found) > 1:
            names = ", ".join(one.name for one in found)
            raise InvalidInput(f"several companies go by {name!r}; say which: {names}")
        (one,) = found
        people = await companies.people_of(tx, one.id)
        return _plain(one) | {
            "industry": one.industry,
            "size": one.size,
            "deals": await _deals(tx, one.id),
            "people": [
                {"email": who.email, "title": who.title, "status": who.status, "unreachable": who.unreachable}
                for who in people
            ],
        }


async def silent(app: App, span: timedelta = SILENT) -> list[dict[str, Any]]:
    """Companies with an open deal that nobody will write to for so long, the longest silent first."""
    async with app.db.read() as tx:
        return [_plain(one) for one in await companies.silent(tx, app.clock() + span)]


def _plain(one: Any) -> dict[str, Any]:
    """next_at: when the next mail to anybody there is due, None for none; last_at: the latest that left."""
    times = {"next_at": _iso(one.next_at), "last_at": _iso(one.last_at)}
    return {"company": one.name, "domain": one.domain} | times


async def _deals(tx: AsyncConnection, account_id: int) -> list[dict[str, Any]]:
    """What went wrong with each deal: the rep's version, and apart from it the prospects', in their words."""
    rows = await companies.deals_of(tx, account_id)
    said = await companies.said_of(tx, [row.id for row in rows])
    return [
        {
            "name": row.name,
            "lost_at": _iso(row.lost_at),
            "outcome": row.outcome,
            "rep": {"reason": row.reason, "competitor": row.competitor, "missing": row.missing},
            "prospects": [_version(one) for one in said if one.deal_id == row.id and _tells(one.verdict)],
        }
        for row in rows
    ]


def _tells(verdict: dict[str, Any] | None) -> bool:
    return bool(verdict and (verdict["loss_reasons"] or verdict["competitor"]))


def _version(reply: Any) -> dict[str, Any]:
    verdict = reply.verdict
    about = {"by": reply.sender, "at": _iso(reply.received_at), "words": verdict["text"]}
    return {"reasons": verdict["loss_reasons"], "competitor": verdict["competitor"]} | about


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
