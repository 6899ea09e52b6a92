"""Takes in how a deal stands in a CRM: enrolls its contacts by the manager's rules, or stops everything.

Every step can be done again: a deal that is handed in twice, by a webhook and by a look, is enrolled once.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.crm import DealState, RemoteContact, RemoteDeal, Unread
from cadence.core.crm_following import Step, step
from cadence.core.crm_merging import Merged, amount_of, merged
from cadence.core.crm_setup import Rule, Setup, Start
from cadence.core.errors import CadenceError, DatabaseAway, InvalidInput, NotFound
from cadence.core.rights import RIGHTS, Visitor
from cadence.core.sequence import From
from cadence.crm.kinds import kind_of
from cadence.service import deal_returns, losing
from cadence.service.app import App
from cadence.service.losing import Lost
from cadence.service.requests import LONGEST_TEXT, Request
from cadence.store import crm, crm_writes, deals, mailboxes, users
from cadence.store.crm import Connection, Followed

SURE_AFTER = timedelta(minutes=1)
"""What changed later than that before it was read is read once more: something else may have changed in the
same second, which is as exactly as some CRMs say when.
"""

MOST_CONTACTS = 50


@dataclass(frozen=True, slots=True)
class Incoming:
    """A deal of a CRM, with what is known of it and what a manager says."""

    connection: Connection
    setup: Setup
    deal: RemoteDeal
    known: Followed | None

    @property
    def rule(self) -> Rule:
        """What is to become of it: what did before, so that no other sequence begins as well; as long as it
        stays lost, that may be nothing.
        """
        known = self.known
        if known is None or known.sequence is None or known.start is None:
            return self.setup.rule_for(self.deal)
        if known.start == Start.SKIP and known.state is not DealState.LOST:
            return self.setup.rule_for(self.deal)
        return Rule(known.sequence, Start(known.start))

    @property
    def crm_id(self) -> str:
        """By which our deals name it."""
        return self.connection.crm_id(self.deal.id)


async def take_in(
    app: App, connection: Connection, setup: Setup, deal: RemoteDeal | Unread, known: Followed | None
) -> str:
    """Do what follows from how a deal stands, and keep it; gives the step, or "fault".

    What goes wrong with one deal is kept with it, for a person; raises DatabaseAway only.
    """
    if isinstance(deal, Unread):
        await _keep(app, connection, deal.id, fault=deal.why)
        return "fault"
    incoming = Incoming(connection, setup, deal, known)
    is_sure = deal.updated_at < app.clock() - SURE_AFTER
    seen = {"name": deal.name, "changed_at": deal.updated_at if is_sure else None}
    follows = step(known.state if known else None, deal, connection.since)
    try:
        what = await _follow(app, incoming, follows)
    except DatabaseAway:
        raise
    except CadenceError as fault:
        await _keep(app, connection, deal.id, **seen, fault=str(fault))
        return "fault"
    if follows is Step.LEAVE and (known is None or known.state is None):
        seen["name"] = None  # it does not concern us
    await _keep(app, connection, deal.id, **seen, fault=None, **what)
    return follows.value


def visitor_of(connection: Connection) -> Visitor:
    """By whose right, and from where, its deals are followed."""
    user = connection.user
    return Visitor(user, RIGHTS[user.role], kind_of(connection.kind).label)


async def _keep(app: App, connection: Connection, remote_id: str, **values: Any) -> None:
    async with app.db.write() as tx:
        await crm.keep(tx, connection, remote_id, **values)


async def _follow(app: App, incoming: Incoming, follows: Step) -> dict[str, Any]:
    """Do a step; gives what is kept of it."""
    match follows:
        case Step.BEGIN | Step.REFRESH:
            return await _enroll(app, incoming, incoming.rule)
        case Step.STOP:
            return await _stop(app, incoming)
        case Step.WIN:
            return await _win(app, incoming)
        case Step.LEAVE:
            return {}


# --- lost ---


async def _enroll(app: App, incoming: Incoming, rule: Rule) -> dict[str, Any]:
    """Enroll the contacts of a lost deal, or ask its rep; brings facts up to date that only changed there."""
    chosen = {"state": DealState.LOST, "sequence": rule.sequence, "start": rule.start}
    if rule.start is Start.SKIP:
        return {**chosen, "said": "left alone, as a rule says"}
    deal = incoming.deal
    if not deal.contacts:
        raise InvalidInput("none of its contacts has an e-mail address")
    if len(deal.contacts) > MOST_CONTACTS:
        raise InvalidInput(f"it has {len(deal.contacts)} contacts, and {MOST_CONTACTS} are enrolled at most")
    facts = await _compare(app, incoming)
    async with app.db.read() as tx:
        mailbox = await _writer(tx, incoming)
    now = app.clock()
    requests = [_request(now, deal, one, rule, facts, mailbox) for one in deal.contacts]
    lost = Lost(incoming.crm_id, rule.sequence, requests, confirm=rule.start is Start.DRAFT)
    said = await losing.report(app, visitor_of(incoming.connection), lost)
    async with app.db.write() as tx:
        await _ask(app, tx, incoming, facts)
        await crm_writes.add_fields(tx, incoming.connection.id, deal.id, now=app.clock())
    return {**chosen, "said": _summary(said), "bases": facts.bases}


async def _compare(app: App, incoming: Incoming) -> Merged:
    async with app.db.read() as tx:
        ours = next(iter(await deals.of_crm(tx, incoming.crm_id)), None)
    bases = incoming.known.bases if incoming.known else {}
    return merged(incoming.setup, incoming.deal, ours, bases, app.clock().date())


async def _ask(app: App, tx: AsyncConnection, incoming: Incoming, facts: Merged) -> None:
    """Ask a person about each fact that both sides changed, and no more about those on which they agree."""
    where = (incoming.connection.id, incoming.deal.id)
    for name, (ours, theirs) in facts.conflicts.items():
        await crm_writes.conflict(tx, *where, name, ours=ours, theirs=theirs, now=app.clock())
    await crm_writes.settle(tx, *where, facts.settled, now=app.clock())


async def _writer(tx: AsyncConnection, incoming: Incoming) -> str:
    """The mailbox that writes: the deal's owner's, else the one that a manager names; raises InvalidInput."""
    owner = incoming.deal.owner
    if owner:
        key = normalize(owner)
        box = await mailboxes.find(tx, key)
        if box is not None and box.role is From.REP:
            return box.address
        user = await users.find(tx, key)
        owners = await users.owners(tx)
        theirs = [
            box.address
            for box in await mailboxes.all_of(tx)
            if user and box.role is From.REP and owners.get(box.id) == user.id
        ]
        if len(theirs) == 1:
            return theirs[0]
    if incoming.setup.sender:
        return incoming.setup.sender
    raise InvalidInput(f"{owner or 'nobody'} has no mailbox here; connect it, or say who writes instead")


def _request(
    now: datetime, deal: RemoteDeal, contact: RemoteContact, rule: Rule, facts: Merged, mailbox: str
) -> Request:
    """What is asked for one contact of a deal."""
    company = deal.company
    return Request(
        email=contact.email,
        sequence=rule.sequence,
        first_name=_cut(contact.first_name),
        last_name=_cut(contact.last_name),
        title=_cut(contact.role),
        language=contact.language,
        company=_cut(company.name) if company else None,
        industry=_cut(company.industry) if company else None,
        size=company.size if company else None,
        deal_name=_cut(deal.name),
        deal=dict(facts.taken),
        lost_at=min(deal.closed_at or deal.updated_at, now),
        mailbox=mailbox,
    )


def _cut(said: str | None) -> str | None:
    """As much of a name as is kept here; None for nothing."""
    return said[:LONGEST_TEXT].strip() or None if said else None


def _summary(said: Sequence[losing.Said]) -> str:
    counts = Counter(one.result for one in said)
    words = {
        "enrolled": "enrolled",
        "waiting": "wait for a yes",
        "known": "known before",
        "refused": "refused",
    }
    parts = [f"{counts[result]} {word}" for result, word in words.items() if counts[result]]
    why = dict.fromkeys(one.why for one in said if one.result == "refused")
    return ", ".join(parts) + (f": {'; '.join(why)}" if why else "")


# --- open again, or won ---


async def _stop(app: App, incoming: Incoming) -> dict[str, Any]:
    """Send nothing more for a deal that is open again."""
    why = f"the deal is open again in {_label(incoming)}"
    with suppress(NotFound):  # nobody could be enrolled for it
        await deal_returns.reopened(app, visitor_of(incoming.connection), incoming.crm_id, why)
    return {"state": DealState.OPEN, "said": why}


async def _win(app: App, incoming: Incoming) -> dict[str, Any]:
    """Count a deal as won back, and send nothing more for it."""
    deal, now = incoming.deal, app.clock()
    why, on = f"the deal was won in {_label(incoming)}", min(deal.closed_at or now, now).date()
    who, amount = visitor_of(incoming.connection), amount_of(deal)
    with suppress(NotFound):
        await deal_returns.won(app, who, incoming.crm_id, why, amount=amount, on=on)
    return {"state": DealState.WON, "said": why}


def _label(incoming: Incoming) -> str:
    return kind_of(incoming.connection.kind).label
