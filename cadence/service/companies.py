"""A company as a whole: what went wrong, in whose words, what of it is covered, its people, its next mail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.people import Actor, User
from cadence.core.rights import Visitor
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import audit, companies

SILENT = timedelta(days=90)
LONGEST_NOTE = 500
PART = 50


@dataclass(frozen=True, slots=True)
class Cover:
    """What somebody says of a reason that would not lose us a deal again. on: since when, None for today."""

    note: str
    on: date | None = None


async def show(app: App, name: str) -> dict[str, Any]:
    """Everything about a company by its name or domain; raises NotFound, InvalidInput where several fit."""
    async with app.db.read() as tx:
        return await _facts(tx, await _named(tx, name), None)


async def look(app: App, visitor: Visitor, account_id: int) -> dict[str, Any]:
    """The same of one company, as far as it is within reach; raises NotFound where nothing of it is."""
    async with app.db.read() as tx:
        return await _facts(tx, await _reached(tx, visitor, account_id), visitor.user)


async def _facts(tx: AsyncConnection, one: Any, user: User | None) -> dict[str, Any]:
    people = await companies.people_of(tx, one.id, user)
    deals = await _deals(tx, one.id, user)
    kept = ("id", "email", "first_name", "last_name", "title", "status", "unreachable")
    return _plain(one) | {
        "industry": one.industry,
        "size": one.size,
        "deals": deals,
        "reasons": await _reasons(tx, one.id, deals),
        "people": [{name: getattr(who, name) for name in kept} for who in people],
    }


async def tick(app: App, visitor: Visitor, account_id: int, reason: str, said: Cover | None) -> str:
    """`cover` for a company within reach."""
    async with app.db.write() as tx:
        one = await _reached(tx, visitor, account_id)
        return await _cover(app, tx, visitor.actor, one, reason, said, visitor.user)


async def _reached(tx: AsyncConnection, visitor: Visitor, account_id: int) -> Any:
    one = await companies.get(tx, account_id)
    if one is None or not await companies.deals_of(tx, account_id, visitor.user):
        raise NotFound("There is no such company, or it is somebody else's.")
    return one


async def cover(app: App, actor: Actor, name: str, reason: str, said: Cover | None) -> str:
    """Keep that what lost us a deal of a company is covered, or with None that it is not; gives the reason.

    Raises NotFound, InvalidInput, or Conflict where there is nothing to take back.
    """
    async with app.db.write() as tx:
        return await _cover(app, tx, actor, await _named(tx, name), reason, said, None)


async def _cover(
    app: App, tx: AsyncConnection, actor: Actor, one: Any, reason: str, said: Cover | None, user: User | None
) -> str:
    now = app.clock()
    if said is not None:
        _check(said, now.date())
    known = _known(await _reasons(tx, one.id, await _deals(tx, one.id, user)), reason, one.name)
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
    every: list[dict[str, Any]] = []
    before, is_end = None, False
    async with app.db.read() as tx:
        while not is_end:
            found, before = await companies.silent(
                tx, app.clock() + span, None, before=before, limit=companies.LOOKED
            )
            every += [_plain(one) for one in found]
            is_end = before is None
    return sorted(every, key=lambda one: (one["last_at"] or "", one["id"]))


async def silent_part(app: App, visitor: Visitor, span: timedelta, *, after: str = "") -> Part[Any]:
    """Those within reach, one part of the list: rows with id, name, domain, next_at and last_at.

    The newest deals come first. A part may be short, or empty, before the end: `next` tells.
    """
    (before,) = position(after, int) or (None,)
    until = app.clock() + span
    async with app.db.read() as tx:
        found, behind = await companies.silent(tx, until, visitor.user, before=before, limit=PART)
    return Part(found, None if behind is None else cursor(behind))


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
    return {"id": one.id, "company": one.name, "domain": one.domain} | times


async def _deals(tx: AsyncConnection, account_id: int, user: User | None) -> list[dict[str, Any]]:
    """What went wrong with each deal: the rep's version, and apart from it the prospects', in their words."""
    rows = await companies.deals_of(tx, account_id, user)
    said = await companies.said_of(tx, [row.id for row in rows], user)
    return [
        {
            "id": row.id,
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
    about = {
        "reply_id": reply.id,
        "by": reply.sender,
        "at": _iso(reply.received_at),
        "words": verdict["text"],
    }
    return {"reasons": verdict["loss_reasons"], "competitor": verdict["competitor"]} | about


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
