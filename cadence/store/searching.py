"""Finds people among a million: by the beginnings of words, by where they stand, by whose they are.

Lists are in the order of ids, the newest first, and every way to them leads over an index: words over the
full-text index of either database (`prospect_words`, kept by triggers), filters over those of the tables.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import EnrollmentState
from cadence.core.people import User
from cadence.core.rights import REACH, Reach
from cadence.store.messages import OPEN
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    mailboxes,
    messages,
    prospects,
    suppressions,
    users,
)
from cadence.store.users import in_reach

_MOST_WORDS = 8
_LONGEST_WORD = 60
_MOST_STRETCHES = 100
_FEW = 1000
_NEAR = 2000
INDEX = "prospect_words"
"""The table of the full-text index, whose rows are no data of their own."""

INDEXING = "prospect_words_of_new"
"""The trigger that takes new people into it."""

_SQLITE_WORDS = sa.table(INDEX, sa.column("rowid", sa.Integer), sa.column("prospect_words"))
_WORDS = sa.table(INDEX, sa.column("prospect_id", sa.BigInteger), sa.column("words"))


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


def words_of(text: str) -> list[str]:
    """The words that are looked for, without accents and signs, as the index has them."""
    plain = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return [word[:_LONGEST_WORD] for word in bare.split()[:_MOST_WORDS]]


async def page(
    tx: AsyncConnection, user: User, wanted: Wanted, *, before: int | None, limit: int
) -> list[int]:
    """Ids of some of the people whom a user reaches, the newest first. before: only older ones than this id.

    First the newest are asked about one by one: what is common fills a page from them. What is rare is
    looked up: words in the full-text index; otherwise the enrollments are walked along an index, one stretch
    of it for each mailbox or state. So it costs neither what exists nor what is out of reach.
    """
    theirs = await _boxes_of(tx, user, wanted)
    words = words_of(wanted.text)
    if (theirs is not None and not theirs) or (wanted.text.strip() and not words):
        return []
    alike = [column == value for column, value in _plainly(wanted) if value]
    if wanted.reason:
        alike.append(await _for_reason(tx, wanted.reason))
    every = [*alike, enrollments.c.mailbox_id.in_(theirs)] if theirs is not None else alike
    is_walked = not words and not wanted.ids
    if is_walked and not every:
        return await _ids(tx, _along(sa.select(prospects.c.id), prospects.c.id, wanted, before, limit))
    if not wanted.ids and not (words and tx.dialect.name == "sqlite"):  # which walks along its words anyway
        near = await _ids(tx, _near(tx, wanted, words, every, before, limit))
        if len(near) == limit:
            return near
    if is_walked and len(theirs or ()) <= _MOST_STRETCHES:
        return await _ids(tx, _walked(wanted, _stretches(wanted, theirs), alike, before, limit))
    return await _ids(tx, _looked_up(tx, wanted, words, every, before, limit))


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


def _near(
    tx: AsyncConnection,
    wanted: Wanted,
    words: Sequence[str],
    alike: list[sa.ColumnElement[bool]],
    before: int | None,
    limit: int,
) -> sa.Select[Any]:
    """Those of the newest people of a status who are as wanted."""
    newest = _along(sa.select(prospects.c.id), prospects.c.id, wanted, before, _NEAR).subquery()
    query = sa.select(newest.c.id)
    if words:
        there = sa.exists().where(_WORDS.c.prospect_id == newest.c.id, _has(words))
        query = query.where(there)
    if alike:
        query = query.where(sa.exists().where(enrollments.c.prospect_id == newest.c.id, *alike))
    return query.order_by(newest.c.id.desc()).limit(limit)


def _looked_up(
    tx: AsyncConnection,
    wanted: Wanted,
    words: Sequence[str],
    alike: list[sa.ColumnElement[bool]],
    before: int | None,
    limit: int,
) -> sa.Select[Any]:
    query, order = sa.select(prospects.c.id), cast("sa.ColumnElement[int]", prospects.c.id)
    if words and tx.dialect.name == "sqlite":
        query, order = _with_words_on_sqlite(words), _SQLITE_WORDS.c.rowid
    elif words:  # first all of them: the planner would take it that any word is found everywhere
        found = sa.select(_WORDS.c.prospect_id).where(_has(words)).cte("found").prefix_with("MATERIALIZED")
        query = query.join(found, found.c.prospect_id == prospects.c.id)
    if wanted.ids:
        query = query.where(prospects.c.id.in_(wanted.ids))
    if alike:
        query = query.where(sa.exists().where(enrollments.c.prospect_id == prospects.c.id, *alike))
    return _along(query, order, wanted, before, limit)


def _has(words: Sequence[str]) -> sa.ColumnElement[bool]:
    asked = " & ".join(f"{word}:*" for word in words)
    return _WORDS.c.words.op("@@")(sa.func.to_tsquery("simple", asked))


def _with_words_on_sqlite(words: Sequence[str]) -> sa.Select[Any]:
    asked = " ".join(f'"{word}"*' for word in words)
    there = _SQLITE_WORDS.join(prospects, prospects.c.id == _SQLITE_WORDS.c.rowid)
    return (
        sa.select(prospects.c.id).select_from(there).where(_SQLITE_WORDS.c.prospect_words.op("MATCH")(asked))
    )


def _along(
    query: sa.Select[Any], order: Any, wanted: Wanted, before: int | None, limit: int
) -> sa.Select[Any]:
    if wanted.status:
        query = query.where(prospects.c.status == wanted.status)
    if before is not None:
        query = query.where(order < before)
    return query.order_by(order.desc()).limit(limit)


def _stretches(wanted: Wanted, theirs: list[int] | None) -> list[sa.ColumnElement[bool]]:
    """Conditions, each of which an index of enrollments holds together in the order of the people."""
    if theirs is not None:
        return [enrollments.c.mailbox_id == box for box in theirs]
    if wanted.sequence and not wanted.state:
        return [enrollments.c.state == state.value for state in EnrollmentState]
    return [sa.true()]


def _walked(
    wanted: Wanted,
    stretches: list[sa.ColumnElement[bool]],
    alike: list[sa.ColumnElement[bool]],
    before: int | None,
    limit: int,
) -> sa.Select[Any]:
    whose = enrollments.c.prospect_id
    conditions = list(alike)
    if wanted.status:
        conditions.append(sa.exists().where(prospects.c.id == whose, prospects.c.status == wanted.status))
    if before is not None:
        conditions.append(whose < before)
    firsts = [
        sa.select(whose.label("id")).distinct().where(one, *conditions).order_by(whose.desc()).limit(limit)
        for one in stretches
    ]
    every = sa.union_all(*(sa.select(first.subquery().c.id) for first in firsts)).subquery()
    return sa.select(every.c.id).distinct().order_by(every.c.id.desc()).limit(limit)


# --- what is shown of them ---


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a list: the person, and their enrollments within reach, the newest first.

    person: the columns of prospects, with `company` and `suppressed`; next_at: when the next mail is due.
    """

    person: Any
    enrollments: tuple[Any, ...]
    next_at: Any


