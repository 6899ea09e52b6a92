"""Lost deals within reach: a list that is cut by reason and by words, and one deal with its people.

The list is in the order of ids, the newest first. Words are those of the people and the company.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.core.rights import REACH, Reach
from cadence.store.searching import NEAR, looked_through
from cadence.store.tables import accounts, deals, enrollments, inbound, mailboxes, prospects, users
from cadence.store.users import in_reach
from cadence.store.words import has, having, words_of

FEW = 4000
"""So many people are looked up one by one."""
_COLUMNS = [
    deals.c[name]
    for name in (
        "id",
        "name",
        "lost_at",
        "product",
        "reason",
        "competitor",
        "competitor_contract_end",
        "amount",
        "missing",
        "missing_ships",
        "alternative",
        "referred_by",
    )
]
_DEALS = sa.select(
    *_COLUMNS,
    deals.c.account_id,
    accounts.c.name.label("company"),
    accounts.c.domain,
    accounts.c.industry,
    accounts.c.size,
).join(accounts, accounts.c.id == deals.c.account_id)


async def page(
    tx: AsyncConnection, user: User, *, text: str, reason: str, before: int | None, limit: int
) -> list[Any]:
    """Some deals within reach, the newest first. before: only older ones than this id.

    First the newest are looked through, then those of the mailboxes within reach; what that does not find is
    looked up.
    """
    boxes = None
    if REACH[user.role] is not Reach.ALL:
        within = sa.select(mailboxes.c.id).where(in_reach(mailboxes.c.id, user))
        boxes = list((await tx.execute(within)).scalars())
    words = words_of(text)
    if boxes == [] or (text.strip() and not words):
        return []
    if not words and boxes is None:
        newest = await tx.execute(walked(None, reason=reason, before=before, limit=limit))
        return await _in_full(tx, list(newest.scalars()))
    windows = [walked(None, reason=reason, before=before, limit=NEAR).subquery()]
    if boxes is not None:
        theirs = walked(boxes, reason=reason, before=before, limit=NEAR if words else limit)
        windows.append(theirs.subquery())
    for window in windows:
        conditions = _conditions(tx, window.c.id, words, boxes)
        found, is_all = await looked_through(tx, window, NEAR, conditions, limit)
        if is_all or len(found) == limit:
            return await _in_full(tx, found)
    count = await _count(tx, words)
    if not count:
        return []
    query = _with_words(tx, words, boxes, are_few=count <= FEW)
    if reason:
        query = query.join(deals, deals.c.id == enrollments.c.deal_id).where(deals.c.reason == reason)
    if before is not None:
        query = query.where(enrollments.c.deal_id < before)
    ids = await tx.execute(query.order_by(enrollments.c.deal_id.desc()).limit(limit))
    return await _in_full(tx, list(ids.scalars()))


def walked(
    boxes: Sequence[int] | None, *, before: int | None, limit: int, reason: str = ""
) -> sa.Select[Any]:
    """The newest deals as a column `id`, along an index; boxes: of these mailboxes, None for all deals."""
    if boxes is not None:
        return _of_boxes(boxes, reason, before, limit)
    return _cut(sa.select(deals.c.id), reason, before).order_by(deals.c.id.desc()).limit(_plainly(limit))


def _plainly(limit: int) -> sa.ColumnElement[int]:
    """A limit that PostgreSQL knows when it plans, also where it plans once for all that follows."""
    return sa.literal_column(str(limit), sa.Integer)


def _cut(query: sa.Select[Any], reason: str, before: int | None) -> sa.Select[Any]:
    if reason:
        query = query.where(deals.c.reason == reason)
    return query.where(deals.c.id < before) if before is not None else query


def _conditions(
    tx: AsyncConnection, deal_id: sa.ColumnElement[int], words: Sequence[str], boxes: Sequence[int] | None
) -> list[sa.ColumnElement[bool]]:
    """That somebody who was enrolled because of a deal is within reach and has these words."""
    theirs = [enrollments.c.deal_id == deal_id]
    if boxes is not None:
        theirs.append(enrollments.c.mailbox_id.in_(boxes))
    if words:
        theirs.append(has(tx, enrollments.c.prospect_id, words))
    return [sa.exists().where(*theirs)]


async def _count(tx: AsyncConnection, words: Sequence[str]) -> int:
    """How many people have these words; one more than FEW where they are many."""
    some = having(tx, words).limit(FEW + 1).subquery()
    return int((await tx.execute(sa.select(sa.func.count()).select_from(some))).scalar_one())


def _with_words(
    tx: AsyncConnection, words: Sequence[str], boxes: Sequence[int] | None, *, are_few: bool
) -> sa.Select[Any]:
    """Deals of people who have these words. are_few: said in the query, and not as a parameter, so that each
    of them is looked up and PostgreSQL does not walk through all enrollments.
    """
    people = having(tx, words)
    if are_few:
        people = people.limit(_plainly(FEW))
    found = people.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    ours = found.join(enrollments, enrollments.c.prospect_id == found.c.id)
    query = sa.select(enrollments.c.deal_id).distinct().select_from(ours)
    return query.where(enrollments.c.mailbox_id.in_(boxes)) if boxes is not None else query


def _of_boxes(boxes: Sequence[int], reason: str, before: int | None, limit: int) -> sa.Select[Any]:
    """The newest deals of each mailbox, then of all of them."""
    firsts = []
    for box in boxes:
        mine = sa.select(enrollments.c.deal_id).distinct().where(enrollments.c.mailbox_id == box)
        if reason:
            lost = sa.exists().where(deals.c.id == enrollments.c.deal_id, deals.c.reason == reason)
            mine = mine.where(lost)
        if before is not None:
            mine = mine.where(enrollments.c.deal_id < before)
        firsts.append(mine.order_by(enrollments.c.deal_id.desc()).limit(_plainly(limit)).subquery())
    every = sa.union_all(*(sa.select(one.c.deal_id.label("id")) for one in firsts)).subquery()
    return sa.select(every.c.id).distinct().order_by(every.c.id.desc()).limit(_plainly(limit))


async def _in_full(tx: AsyncConnection, ids: Sequence[int]) -> list[Any]:
    if not ids:
        return []
    query = _DEALS.where(deals.c.id.in_(ids)).order_by(deals.c.id.desc())
    return list(await tx.execute(query))


async def one(tx: AsyncConnection, deal_id: int) -> Any | None:
    """One deal with its company, or None."""
    return (await tx.execute(_DEALS.where(deals.c.id == deal_id))).one_or_none()


async def people(tx: AsyncConnection, user: User, deal_id: int) -> list[Any]:
    """Who was enrolled because of a deal, within reach: the newest enrollment first."""
    query = (
        sa.select(
            prospects.c.id,
            prospects.c.email,
            prospects.c.first_name,
            prospects.c.last_name,
            prospects.c.title,
            prospects.c.status,
            enrollments.c.sequence,
            enrollments.c.state,
            enrollments.c.started_at,
            mailboxes.c.address.label("mailbox"),
            users.c.name.label("owner"),
        )
        .join(enrollments, enrollments.c.prospect_id == prospects.c.id)
        .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
        .outerjoin(users, users.c.id == mailboxes.c.owner_id)
        .where(enrollments.c.deal_id == deal_id, in_reach(enrollments.c.mailbox_id, user))
        .order_by(enrollments.c.id.desc())
        .limit(200)
    )
    return list(await tx.execute(query))


async def said(tx: AsyncConnection, user: User, deal_id: int) -> list[Any]:
    """What the people of a deal said that tells why it was lost, the newest first."""
    from_here = sa.select(enrollments.c.id).where(
        enrollments.c.deal_id == deal_id, in_reach(enrollments.c.mailbox_id, user)
    )
    query = (
        sa.select(inbound, prospects.c.email)
        .join(prospects, prospects.c.id == inbound.c.prospect_id)
        .where(inbound.c.enrollment_id.in_(from_here), inbound.c.verdict.is_not(None))
        .order_by(inbound.c.id.desc())
        .limit(50)
    )
    return list(await tx.execute(query))
