"""A company as a whole: what went wrong, in whose words, what of it is covered, its people, its next mail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.people import Actor
from cadence.service.app import App
from cadence.store import audit, companies

SILENT = timedelta(days=90)
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Cover:
    """What somebody says of a reason that would not lose us a deal again. on: since when, None for today."""

    note: str
    on: date | None = None


async def show(app: App, name: str) -> dict[str, Any]:
    """Everything about a company by its name or domain; raises NotFound, InvalidInput where several fit."""
    async with app.db.read() as tx:
        one = await _named(tx, name)
        people = await companies.people_of(tx, one.id)
        deals = await _deals(tx, one.id)
        return _plain(one) | {
            "industry": one.industry,
            "size": one.size,
            "deals": deals,
            "reasons": await _reasons(tx, one.id, deals),
            "people": [
                {"email": who.email, "title": who.title, "status": who.status, "unreachable": who.unreachable}
                for who in people
            ],
        }


async def cover(app: App, actor: Actor, name: str, reason: str, said: Cover | None) -> str:
    """Keep that what lost us a deal of a company is covered, or with None that it is not; gives the reason.

    Raises NotFound, InvalidInput, or Conflict where there is nothing to take back.
    """
    now = app.clock()
    if said is not None:
        _check(said, now.date())
    async with app.db.write() as tx:
        one = await _named(tx, name)
        known = _known(await _reasons(tx, one.id, await _deals(tx, one.id)), reason, one.name)
        if said is not None:
            since = said.on or now.date()
            await companies.cover(
                tx, one.id, known, note=said.note.strip(), covered_on=since, actor=actor.name, at=now
            )
        elif not await companies.uncover(tx, one.id, known):
            raise Conflict(f"nobody said that {known} is covered for {one.name}")
        action = "account.covered" if said else "account.not_covered"
        await audit.record(tx, actor, action, f"{one.name}: {known}", at=now)
    return known


def _check(said: Cover, today: date) -> None:
    if not said.note.strip():
        raise InvalidInput("Say in a note how it is covered.")
    if len(said.note) > LONGEST_NOTE or not said.note.strip().isprintable():
        raise InvalidInput(f"Write one line of at most {LONGEST_NOTE} characters.")
    if said.on is not None and said.on > today:
        raise InvalidInput(f"It cannot be covered now and only from {said.on} on.")


def _known(reasons: list[dict[str, Any]], reason: str, company: str) -> str:
    names = [str(one["reason"]) for one in reasons]
    wanted = " ".join(reason.casefold().split())
    for name in names:
        if name.casefold() in (wanted, wanted.replace(" ", "_")):
            return name
    said = ", ".join(names) or "none is known"
    raise InvalidInput(f"no deal of {company} was lost for {reason!r}; the reasons: {said}")


async def silent(app: App, span: timedelta = SILENT) -> list[dict[str, Any]]:
    """Companies with an open deal that nobody will write to for so long, the longest silent first."""
    async with app.db.read() as tx:
        return [_plain(one) for one in await companies.silent(tx, app.clock() + span)]


async def _named(tx: AsyncConnection, name: str) -> Any:
    found = await companies.named(tx, name)
    if not found:
        raise NotFound(f"there is no company {name!r}")
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise InvalidInput(f"several companies go by {name!r}; say which: {names}")
    return found[0]


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


async def _reasons(tx: AsyncConnection, account_id: int, deals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every reason with who gave it, and since when it is covered; those that are not come first."""
    rep = {deal["rep"]["reason"] for deal in deals} - {None}
    prospects = {reason for deal in deals for said in deal["prospects"] for reason in said["reasons"]}
    covered = await companies.covered_of(tx, account_id)
    return [
        {"reason": reason, "rep": reason in rep, "prospects": reason in prospects}
        | _covered(covered.get(reason))
        for reason in sorted(rep | prospects | covered.keys(), key=lambda one: (one in covered, one))
    ]


def _covered(row: Any | None) -> dict[str, Any]:
    if row is None:
        return {"covered_on": None, "note": None, "by": None}
    return {"covered_on": row.covered_on.isoformat(), "note": row.note, "by": row.actor}


def _tells(verdict: dict[str, Any] | None) -> bool:
    return bool(verdict and (verdict["loss_reasons"] or verdict["competitor"]))


def _version(reply: Any) -> dict[str, Any]:
    verdict = reply.verdict
    about = {"by": reply.sender, "at": _iso(reply.received_at), "words": verdict["text"]}
    return {"reasons": verdict["loss_reasons"], "competitor": verdict["competitor"]} | about


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
