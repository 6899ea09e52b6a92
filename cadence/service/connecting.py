"""Mailboxes: connecting them, trying them out, pausing and removing them."""

from dataclasses import asdict, dataclass, field

from cadence.core.address import normalize
from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.lifecycle import Fact
from cadence.core.model import Mailbox, MailboxState, Pace, Place, TaskKind
from cadence.core.sequence import From
from cadence.mail.endpoint import Endpoint
from cadence.service import transitions
from cadence.service.app import App
from cadence.store import enrollments, events, mailboxes, tasks


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """What somebody says of a mailbox to connect; smtp and imap are URLs without credentials."""

    address: str
    name: str
    smtp: str
    imap: str
    username: str
    password: str = field(repr=False)
    role: From = From.REP
    title: str | None = None
    phone: str | None = None
    signature: str | None = None
    place: Place | None = None
    pace: Pace | None = None
    plus_addressing: bool = False


async def add(app: App, new: NewMailbox) -> Mailbox:
    """Store a mailbox, its password encrypted; raises InvalidInput or Conflict, and then stores nothing."""
    key = normalize(new.address)
    smtp, imap = Endpoint.parse(new.smtp, kind="smtp"), Endpoint.parse(new.imap, kind="imap")
    if not new.name.strip():
        raise InvalidInput("a mailbox needs the name of the person who signs")
    if not new.password:
        raise InvalidInput("the password is empty")
    place, pace = new.place or app.policy.place, new.pace or app.policy.pace
    async with app.db.write() as tx:
        if await mailboxes.find(tx, key):
            raise Conflict(f"{new.address} is connected already; `cadence mailbox remove` it first")
        mailbox_id = await mailboxes.add(
            tx,
            {
                "address": new.address.strip(),
                "address_key": key,
                "name": " ".join(new.name.split()),
                "role": new.role,
                "smtp": str(smtp),
                "imap": str(imap),
                "username": new.username,
                "secret": app.vault.seal(new.password),
                "title": new.title,
                "phone": new.phone,
                "signature": new.signature,
                "zone": place.zone,
                "country": place.country,
                "region": place.region,
                "plus_addressing": new.plus_addressing,
                **asdict(pace),
            },
            now=app.clock(),
        )
        await events.add(tx, "mailbox.added", new.address, at=app.clock(), mailbox_id=mailbox_id)
        return await mailboxes.get(tx, mailbox_id)


async def find(app: App, address: str) -> Mailbox:
    """The mailbox of an address; raises NotFound."""
    async with app.db.read() as tx:
        found = await mailboxes.find(tx, normalize(address))
    if found is None:
        raise NotFound(f"there is no mailbox {address}; see `cadence mailbox list`")
    return found


async def pause(app: App, address: str) -> None:
    """Nothing leaves from a mailbox any more; it is still read."""
    await _set_state(app, address, MailboxState.PAUSED, "paused by a person")


async def resume(app: App, address: str) -> None:
    """A mailbox sends again, after a pause or a fault that was mended."""
    mailbox = await _set_state(app, address, MailboxState.ACTIVE, None)
    await app.connections.drop(mailbox.id)
    async with app.db.write() as tx:
        await tasks.close_about(tx, TaskKind.MAILBOX_FAULT, "mended", now=app.clock(), mailbox_id=mailbox.id)


async def remove(app: App, address: str) -> int:
    """Forget how to get into a mailbox and stop what writes from it; gives how many enrollments stop."""
    mailbox = await find(app, address)
    await app.connections.drop(mailbox.id)
    async with app.db.write() as tx:
        live = await enrollments.of_mailbox(tx, mailbox.id)
        for enrollment in live:
            why = f"the mailbox {mailbox.address} was removed"
            await transitions.apply(app, tx, enrollment.id, Fact.STOP, why)
        await mailboxes.change(
            tx,
            mailbox.id,
            removed_at=app.clock(),
            secret="",
            state=MailboxState.PAUSED,
            state_reason="removed",
        )
        await events.add(tx, "mailbox.removed", mailbox.address, at=app.clock(), mailbox_id=mailbox.id)
    return len(live)


async def _set_state(app: App, address: str, state: MailboxState, reason: str | None) -> Mailbox:
    mailbox = await find(app, address)
    async with app.db.write() as tx:
        await mailboxes.change(tx, mailbox.id, state=state, state_reason=reason)
        why = f"{mailbox.address}: {reason or state}"
        await events.add(tx, f"mailbox.{state}", why, at=app.clock(), mailbox_id=mailbox.id)
    return mailbox
