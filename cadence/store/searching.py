"""Finds people among a million: by the beginnings of words, by where they stand, by whose they are.

Lists are in the order of ids, the newest first, and every way to them leads over an index: words over the
full-text index (words.py), filters over those of the tables. First some are looked through that are likely
to fill a page; only where that is not enough is everything looked up.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import EnrollmentState
from cadence.core.people import User
from cadence.core.rights import REACH, Reach
from cadence.store.tables import deals, enrollments, mailboxes, prospects
from cadence.store.users import in_reach
from cadence.store.words import has, having, words_of

_MOST_STRETCHES = 100
_FEW = 1000
NEAR = 2000
"""How many of the newest are looked through."""
_AMONG = 3000
"""Of those who pass the filters, how many of the newest are looked through for words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are looked for; what is None or empty does not matter.

    text: words that names, address or company begin with; status: of the person; state, sequence,
    mailbox_id, owner_id, reason: one and the same enrollment has them all; ids: only these people.
    """

    text: str = ""
    status: str | None = None
    state: str | None = None
    sequence: str | None = None
    mailbox_id: int | None = None
    owner_id: int | None = None
    reason: str | None = None
    ids: tuple[int, ...] = ()

    @property
    def is_everybody(self) -> bool:
        """Whether nothing is asked for."""
        return self == Wanted()

    def plain(self) -> dict[str, Any]:
        """As it is kept in a job."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Wanted":
        """What `plain` gave."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        return cls(**{**values, "ids": tuple(values.get("ids", ()))})


async def page(
    tx: AsyncConnection, user: User, wanted: Wanted, *, before: int | None, limit: int
) -> list[int]:
    """Ids of some of the people whom a user reaches, the newest first. before: only older ones than this id.

    First the newest are asked about one by one: what is common fills a page from them. Then, where words and
    filters are wanted together, those who pass the filters are asked for the words: that finds what is rare
    by its filters. What is rare by its words is looked up in the full-text index; without words the
    enrollments are walked along an index, one stretch of it for each mailbox or state. So it costs neither
    what exists nor what is out of reach.
    """
    theirs = await _boxes_of(tx, user, wanted)
    words = words_of(wanted.text)
    if (theirs is not None and not theirs) or (wanted.text.strip() and not words):
        return []
    alike = [column == value for column, value in _plainly(wanted) if value]
    if wanted.reason:
        alike.append(await _for_reason(tx, wanted.reason))
    every = [*alike, enrollments.c.mailbox_id.in_(theirs)] if theirs is not None else alike
    asked = _Asked(tx, wanted, words, every, before, limit)
    if wanted.ids:
        return await _ids(tx, asked.looked_up())
    if not words and not every:
        return await _ids(tx, asked.along(sa.select(prospects.c.id), prospects.c.id))
    can_walk = len(theirs or ()) <= _MOST_STRETCHES
    stretches = _stretches(wanted, theirs) if every and can_walk else []
    windows = [] if words and tx.dialect.name == "sqlite" else [asked.newest()]
    windows += [asked.walked(stretches, alike, _AMONG).subquery()] if words and stretches else []
    for window, size in zip(windows, (NEAR, _AMONG), strict=False):
        found, is_all = await looked_through(tx, window, size, asked.conditions(window), limit)
        if is_all or len(found) == limit:
            return found
    return await _ids(tx, asked.looked_up() if words or not stretches else asked.walked(stretches, alike))


async def looked_through(
    tx: AsyncConnection,
    window: sa.Subquery,
    size: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    limit: int,
) -> tuple[list[int], bool]:
    """The newest of a window of so many ids for which conditions hold; and whether there are no others."""
    query = sa.select(window.c.id).where(*conditions).order_by(window.c.id.desc()).limit(limit)
    found = await _ids(tx, query)
    if len(found) == limit:
        return found, False
    count = sa.select(sa.func.count()).select_from(window)
    return found, int((await tx.execute(count)).scalar_one()) < size


async def _ids(tx: AsyncConnection, query: sa.Select[Any]) -> list[int]:
    return [row[0] for row in await tx.execute(query)]


def _plainly(wanted: Wanted) -> tuple[tuple[sa.Column[Any], str | None], ...]:
    return (enrollments.c.state, wanted.state), (enrollments.c.sequence, wanted.sequence)


async def _boxes_of(tx: AsyncConnection, user: User, wanted: Wanted) -> list[int] | None:
    """From which mailboxes the enrollments must be; None: from any."""
    if REACH[user.role] is Reach.ALL and not wanted.mailbox_id and not wanted.owner_id:
        return None
    query = sa.select(mailboxes.c.id).where(in_reach(mailboxes.c.id, user))
    if wanted.mailbox_id:
        query = query.where(mailboxes.c.id == wanted.mailbox_id)
    if wanted.owner_id:
        query = query.where(mailboxes.c.owner_id == wanted.owner_id)
    return list((await tx.execute(query)).scalars())


async def _for_reason(tx: AsyncConnection, reason: str) -> sa.ColumnElement[bool]:
    """That a deal was lost for this reason: where there are few, only these are looked at."""
    few = sa.select(deals.c.id).where(deals.c.reason == reason).limit(_FEW + 1)
    ids = list((await tx.execute(few)).scalars())
    if len(ids) <= _FEW:
        return enrollments.c.deal_id.in_(ids)
    return sa.exists().where(deals.c.id == enrollments.c.deal_id, deals.c.reason == reason)


def _stretches(wanted: Wanted, theirs: list[int] | None) -> list[sa.ColumnElement[bool]]:
    """Conditions, each of which an index of enrollments holds together in the order of the people."""
    if theirs is not None:
        return [enrollments.c.mailbox_id == box for box in theirs]
    if wanted.sequence and not wanted.state:
        return [enrollments.c.state == state.value for state in EnrollmentState]
    return [sa.true()]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One look for people, and the queries that answer it. every: what one of their enrollments must be."""

    tx: AsyncConnection
    wanted: Wanted
    words: list[str]
    every: list[sa.ColumnElement[bool]]
    before: int | None
    limit: int

    def newest(self) -> sa.Subquery:
        """The newest people of the status."""
        return self.along(sa.select(prospects.c.id), prospects.c.id, NEAR).subquery()

    def conditions(self, window: sa.Subquery) -> list[sa.ColumnElement[bool]]:
        """That somebody of a window is as wanted."""
        found: list[sa.ColumnElement[bool]] = []
        if self.words:
            found.append(has(self.tx, window.c.id, self.words))
        if self.every:
            found.append(sa.exists().where(enrollments.c.prospect_id == window.c.id, *self.every))
        return found

    def looked_up(self) -> sa.Select[Any]:
        """Whoever has the words, and is as wanted."""
        query, order = sa.select(prospects.c.id), prospects.c.id
        if self.words:
            found = having(self.tx, self.words)
            if self.tx.dialect.name == "sqlite":  # it goes along its words in their order
                these: Any = found.subquery("found")
                order = these.c.id
            else:  # first all of them: the planner would take it that any word is found everywhere
                these = found.cte("found").prefix_with("MATERIALIZED")
            query = query.join(these, these.c.id == prospects.c.id)
        if self.wanted.ids:
            query = query.where(prospects.c.id.in_(self.wanted.ids))
        if self.every:
            query = query.where(sa.exists().where(enrollments.c.prospect_id == prospects.c.id, *self.every))
        return self.along(query, order)

    def along(self, query: sa.Select[Any], order: Any, limit: int | None = None) -> sa.Select[Any]:
        """Some people of the status, the newest first."""
        if self.wanted.status:
            query = query.where(prospects.c.status == self.wanted.status)
        if self.before is not None:
            query = query.where(order < self.before)
        return query.order_by(order.desc()).limit(limit or self.limit)

    def walked(
        self, stretches: list[sa.ColumnElement[bool]], alike: list[sa.ColumnElement[bool]], limit: int = 0
    ) -> Any:
        """Whoever passes the filters: the newest of each stretch, then of all."""
        limit = limit or self.limit
        whose = enrollments.c.prospect_id
        conditions = list(alike)
        if self.wanted.status:
            with_status = prospects.c.id == whose, prospects.c.status == self.wanted.status
            conditions.append(sa.exists().where(*with_status))
        if self.before is not None:
            conditions.append(whose < self.before)
        firsts = [
            sa.select(whose.label("id"))
            .distinct()
            .where(one, *conditions)
            .order_by(whose.desc())
            .limit(limit)
            for one in stretches
        ]
        every = sa.union_all(*(sa.select(first.subquery().c.id) for first in firsts)).subquery()
        return sa.select(every.c.id).distinct().order_by(every.c.id.desc()).limit(limit)
