"""What other software may see of each kind of thing: one query a kind, cut to whom the user's rights reach.

Lists are in the order of their ids, the newest first, so that a page begins where an index says and not
where counting leads. Whose a thing is follows from the mailbox that its enrollment writes from.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState
from cadence.core.people import User
from cadence.core.rights import REACH, Reach
from cadence.store import searching
from cadence.store.searching import Wanted
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    events,
    inbound,
    mailboxes,
    messages,
    metadata,
    prospects,
    suppressions,
    tasks,
    users,
)
from cadence.store.users import in_reach

Find = Callable[[AsyncConnection, int | None, int], Awaitable[list[int]]]


@dataclass(frozen=True, slots=True)
class Listing:
    """All things of a kind that a user may see. what: one of them in words; table: where its id stands.

    find: gives the ids of a page where the query alone would have to walk through all.
    """

    what: str
    table: str
    query: sa.Select[Any]
    find: Find | None = None

    @property
    def id(self) -> sa.Column[Any]:
        """By which they are sorted."""
        return metadata.tables[self.table].c.id


async def page(tx: AsyncConnection, of: Listing, *, before: int | None, limit: int) -> list[Any]:
    """Some of a list, the newest first. before: only those older than the one of this id."""
    query = of.query.order_by(of.id.desc()).limit(limit)
    if of.find is not None:
        query = query.where(of.id.in_(await of.find(tx, before, limit)))
    elif before is not None:
        query = query.where(of.id < before)
    return list(await tx.execute(query))


async def one(tx: AsyncConnection, of: Listing, id_: int, *, hold: bool = False) -> Any | None:
    """The one of this id; hold: nobody else changes it until the transaction ends."""
    query = of.query.where(of.id == id_)
    if hold:
        query = query.with_for_update(of=metadata.tables[of.table], key_share=True)
    return (await tx.execute(query)).one_or_none()


def _where(query: sa.Select[Any], **wanted: tuple[sa.ColumnElement[Any], Any]) -> sa.Select[Any]:
    """A query with those conditions of which the wanted value is known."""
    return query.where(*(column == value for column, value in wanted.values() if value is not None))


def _reached(column: sa.Column[Any], whose: sa.Column[Any], user: User) -> sa.ColumnElement[bool]:
    """That a thing belongs to an enrollment within reach; whose: the enrollments' column that names it."""
    if REACH[user.role] is Reach.ALL:
        return sa.true()
    people = enrollments.join(prospects, prospects.c.id == enrollments.c.prospect_id)
    within = sa.select(whose).select_from(people).where(in_reach(enrollments.c.mailbox_id, user))
    return column.in_(within)


def account_list(user: User, *, domain: str | None = None) -> Listing:
    """Companies of people within reach."""
    columns = [accounts.c[name] for name in ("id", "name", "domain", "industry", "size", "created_at")]
    query = sa.select(*columns).where(_reached(accounts.c.id, prospects.c.account_id, user))
    return Listing("account", "accounts", _where(query, domain=(accounts.c.domain, domain)))


_SUPPRESSED = sa.exists().where(suppressions.c.email_key == prospects.c.email_key)


def prospect_list(
    user: User,
    *,
    email_key: str | None = None,
    status: str | None = None,
    account_id: int | None = None,
    words: str = "",
) -> Listing:
    """People within reach, with their company. words: that names, address or company begin with; not
    together with an address or a company.
    """
    columns = [column for column in prospects.c if column.name not in ("email_key", "soft_bounces")]
    query = (
        sa.select(*columns, accounts.c.name.label("company"), _SUPPRESSED.label("suppressed"))
        .join(accounts, accounts.c.id == prospects.c.account_id)
        .where(_reached(prospects.c.id, enrollments.c.prospect_id, user))
    )
    wanted = _where(
        query,
        email=(prospects.c.email_key, email_key),
        status=(prospects.c.status, status),
        account=(prospects.c.account_id, account_id),
    )

    async def find(tx: AsyncConnection, before: int | None, limit: int) -> list[int]:
        return await searching.page(tx, user, Wanted(words, status), before=before, limit=limit)

    is_walked = status and email_key is None and account_id is None and REACH[user.role] is not Reach.ALL
    return Listing("prospect", "prospects", wanted, find if words or is_walked else None)


def deal_list(user: User, *, account_id: int | None = None) -> Listing:
    """Deals of which somebody within reach is enrolled."""
    query = (
        sa.select(deals, accounts.c.name.label("company"))
        .join(accounts, accounts.c.id == deals.c.account_id)
        .where(_reached(deals.c.id, enrollments.c.deal_id, user))
    )
    wanted = _where(query, account=(deals.c.account_id, account_id))
    return Listing("deal", "deals", wanted)


def enrollment_list(
    user: User,
    *,
    prospect_id: int | None = None,
    deal_id: int | None = None,
    sequence: str | None = None,
    state: str | None = None,
) -> Listing:
    """Enrollments within reach."""
    query = (
        sa.select(enrollments, prospects.c.email, mailboxes.c.address.label("mailbox"))
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
        .where(in_reach(enrollments.c.mailbox_id, user))
    )
    wanted = _where(
        query,
        prospect=(enrollments.c.prospect_id, prospect_id),
        deal=(enrollments.c.deal_id, deal_id),
        sequence=(enrollments.c.sequence, sequence),
        state=(enrollments.c.state, state),
    )
    return Listing("enrollment", "enrollments", wanted)


