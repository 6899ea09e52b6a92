"""Connects CRMs: what opens them is kept sealed, and what a manager says of rules and fields is looked at.

Deals that were lost before the day on which a CRM is connected are left alone, unless whoever connects it
names an earlier one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cadence.core.crm import RemoteDeal, RemoteField
from cadence.core.crm_following import NOTHING, Base, fingerprint
from cadence.core.crm_merging import theirs_of
from cadence.core.crm_setup import Setup, plain, setup_of
from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.rights import Visitor
from cadence.crm.connector import Connector, Notice
from cadence.crm.kinds import kind_of, way_to
from cadence.service import lists
from cadence.service.app import App
from cadence.service.crm_visiting import opened
from cadence.store import audit, crm, crm_writes
from cadence.store.crm import ACTIVE, PAUSED, Connection, connection_list
from cadence.store.database import insert
from cadence.store.tables import crm_connections as table

PREVIEWED = 5
"""Deals of the CRM that show what a mapping comes to."""
LOOKED_BACK, PARTS = timedelta(days=14), 5
"""Among which they are looked for."""
MOST_NOTICED = 1000
"""Deals of one webhook."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody gives to connect a CRM. url: "" for that of its kind; secrets: by name; hook: "" for no
    webhooks; since: deals that were lost before are left alone, None for today (UTC): clocks differ, and some
    CRMs know the day only.
    """

    kind: str
    secrets: Mapping[str, str]
    url: str = ""
    hook: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A deal of the CRM as it would be taken over. reads: fact → what it would be; rule: in words."""

    deal: RemoteDeal
    reads: Mapping[str, str]
    rule: str


async def connect(app: App, visitor: Visitor, wanted: Wanted) -> int:
    """Try a CRM, and connect it; gives its id. Raises InvalidInput or CrmError, and then keeps nothing."""
    kind, now = kind_of(wanted.kind), app.clock()
    if not (wanted.url.strip() or kind.url):
        raise InvalidInput(f"every account of {kind.label} has an address of its own: give it")
    url = app.outside.check(wanted.url.strip() or kind.url).rstrip("/")
    secrets = {one.name: wanted.secrets.get(one.name, "").strip() for one in kind.secrets}
    if missing := [one.label for one in kind.secrets if not secrets[one.name]]:
        raise InvalidInput(f"{kind.label} is not opened without: {', '.join(missing)}")
    connector = way_to(kind.name, url, secrets, app.outside.ask)
    account = await connector.check()
    since = min(wanted.since or now.replace(hour=0, minute=0, second=0, microsecond=0), now)
    async with app.db.write() as tx:
        id_ = await insert(
            tx,
            table,
            user_id=visitor.user.id,
            kind=kind.name,
            url=url,
            account=account,
            secrets=app.vault.seal(json.dumps(secrets)),
            hook=app.vault.seal(wanted.hook.strip()) if wanted.hook.strip() else None,
            setup=plain(Setup(reads=kind.reads)),
            since=since,
            cursor=connector.cursor(since),
            state=ACTIVE,
            failures=0,
            created_at=now,
            next_at=now,
            told_up_to=await crm_writes.newest_event(tx),
        )
        await audit.record(tx, visitor.actor, "crm.added", f"{id_}: {account}", at=now)
    return id_


async def renew(
    app: App, visitor: Visitor, id_: int, secrets: Mapping[str, str], hook: str | None = None
) -> None:
    """Give a connection another grant, or another secret of its webhooks; what is left out stays.

    Raises NotFound, InvalidInput or CrmError, and then keeps nothing.
    """
    connection, now = await known(app, visitor, id_), app.clock()
    values: dict[str, Any] = {}
    given = {name: said.strip() for name, said in secrets.items() if said.strip()}
    if given:
        both = json.loads(app.vault.open(connection.secrets)) | given
        connector = way_to(connection.kind, connection.url, both, app.outside.ask)
        account = await connector.check()
        if account != connection.account:
            raise InvalidInput(f"this opens {account}, and not {connection.account}: connect that by itself")
        values["secrets"] = app.vault.seal(json.dumps(both))
    if hook is not None and hook.strip():
        values["hook"] = app.vault.seal(hook.strip())
    if not values:
        raise InvalidInput("give what is to be changed")
    async with app.db.write() as tx:
        await crm.change(tx, id_, **values, next_at=now, user_id=visitor.user.id)
        await audit.record(tx, visitor.actor, "crm.renewed", f"{id_}: {', '.join(sorted(values))}", at=now)


async def set_up(app: App, visitor: Visitor, id_: int, values: Mapping[str, Any]) -> Setup:
    """Take over rules and fields as a manager wrote them; raises NotFound or InvalidInput.

    Deals that had a fault are looked at again.
    """
    setup, now = setup_of(values), app.clock()
    await known(app, visitor, id_)
    async with app.db.write() as tx:
        for rule in setup.rules:
            await app.library.published(tx, rule.sequence)
        await crm.change(tx, id_, setup=plain(setup), next_at=now)
        await crm.notice_again(tx, id_, now=now)
        await audit.record(tx, visitor.actor, "crm.changed", f"{id_}: rules and fields", at=now)
    return setup


