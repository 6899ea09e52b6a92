"""Tells a CRM what happened here: at least once, and only what is not there yet.

Before a field is set it is looked at: what somebody changed there meanwhile is not overwritten, but shown
with our value until a person decides. After it is set it is read again, since a CRM may keep it in its own
way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from cadence.core.crm import RemoteDeal
from cadence.core.crm_following import NOTHING, Base, Merge, fingerprint, merge
from cadence.core.crm_merging import told
from cadence.core.crm_setup import FACTS, Setup
from cadence.core.crm_telling import PersonOfDeal, Told, note, standing
from cadence.core.errors import CrmError, GrantRefused
from cadence.core.model import EnrollmentState, ProspectStatus
from cadence.core.webhooks import again_at
from cadence.crm.connector import AT_ONCE, Connector
from cadence.service import insights
from cadence.service.app import App
from cadence.service.insight_tables import readable
from cadence.store import crm, crm_writes, deals
from cadence.store import insights as figures
from cadence.store.crm import Connection, Followed
from cadence.store.crm_writes import FIELDS, Write

LEASE = timedelta(minutes=10)
ROUNDS = 10
"""So many times what is due is taken in one visit."""
LONGEST_FAULT = 300


async def tell(app: App, connection: Connection, connector: Connector, setup: Setup) -> Counter[str]:
    """Queue what is new, and tell what is due; counts each end. Raises GrantRefused, and CrmError where
    the CRM is to be left alone for now.
    """
    await _queue(app, connection, setup)
    done: Counter[str] = Counter()
    for _ in range(ROUNDS):
        now = app.clock()
        async with app.db.write() as tx:
            due = await crm_writes.claim(tx, connection.id, now=now, until=now + LEASE, limit=AT_ONCE)
            known = await crm.followed(tx, connection.id, [one.remote_id for one in due])
        if not due:
            break
        fields = [one for one in due if one.key == FIELDS]
        done += await _set_fields(app, connection, connector, setup, fields, known)
        for one in due:
            if one.key != FIELDS:
                done[await _put_note(app, connection, connector, one, known.get(one.remote_id))] += 1
    return done


async def _queue(app: App, connection: Connection, setup: Setup) -> None:
    """Note of which deals there is something to tell."""
    async with app.db.read() as tx:
        newest = await crm_writes.newest_event(tx)
    if newest <= connection.told_up_to:
        return
    async with app.db.write() as tx:
        last = await crm_writes.queue_news(tx, connection, newest, notes=setup.notes, now=app.clock())
        await crm.change(tx, connection.id, told_up_to=last)


# --- fields ---


async def _set_fields(
    app: App,
    connection: Connection,
    connector: Connector,
    setup: Setup,
    writes: Sequence[Write],
    known: Mapping[str, Followed],
) -> Counter[str]:
    """Set the fields of deals, as far as nobody changed them there."""
    values = {
        one.remote_id: await _values(app, setup, known[one.remote_id])
        for one in writes
        if one.remote_id in known
    }
    changed = [deal_id for deal_id, ours in values.items() if _is_news(ours, known[deal_id])]
    theirs = await _look(connector, setup, changed) if changed else {}
    done: Counter[str] = Counter()
    for one in writes:
        deal = theirs.get(one.remote_id)
        try:
            if deal is not None:
                ours, before = values[one.remote_id], known[one.remote_id]
                done[await _write(app, connection, connector, setup, deal, ours, before)] += 1
        except GrantRefused:
            raise
        except CrmError as fault:
            done[await _failed(app, connection, one, fault)] += 1
        else:
            await _done(app, connection, one)
    return done


def _is_news(ours: Mapping[str, str], before: Followed) -> bool:
    """Whether one of our values is not what it was when both sides agreed last."""
    return any(fingerprint(value) != before.bases.get(name, NOTHING).ours for name, value in ours.items())


async def _look(connector: Connector, setup: Setup, ids: Sequence[str]) -> dict[str, RemoteDeal]:
    found = await connector.deals(ids, setup.fields)
    return {deal.id: deal for deal in found if isinstance(deal, RemoteDeal)}


async def _write(
    app: App,
    connection: Connection,
    connector: Connector,
    setup: Setup,
    deal: RemoteDeal,
    ours: Mapping[str, str],
    before: Followed,
) -> str:
    """Set those fields of a deal that only changed here; gives what that came to."""
    bases, news, conflicts = dict(before.bases), {}, {}
    for name, value in ours.items():
        there = deal.fields.get(setup.writes[name], "")
        match merge(bases.get(name, NOTHING), value, there):
            case Merge.SETTLED:
                bases[name] = Base.of(value, there)
            case Merge.OURS:
                news[name] = value
            case Merge.CONFLICT:
                conflicts[name] = (value, there)
            case Merge.THEIRS:
                pass  # somebody there says it better, and we have nothing new to say
    if news:
        await connector.write(deal.id, {setup.writes[name]: value for name, value in news.items()})
        after = (await _look(connector, setup, [deal.id])).get(deal.id, deal)
        bases |= {
            name: Base.of(value, after.fields.get(setup.writes[name], "")) for name, value in news.items()
        }
    async with app.db.write() as tx:
        for name, (value, there) in conflicts.items():
            where = (connection.id, deal.id, name)
            await crm_writes.conflict(tx, *where, ours=value, theirs=there, now=app.clock())
        settled = [name for name in ours if name not in conflicts]
        await crm_writes.settle(tx, connection.id, deal.id, settled, now=app.clock())
        await crm.keep(tx, connection, deal.id, bases=bases)
    return "conflict" if conflicts else "written" if news else "same"


async def _values(app: App, setup: Setup, known: Followed) -> dict[str, str]:
    """What the fields of a deal are to hold, by the names here."""
    values = (await facts(app, known.crm_id)).values()
    async with app.db.read() as tx:
        ours = next(iter(await deals.of_crm(tx, known.crm_id)), None)
    values |= {name: told(getattr(ours, name)) if ours else "" for name in FACTS}
    return {name: values[name] for name in setup.writes}


async def facts(app: App, crm_id: str) -> Told:
    """What there is to tell of a deal."""
    async with app.db.read() as tx:
        people = await crm_writes.people(tx, crm_id)
        ids = [row.id for row in people]
        due = await crm_writes.next_touch(tx, ids)
        heard = await crm_writes.replies(tx, ids)
        rows = {row.id: row for row in await figures.answers(tx, heard)}
    outcome = next((row.outcome for row in people if row.outcome), None)
    stands = [
        PersonOfDeal(ProspectStatus(row.status), EnrollmentState(row.state), waits=row.resume_at is None)
        for row in people
    ]
    proofs: dict[str, str] = {}
    for inbound_id in reversed(heard):  # the newest answer proves a reason
        for reason in rows[inbound_id].verdict.get("loss_reasons", ()) if inbound_id in rows else ():
            proofs[readable(reason)] = insights.proof(reason, rows[inbound_id]).words
    newest = rows[heard[0]].received_at.date() if heard and heard[0] in rows else None
    words = tuple(dict.fromkeys(proofs.values()))
    return Told(standing(outcome, stands), tuple(proofs), words, due.date() if due else None, newest)


# --- replies ---


async def _put_note(
    app: App, connection: Connection, connector: Connector, write: Write, known: Followed | None
) -> str:
    """Put a reply on its deal, as a note."""
    assert write.inbound_id is not None
    async with app.db.read() as tx:
        found = await figures.answers(tx, [write.inbound_id])
    if not found or found[0].verdict is None or known is None:
        await _done(app, connection, write)  # erased meanwhile, or no deal of ours any more
        return "settled"
    [row] = found
    who = " ".join(part for part in (row.first_name, row.last_name) if part) or row.email
    text = note(who, row.email, row.received_at, row.verdict["text"], readable(row.verdict["category"]))
    try:
        await connector.note(write.remote_id, write.key, text, row.received_at)
    except GrantRefused:
        raise
    except CrmError as fault:
        return await _failed(app, connection, write, fault)
    await _done(app, connection, write)
    return "noted"


# --- how it went ---


async def _done(app: App, connection: Connection, write: Write) -> None:
    now = app.clock()
    ended = {"next_at": None, "done_at": now, "tried_at": now, "fault": None}
    async with app.db.write() as tx:
        await crm_writes.record(tx, connection.id, write, attempts=write.attempts + 1, **ended)


async def _failed(app: App, connection: Connection, write: Write, fault: CrmError) -> str:
    """What is refused for good is not tried again; raises where the CRM asks to be left alone."""
    now = app.clock()
    again = again_at(now, write.attempts + 1, len(write.remote_id)) if fault.temporary else None
    tried = {"attempts": write.attempts + 1, "tried_at": now, "next_at": again}
    async with app.db.write() as tx:
        await crm_writes.record(tx, connection.id, write, fault=str(fault)[:LONGEST_FAULT], **tried)
    if fault.temporary and fault.wait is not None:
        raise fault
    return "failed"