async def in_full(tx: AsyncConnection, user: User, ids: Sequence[int]) -> list[Shown]:
    """The lines of these people, in the order of their ids given."""
    if not ids:
        return []
    people = {row.id: row for row in await tx.execute(_PEOPLE.where(prospects.c.id.in_(ids)))}
    enrolled: dict[int, list[Any]] = {}
    theirs = _ENROLLED.where(enrollments.c.prospect_id.in_(ids), in_reach(enrollments.c.mailbox_id, user))
    for row in await tx.execute(theirs.order_by(enrollments.c.id.desc())):
        enrolled.setdefault(row.prospect_id, []).append(row)
    waiting = {row[0]: row[1] for row in await tx.execute(_NEXT.where(messages.c.prospect_id.in_(ids)))}
    return [
        Shown(people[id_], tuple(enrolled.get(id_, ())), waiting.get(id_)) for id_ in ids if id_ in people
    ]


_PEOPLE = sa.select(
    prospects,
    accounts.c.name.label("company"),
    sa.exists().where(suppressions.c.email_key == prospects.c.email_key).label("suppressed"),
).join(accounts, accounts.c.id == prospects.c.account_id)
_ENROLLED = (
    sa.select(enrollments, mailboxes.c.address.label("mailbox"), users.c.name.label("owner"))
    .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
    .outerjoin(users, users.c.id == mailboxes.c.owner_id)
)
_NEXT = (
    sa.select(messages.c.prospect_id, sa.func.min(messages.c.due_at))
    .where(messages.c.sent_at.is_(None), messages.c.state.in_(OPEN), messages.c.wake_at.is_not(None))
    .group_by(messages.c.prospect_id)
)


async def boxes(tx: AsyncConnection, user: User) -> list[Any]:
    """The mailboxes that a user reaches, with their owners: by what a list can be cut."""
    query = (
        sa.select(
            mailboxes.c.id,
            mailboxes.c.address,
            mailboxes.c.role,
            mailboxes.c.owner_id,
            users.c.name.label("owner"),
        )
        .outerjoin(users, users.c.id == mailboxes.c.owner_id)
        .where(mailboxes.c.removed_at.is_(None), in_reach(mailboxes.c.id, user))
        .order_by(users.c.name, mailboxes.c.address)
    )
    return list(await tx.execute(query))


def with_words(tx: AsyncConnection, words: Sequence[str]) -> sa.FromClause:
    """The ids of everybody who has these words, for other lists; its column is `id`."""
    if tx.dialect.name == "sqlite":
        return _with_words_on_sqlite(words).subquery("found")
    query = sa.select(_WORDS.c.prospect_id.label("id")).where(_has(words))
    return query.cte("found").prefix_with("MATERIALIZED")