async def switch(app: App, visitor: Visitor, id_: int, *, on: bool) -> None:
    """Visit a CRM again, or no more; raises NotFound."""
    await known(app, visitor, id_)
    now = app.clock()
    async with app.db.write() as tx:
        await crm.change(tx, id_, state=ACTIVE if on else PAUSED, next_at=now)
        await audit.record(tx, visitor.actor, "crm.switched", f"{id_}: {'on' if on else 'off'}", at=now)


async def try_again(app: App, visitor: Visitor, id_: int) -> None:
    """Visit a CRM now, with whatever had a fault; raises NotFound."""
    await known(app, visitor, id_)
    now = app.clock()
    async with app.db.write() as tx:
        await crm.notice_again(tx, id_, now=now)
        await crm_writes.try_anew(tx, id_, now=now)
        await crm.change(tx, id_, next_at=now)


async def remove(app: App, visitor: Visitor, id_: int) -> None:
    """Forget a connection; whoever was enrolled because of it stays enrolled. Raises NotFound."""
    connection = await known(app, visitor, id_)
    async with app.db.write() as tx:
        await crm.remove(tx, id_)
        said = f"{id_}: {connection.account}"
        await audit.record(tx, visitor.actor, "crm.removed", said, at=app.clock())


async def known(app: App, visitor: Visitor | None, id_: int) -> Connection:
    """A connection within reach, None reaching all; raises NotFound."""
    async with app.db.read() as tx:
        await lists.known(tx, connection_list(visitor.user if visitor else None), id_)
        found = await crm.get(tx, id_)
    assert found is not None
    return found


# --- what there is to choose from ---


@dataclass(frozen=True, slots=True)
class Choices:
    """What a CRM has to map and to make rules of."""

    fields: Sequence[RemoteField]
    pipelines: Sequence[str]


async def choices(app: App, connection: Connection) -> Choices:
    """Ask a CRM for its fields and pipelines; raises CrmError."""
    connector = opened(app, connection)
    return Choices(await connector.fields(), await connector.pipelines())


async def preview(app: App, connection: Connection, setup: Setup) -> list[Example]:
    """What rules and fields come to with deals that were changed lately; changes nothing. Raises CrmError."""
    connector = opened(app, connection)
    now = app.clock()
    ids = await _lately(connector, now)
    found = await connector.deals(ids, setup.fields) if ids else []
    return [_example(setup, deal, now.date()) for deal in found if isinstance(deal, RemoteDeal)]


async def _lately(connector: Connector, now: datetime) -> list[str]:
    """Some deals that changed in the last weeks, the newest of them first."""
    cursor, found = connector.cursor(now - LOOKED_BACK), []
    for _ in range(PARTS):
        part = await connector.changes(cursor, now=now)
        found += [change.deal_id for change in part.changes]
        if not part.more:
            break
        cursor = part.cursor
    return list(dict.fromkeys(reversed(found)))[:PREVIEWED]


def _example(setup: Setup, deal: RemoteDeal, today: date) -> Example:
    rule = setup.rule_for(deal)
    return Example(deal, theirs_of(setup, deal, today), f"{rule.sequence}: {rule.start}")


# --- what both sides changed ---


async def decide(app: App, visitor: Visitor, id_: int, conflict_id: int, *, ours: bool) -> None:
    """Let our value count, or theirs; raises NotFound, or Conflict where somebody was faster."""
    connection = await known(app, visitor, id_)
    now = app.clock()
    async with app.db.write() as tx:
        waiting = {one.id: one for one in await crm_writes.conflicts(tx, id_)}
        decided = {"decided_at": now, "decision": "ours" if ours else "theirs", "user_id": visitor.user.id}
        if conflict_id not in waiting or not await crm_writes.decide(tx, conflict_id, decided):
            raise Conflict("Somebody decided that already, or both sides agree by now.")
        one = waiting[conflict_id]
        followed = (await crm.followed(tx, id_, [one.remote_id]))[one.remote_id]
        before = followed.bases.get(one.name, NOTHING)
        # as if the side that does not count had not changed
        base = (
            Base(before.ours, fingerprint(one.theirs)) if ours else Base(fingerprint(one.ours), before.theirs)
        )
        await crm.keep(tx, connection, one.remote_id, bases={**followed.bases, one.name: base})
        await crm.notice(tx, connection, [one.remote_id], now=now)
        await crm_writes.add_fields(tx, id_, one.remote_id, now=now)
        await crm.change(tx, id_, next_at=now)
        said = f"{id_}: {one.deal}, {one.name}: {decided['decision']}"
        await audit.record(tx, visitor.actor, "crm.decided", said, at=now)


# --- webhooks ---


async def take_notice(app: App, id_: int, notice: Notice) -> int:
    """Let the deals be read that a webhook names; how many. Raises NotFound or Unauthenticated where it is
    none of a connection's, and CrmError where it cannot be used.
    """
    async with app.db.read() as tx:
        connection = await crm.get(tx, id_)
    if connection is None or connection.hook is None:
        raise NotFound("There is no such hook.")
    now = app.clock()
    about = kind_of(connection.kind).noticed(notice, app.vault.open(connection.hook), now)
    if about:
        async with app.db.write() as tx:
            await crm.notice(tx, connection, about[:MOST_NOTICED], now=now)
            await crm.wake(tx, id_, now=now)
    return len(about)
