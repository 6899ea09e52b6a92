"""Which rows are about one person: the one answer for handing them out and for erasing them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import (
    accounts,
    corrections,
    covered,
    crm_conflicts,
    crm_deals,
    deals,
    deliveries,
    enrollments,
    events,
    inbound,
    job_rejects,
    letters,
    messages,
    opinions,
    participants,
    prospects,
    rsvps,
    suggestions,
    suppressions,
    tasks,
    undos,
    webhooks,
)

Which = Mapping[sa.Table, sa.ColumnElement[bool]]


def rows_of(prospect_id: int | None, addresses: Iterable[str]) -> Which:
    """Table → which of its rows are about a person, whatever refers to a row before it.

    prospect_id: None for somebody never enrolled; addresses: as written and normalized, in lower case. A mail
    that they wrote in the thread of a colleague is theirs.
    """
    known = list(addresses)
    whose = prospect_id or 0
    enrolled = sa.select(enrollments.c.id).where(enrollments.c.prospect_id == whose)
    written = sa.select(messages.c.id).where(messages.c.prospect_id == whose)
    of_them = sa.or_(inbound.c.prospect_id == whose, sa.func.lower(inbound.c.sender).in_(known))
    heard = sa.select(inbound.c.id).where(of_them)
    happened = sa.union(  # each over its index; joined by OR, PostgreSQL walks through all events
        sa.select(events.c.id).where(events.c.prospect_id == whose),
        sa.select(events.c.id).where(events.c.enrollment_id.in_(enrolled)),
    )
    return {
        rsvps: sa.or_(rsvps.c.message_id.in_(written), rsvps.c.inbound_id.in_(heard)),
        corrections: corrections.c.inbound_id.in_(heard),
        opinions: opinions.c.inbound_id.in_(heard),
        suggestions: sa.or_(
            suggestions.c.inbound_id.in_(heard), sa.func.lower(suggestions.c.email).in_(known)
        ),
        letters: sa.or_(
            letters.c.inbound_id.in_(heard),
            letters.c.enrollment_id.in_(enrolled),
            sa.func.lower(letters.c.recipient).in_(known),
        ),
        tasks: sa.or_(
            tasks.c.prospect_id == whose,
            tasks.c.enrollment_id.in_(enrolled),
            tasks.c.message_id.in_(written),
            tasks.c.inbound_id.in_(heard),
        ),
        events: events.c.id.in_(happened),
        undos: undos.c.prospect_id == whose,
        inbound: of_them,
        messages: messages.c.prospect_id == whose,
        participants: sa.or_(participants.c.enrollment_id.in_(enrolled), participants.c.email_key.in_(known)),
        enrollments: enrollments.c.prospect_id == whose,
        suppressions: suppressions.c.email_key.in_(known),
        job_rejects: sa.func.lower(job_rejects.c.email).in_(known),
        prospects: prospects.c.id == whose,
    }


def at_their_company(account_id: int) -> Which:
    """Table → which of its rows are about a company and the people there, and so may name a colleague."""
    people = sa.select(prospects.c.id).where(prospects.c.account_id == account_id)
    sold = sa.select(deals.c.id).where(deals.c.account_id == account_id)
    enrolled = sa.select(enrollments.c.id).where(
        sa.or_(enrollments.c.prospect_id.in_(people), enrollments.c.deal_id.in_(sold))
    )
    heard = sa.select(inbound.c.id).where(inbound.c.enrollment_id.in_(enrolled))
    told = crm_deals.c.crm_id.in_(sa.select(deals.c.crm_id).where(deals.c.account_id == account_id))
    lost = sa.select(crm_deals.c.connection_id, crm_deals.c.remote_id).where(told)
    return {
        accounts: accounts.c.id == account_id,
        covered: covered.c.account_id == account_id,
        deals: deals.c.account_id == account_id,
        crm_deals: told,
        crm_conflicts: sa.tuple_(crm_conflicts.c.connection_id, crm_conflicts.c.remote_id).in_(lost),
        enrollments: enrollments.c.id.in_(enrolled),
        messages: messages.c.enrollment_id.in_(enrolled),
        inbound: inbound.c.enrollment_id.in_(enrolled),
        corrections: corrections.c.inbound_id.in_(heard),
        opinions: opinions.c.inbound_id.in_(heard),
        suggestions: suggestions.c.inbound_id.in_(heard),
        letters: letters.c.enrollment_id.in_(enrolled),
        tasks: sa.or_(tasks.c.prospect_id.in_(people), tasks.c.enrollment_id.in_(enrolled)),
        events: sa.or_(events.c.prospect_id.in_(people), events.c.enrollment_id.in_(enrolled)),
        undos: undos.c.prospect_id.in_(people),
    }


async def read(tx: AsyncConnection, table: sa.Table, which: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Whole rows, in the order of their keys."""
    return (await tx.execute(sa.select(table).where(which).order_by(*table.primary_key))).all()


async def everything(
    tx: AsyncConnection, prospect_id: int | None, addresses: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows about a person, column by column; their company, deals, and whom webhooks told."""
    theirs = dict(rows_of(prospect_id, addresses))
    whose = theirs[enrollments]
    theirs[deals] = deals.c.id.in_(sa.select(enrollments.c.deal_id).where(whose))
    theirs[accounts] = accounts.c.id.in_(sa.select(prospects.c.account_id).where(theirs[prospects]))
    found = {
        table.name: [dict(row._mapping) for row in await read(tx, table, which)]
        for table, which in reversed(theirs.items())
    }
    told = sa.func.lower(deliveries.c.body)
    named = [told.contains(one, autoescape=True) for one in addresses]
    asked = [deliveries.c.body.contains(f'"data":{{"task_id":{task["id"]}}}') for task in found["tasks"]]
    query = (
        sa.select(webhooks.c.url, deliveries.c.type, deliveries.c.created_at, deliveries.c.state)
        .join(webhooks, webhooks.c.id == deliveries.c.webhook_id)
        .where(sa.or_(*named, *asked))
        .order_by(deliveries.c.id)
    )
    return found | {"told": [dict(row._mapping) for row in await tx.execute(query)]}
