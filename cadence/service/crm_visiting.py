"""Visits the CRMs that are connected: reads what changed there, and tells them what happened here.

A visit belongs to one process at a time, by a lease. The cursor moves only when everything before it is kept,
so a visit that breaks off is gone on with by the next; what is read twice changes nothing the second time.
"""

import asyncio
import json
from collections import Counter
from datetime import timedelta

import structlog

from cadence.core.crm_setup import Setup, setup_of
from cadence.core.errors import CrmError, GrantRefused, InvalidInput
from cadence.core.people import User
from cadence.core.rights import RIGHTS, Right
from cadence.crm.connector import AT_ONCE, Connector
from cadence.crm.kinds import kind_of, way_to
from cadence.service import crm_taking_in, crm_telling
from cadence.service.app import App
from cadence.store import crm
from cadence.store.crm import ACTIVE, REFUSED, Connection

log = structlog.get_logger()

LEASE = timedelta(minutes=3)
"""How long a visit belongs to one process, from every part on; a second visitor would do no harm."""
PARTS = 20
"""Parts of what changed that are read in one visit; the rest follows at once."""
AGAIN, LONGEST_AGAIN = timedelta(seconds=30), timedelta(minutes=30)
"""The first and the longest wait after a visit that failed."""
REFUSED_AGAIN = timedelta(minutes=15)
"""How long nobody knocks again after being turned away; a grant works again once its rights are mended."""
NOTICED_AT_ONCE = 1000
FORGOTTEN_AFTER = timedelta(days=7)
LONGEST_FAULT = 300


async def look_after(app: App) -> Counter[str]:
    """Visit every CRM that is due, all at once; counts what was done."""
    now = app.clock()
    async with app.db.read() as tx:
        due = await crm.due(tx, now)
    return sum(await asyncio.gather(*(visit(app, connection_id) for connection_id in due)), Counter())


async def visit(app: App, connection_id: int) -> Counter[str]:
    """Visit one CRM, unless it is not due or somebody else does; counts what was done."""
    now = app.clock()
    async with app.db.write() as tx:
        if not await crm.claim(tx, connection_id, now=now, until=now + LEASE):
            return Counter()
        connection = await crm.get(tx, connection_id)
    assert connection is not None
    done: Counter[str] = Counter()
    try:
        if not may_follow(connection.user):
            raise InvalidInput(f"{connection.user.email} may not look after CRMs any more: connect it anew")
        connector, setup = opened(app, connection), setup_of(connection.setup)
        more = await _read(app, connection, connector, setup, done)
        done += await crm_telling.tell(app, connection, connector, setup)
    except GrantRefused as fault:
        await _refused(app, connection, fault)
    except (CrmError, InvalidInput) as fault:
        await _failed(app, connection, fault)
    else:
        await _went_well(app, connection, more=more)
    return +done


def opened(app: App, connection: Connection) -> Connector:
    """The way to a CRM; raises InvalidInput where our key is another one now."""
    secrets = json.loads(app.vault.open(connection.secrets))
    return way_to(connection.kind, connection.url, secrets, app.outside.ask)


def may_follow(user: User) -> bool:
    """Whether somebody's connections are visited: as long as they may look after CRMs."""
    return user.deactivated_at is None and Right.CRM in RIGHTS[user.role]


async def _read(
    app: App, connection: Connection, connector: Connector, setup: Setup, done: Counter[str]
) -> bool:
    """Read what somebody told of, and what changed; gives whether there is more."""
    async with app.db.read() as tx:
        noticed = await crm.noticed(tx, connection.id, NOTICED_AT_ONCE)
    await _take_in(app, connection, connector, setup, list(noticed), done)
    async with app.db.write() as tx:
        await crm.was_read(tx, connection.id, noticed)
    cursor = connection.cursor
    for _ in range(PARTS):
        part = await connector.changes(cursor, now=app.clock())
        async with app.db.read() as tx:
            fresh = await crm.news(tx, connection.id, part.changes)
        await _take_in(app, connection, connector, setup, fresh, done)
        cursor = part.cursor
        async with app.db.write() as tx:
            await crm.change(tx, connection.id, cursor=cursor, next_at=app.clock() + LEASE)
        if not part.more:
            return False
    return True


async def _take_in(
    app: App, connection: Connection, connector: Connector, setup: Setup, ids: list[str], done: Counter[str]
) -> None:
    for start in range(0, len(ids), AT_ONCE):
        found = await connector.deals(ids[start : start + AT_ONCE], setup.fields)
        async with app.db.read() as tx:
            known = await crm.followed(tx, connection.id, [deal.id for deal in found])
        for deal in found:
            done[await crm_taking_in.take_in(app, connection, setup, deal, known.get(deal.id))] += 1


# --- how it went ---


async def _went_well(app: App, connection: Connection, *, more: bool) -> None:
    now = app.clock()
    fine = {"state": ACTIVE, "fault": None, "failures": 0} | ({} if more else {"read_at": now})
    async with app.db.write() as tx:
        await crm.forget_old(tx, connection.id, now - FORGOTTEN_AFTER)
        again = more or await crm.noticed(tx, connection.id, 1)  # told of during the visit
        every = kind_of(connection.kind).every
        await crm.visited(tx, connection.id, **fine, next_at=now if again else now + every)
        if connection.state == REFUSED:
            await crm.works_again(tx, connection, now=now)


async def _failed(app: App, connection: Connection, fault: Exception) -> None:
    """Nothing is lost: the next visit begins where this one stopped."""
    failures = connection.failures + 1
    wait = min(AGAIN * 2 ** min(failures - 1, 10), LONGEST_AGAIN)
    if isinstance(fault, CrmError) and fault.wait is not None:
        wait = max(wait, min(timedelta(seconds=fault.wait), timedelta(days=1)))
    await _keep_fault(app, connection, fault, failures=failures, next_at=app.clock() + wait)


async def _refused(app: App, connection: Connection, fault: Exception) -> None:
    """The grant died: a person is told, and whatever happens meanwhile waits on both sides."""
    now = app.clock()
    again = {"state": REFUSED, "failures": connection.failures + 1, "next_at": now + REFUSED_AGAIN}
    await _keep_fault(app, connection, fault, **again)
    async with app.db.write() as tx:
        await crm.ask_a_person(tx, connection, str(fault)[:LONGEST_FAULT], now=now)
    log.warning("a CRM does not let us in", connection_id=connection.id, fault=str(fault))


async def _keep_fault(app: App, connection: Connection, fault: Exception, **values: object) -> None:
    async with app.db.write() as tx:
        await crm.visited(tx, connection.id, fault=str(fault)[:LONGEST_FAULT], **values)