_ENDED = (MessageState.SENT, MessageState.REFUSED, MessageState.SKIPPED, MessageState.CANCELLED)
_HAS_ENDED = messages.c.state.in_([sa.literal_column(f"'{state}'") for state in _ENDED])
"""As the index says it: with parameters instead, databases cannot tell that the index is enough."""


def message_list(
    user: User,
    *,
    enrollment_id: int | None = None,
    prospect_id: int | None = None,
    state: str | None = None,
) -> Listing:
    """Mails to people within reach: sent, on their way, to come."""
    columns = [column for column in messages.c if column.name not in ("raw", "sent_by", "to_file")]
    query = (
        sa.select(*columns, prospects.c.email)
        .join(prospects, prospects.c.id == messages.c.prospect_id)
        .join(enrollments, enrollments.c.id == messages.c.enrollment_id)
        .where(in_reach(enrollments.c.mailbox_id, user))
    )
    wanted = _where(
        query,
        enrollment=(messages.c.enrollment_id, enrollment_id),
        prospect=(messages.c.prospect_id, prospect_id),
        state=(messages.c.state, state),
    )
    return Listing("message", "messages", wanted.where(_HAS_ENDED) if state in _ENDED else wanted)


_MEANT = sa.func.coalesce(inbound.c.corrected, inbound.c.category)


def _means(category: str) -> sa.ColumnElement[bool]:
    """That `_MEANT` is this, said so that indexes answer it."""
    unchanged = sa.and_(inbound.c.corrected.is_(None), inbound.c.category == category)
    return sa.or_(inbound.c.corrected == category, unchanged)


def reply_list(
    user: User,
    *,
    enrollment_id: int | None = None,
    prospect_id: int | None = None,
    category: str | None = None,
) -> Listing:
    """What was received from people within reach, as understood."""
    columns = [column for column in inbound.c if column.name not in ("raw", "category")]
    whose = sa.func.coalesce(enrollments.c.mailbox_id, inbound.c.mailbox_id)
    query = (
        sa.select(*columns, inbound.c.category.label("read_as"), _MEANT.label("category"), prospects.c.email)
        .outerjoin(prospects, prospects.c.id == inbound.c.prospect_id)
        .outerjoin(enrollments, enrollments.c.id == inbound.c.enrollment_id)
        .where(in_reach(whose, user))
    )
    wanted = _where(
        query,
        enrollment=(inbound.c.enrollment_id, enrollment_id),
        prospect=(inbound.c.prospect_id, prospect_id),
    )
    return Listing("reply", "inbound", wanted.where(_means(category)) if category else wanted)


def task_list(user: User, *, is_open: bool | None = None, kind: str | None = None) -> Listing:
    """What waits, or waited, for a person: about people within reach, or about a mailbox of theirs."""
    whose = sa.func.coalesce(enrollments.c.mailbox_id, tasks.c.mailbox_id)
    query = (
        sa.select(tasks, prospects.c.email)
        .outerjoin(prospects, prospects.c.id == tasks.c.prospect_id)
        .outerjoin(enrollments, enrollments.c.id == tasks.c.enrollment_id)
        .where(in_reach(whose, user))
    )
    if is_open is not None:
        query = query.where(tasks.c.done_at.is_(None) if is_open else tasks.c.done_at.is_not(None))
    return Listing("task", "tasks", _where(query, kind=(tasks.c.kind, kind)))


def event_list(
    user: User,
    *,
    enrollment_id: int | None = None,
    prospect_id: int | None = None,
    kind: str | None = None,
) -> Listing:
    """What happened to people and mailboxes within reach, and why."""
    whose = sa.func.coalesce(enrollments.c.mailbox_id, events.c.mailbox_id)
    query = (
        sa.select(events)
        .outerjoin(enrollments, enrollments.c.id == events.c.enrollment_id)
        .where(in_reach(whose, user))
    )
    wanted = _where(
        query,
        enrollment=(events.c.enrollment_id, enrollment_id),
        prospect=(events.c.prospect_id, prospect_id),
        kind=(events.c.kind, kind),
    )
    return Listing("event", "events", wanted)


_HIDDEN = ("secret", "username", "address_key", "watched_by", "first_sent_on", "removed_at", "owner_id")


def mailbox_list(user: User) -> Listing:
    """Mailboxes within reach that were not removed, with whose they are; nothing by which to log in."""
    columns = [column for column in mailboxes.c if column.name not in _HIDDEN]
    query = (
        sa.select(*columns, users.c.email.label("owner"))
        .outerjoin(users, users.c.id == mailboxes.c.owner_id)
        .where(mailboxes.c.removed_at.is_(None), in_reach(mailboxes.c.id, user))
    )
    return Listing("mailbox", "mailboxes", query)


def suppression_list(*, email_key: str | None = None) -> Listing:
    """Whom nobody writes to, whoever's prospect they were: everybody has to know."""
    columns = [suppressions.c[name] for name in ("id", "reason", "source", "at")]
    query = sa.select(*columns, suppressions.c.email_key.label("email"))
    wanted = _where(query, email=(suppressions.c.email_key, email_key))
    return Listing("suppression", "suppressions", wanted)
