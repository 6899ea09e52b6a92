"""Who is enrolled in what, and how that changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import NotFound
from cadence.core.model import Account, Deal, Enrollment, EnrollmentState, Mailbox, Prospect
from cadence.store.database import insert, parts, shape
from cadence.store.deals import deal_of
from cadence.store.mailboxes import mailbox_of
from cadence.store.prospects import account_of, prospect_of
from cadence.store.tables import accounts, deals, enrollments, mailboxes, participants, prospects

LIVE = (EnrollmentState.ACTIVE, EnrollmentState.PAUSED)


@dataclass(frozen=True, slots=True)
class Case:
    """An enrollment with everything it is about."""

    enrollment: Enrollment
    ends_at: datetime
    prospect: Prospect
    account: Account
    deal: Deal
    mailbox: Mailbox
    executive: Mailbox | None


def enrollment_of(row: Any) -> Enrollment:
    """Read an enrollment from a row that holds its columns."""
    return Enrollment(
        id=row.id,
        prospect_id=row.prospect_id,
        deal_id=row.deal_id,
        sequence=row.sequence,
        mailbox_id=row.mailbox_id,
        executive_mailbox_id=row.executive_mailbox_id,
        state=EnrollmentState(row.state),
        started_at=row.started_at,
        state_reason=row.state_reason,
        resume_at=row.resume_at,
        heard=frozenset(row.heard),
        paused_by=row.paused_by,
        handovers=tuple((before, after) for before, after in row.handovers or ()),
    )


async def add(tx: AsyncConnection, *, now: datetime, **values: Any) -> int:
    """Store a new active enrollment."""
    state = {"state": EnrollmentState.ACTIVE, "heard": [], "created_at": now}
    return await insert(tx, enrollments, **state, **values)


async def get(tx: AsyncConnection, enrollment_id: int) -> Enrollment:
    """The enrollment of this id; raises NotFound."""
    return enrollment_of(await _row(tx, enrollment_id))


async def case(tx: AsyncConnection, enrollment_id: int) -> Case:
    """The enrollment of this id with everything it is about; raises NotFound."""
    found = await cases(tx, [enrollment_id])
    if not found:
        raise NotFound(f"there is no enrollment {enrollment_id}")
    return found[enrollment_id]


async def cases(tx: AsyncConnection, enrollment_ids: Iterable[int]) -> dict[int, Case]:
    """The enrollments of these ids, each with everything it is about, in the order of their ids."""
    rows = await tx.execute(_CASES, {"of": list(enrollment_ids)})
    return {case.enrollment.id: case for case in map(case_of, rows)}


_executives = mailboxes.alias("executives")
CASE = (enrollments, prospects, accounts, deals, mailboxes, _executives)
"""What a query must select, from CASE_TABLES, for `case_of`."""
CASE_TABLES = (
    enrollments.join(prospects, prospects.c.id == enrollments.c.prospect_id)
    .join(accounts, accounts.c.id == prospects.c.account_id)
    .join(deals, deals.c.id == enrollments.c.deal_id)
    .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
    .outerjoin(_executives, _executives.c.id == enrollments.c.executive_mailbox_id)
)
_CASES = (
    sa.select(*CASE)
    .select_from(CASE_TABLES)
    .where(enrollments.c.id.in_(sa.bindparam("of", expanding=True)))
    .order_by(enrollments.c.id)
)
"""Built once: asked for every mail, and building it takes longer than running it."""
_SHAPES = [shape(table.name, table.c) for table in CASE]


def case_of(row: Sequence[Any]) -> Case:
    """Read an enrollment with everything it is about; row: the columns of CASE, in this order."""
    enrollment, prospect, account, deal, mailbox, executive = parts(row, *_SHAPES)
    return Case(
        enrollment=enrollment_of(enrollment),
        ends_at=enrollment.ends_at,
        prospect=prospect_of(prospect),
        account=account_of(account),
        deal=deal_of(deal),
        mailbox=mailbox_of(mailbox),
        executive=mailbox_of(executive) if executive.id is not None else None,
    )


async def _row(tx: AsyncConnection, enrollment_id: int) -> Any:
    row = (await tx.execute(_ENROLLMENT, {"of": enrollment_id})).one_or_none()
    if row is None:
        raise NotFound(f"there is no enrollment {enrollment_id}")
    return row


_ENROLLMENT = sa.select(enrollments).where(enrollments.c.id == sa.bindparam("of"))


async def set_state(
    tx: AsyncConnection,
    enrollment: Enrollment,
    state: EnrollmentState,
    *,
    reason: str,
    resume_at: datetime | None = None,
    paused_by: int | None = None,
) -> bool:
    """Move an enrollment from the state we know it in; False if somebody else was faster."""
    changed = await tx.execute(
        enrollments.update()
        .where(enrollments.c.id == enrollment.id, enrollments.c.state == enrollment.state)
        .values(state=state, state_reason=reason, resume_at=resume_at, paused_by=paused_by)
    )
    return bool(changed.rowcount)


async def hear(tx: AsyncConnection, enrollment: Enrollment, category: str) -> None:
    """Remember that a reply of this category came."""
    heard = sorted(enrollment.heard | {category})
    await tx.execute(enrollments.update().where(enrollments.c.id == enrollment.id).values(heard=heard))


async def move_resume(
    tx: AsyncConnection, enrollment_id: int, resume_at: datetime | None, reason: str
) -> None:
    """Change until when a paused enrollment waits."""
    changed = enrollments.update().where(enrollments.c.id == enrollment_id)
    await tx.execute(changed.values(resume_at=resume_at, state_reason=reason))


async def _all(
    tx: AsyncConnection, *where: sa.ColumnElement[bool], limit: int | None = None
) -> list[Enrollment]:
    query = sa.select(enrollments).where(*where).order_by(enrollments.c.id).limit(limit)
    return [enrollment_of(row) for row in await tx.execute(query)]


async def of_ids(tx: AsyncConnection, enrollment_ids: Iterable[int]) -> list[Enrollment]:
    """The enrollments of these ids."""
    return await _all(tx, enrollments.c.id.in_(list(enrollment_ids)))


async def of_prospect(tx: AsyncConnection, prospect_id: int) -> list[Enrollment]:
    """Every enrollment of a person, oldest first."""
    return await _all(tx, enrollments.c.prospect_id == prospect_id)


async def of_deal(tx: AsyncConnection, deal_id: int) -> list[Enrollment]:
    """The live enrollments of a deal."""
    return await _all(tx, enrollments.c.deal_id == deal_id, enrollments.c.state.in_(LIVE))


async def of_account(tx: AsyncConnection, account_id: int) -> list[Enrollment]:
    """The live enrollments of everyone at a company."""
    people = sa.select(prospects.c.id).where(prospects.c.account_id == account_id)
    lost = sa.select(deals.c.id).where(deals.c.account_id == account_id)
    about = sa.or_(enrollments.c.prospect_id.in_(people), enrollments.c.deal_id.in_(lost))
    return await _all(tx, about, enrollments.c.state.in_(LIVE))


async def of_mailbox(tx: AsyncConnection, mailbox_id: int) -> list[Enrollment]:
    """The live enrollments that write from a mailbox."""
    about = sa.or_(enrollments.c.mailbox_id == mailbox_id, enrollments.c.executive_mailbox_id == mailbox_id)
    return await _all(tx, about, enrollments.c.state.in_(LIVE))


async def of_sequence(tx: AsyncConnection, sequence: str, *, limit: int | None = None) -> list[Enrollment]:
    """The live enrollments in a sequence, or the first of them."""
    return await _all(tx, enrollments.c.sequence == sequence, enrollments.c.state.in_(LIVE), limit=limit)


async def count_in(tx: AsyncConnection, sequence: str) -> int:
    """How many live enrollments a sequence has."""
    query = sa.select(sa.func.count()).select_from(enrollments)
    query = query.where(enrollments.c.sequence == sequence, enrollments.c.state.in_(LIVE))
    return int((await tx.execute(query)).scalar_one())


async def paused_by(tx: AsyncConnection, enrollment_id: int) -> list[Enrollment]:
    """The enrollments that wait because of a reply to this one."""
    return await _all(
        tx, enrollments.c.paused_by == enrollment_id, enrollments.c.state == EnrollmentState.PAUSED
    )


async def due_to_resume(tx: AsyncConnection, now: datetime) -> list[Enrollment]:
    """The enrollments whose pause is over."""
    return await _all(
        tx,
        enrollments.c.resume_at.is_not(None),
        enrollments.c.resume_at <= now,
        enrollments.c.state == EnrollmentState.PAUSED,
    )


async def next_resume(tx: AsyncConnection) -> datetime | None:
    """When the next pause ends by itself."""
    query = sa.select(sa.func.min(enrollments.c.resume_at)).where(
        enrollments.c.state == EnrollmentState.PAUSED
    )
    found: datetime | None = (await tx.execute(query)).scalar_one()
    return found


async def live_in(tx: AsyncConnection, prospect_id: int, sequence: str) -> Enrollment | None:
    """The live enrollment of a person in a sequence."""
    found = await _all(
        tx,
        enrollments.c.prospect_id == prospect_id,
        enrollments.c.sequence == sequence,
        enrollments.c.state.in_(LIVE),
    )
    return found[0] if found else None


async def join(tx: AsyncConnection, enrollment_id: int, keys: Iterable[str]) -> None:
    """Remember addresses that took part in the thread of an enrollment."""
    query = sa.select(participants.c.email_key).where(participants.c.enrollment_id == enrollment_id)
    known = set((await tx.execute(query)).scalars())
    rows = [{"enrollment_id": enrollment_id, "email_key": key} for key in sorted(set(keys) - known)]
    if rows:
        await tx.execute(participants.insert(), rows)


async def counts(tx: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many enrollments are in which state, per sequence."""
    query = sa.select(enrollments.c.sequence, enrollments.c.state, sa.func.count())
    rows = await tx.execute(query.group_by(enrollments.c.sequence, enrollments.c.state))
    return {(row[0], row[1]): row[2] for row in rows}


async def standings(tx: AsyncConnection) -> list[Any]:
    """Where everybody stands, oldest enrollment first.

    Columns: email, status (of the person), sequence, state, state_reason, resume_at (of the enrollment).
    """
    return list(await tx.execute(_STANDINGS))


_STANDINGS = (
    sa.select(
        prospects.c.email,
        prospects.c.status,
        enrollments.c.sequence,
        enrollments.c.state,
        enrollments.c.state_reason,
        enrollments.c.resume_at,
    )
    .join(prospects, prospects.c.id == enrollments.c.prospect_id)
    .order_by(enrollments.c.id)
)
