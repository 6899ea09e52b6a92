"""What people do with the mailboxes in their reach: connect, look after, take days off; all recorded."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.calendar import local
from cadence.core.errors import InvalidInput, NotFound
from cadence.core.model import Absence, Mailbox
from cadence.core.oauth import Grant
from cadence.core.pace import cap_today
from cadence.core.people import Role
from cadence.core.rights import Visitor
from cadence.service import auditing, connecting, consenting, courses, trying_out, users
from cadence.service.app import App
from cadence.service.connecting import NewMailbox, Standing
from cadence.store import audit, events, mailbox_use, mailboxes
from cadence.store import users as people

MOST_ABSENCES = 50
LONGEST_ABSENCE = timedelta(days=366)
LONGEST_NOTE = 100


async def reached(app: App, visitor: Visitor, mailbox_id: int) -> Mailbox:
    """The mailbox of this id; raises NotFound, or Forbidden where it is somebody else's."""
    async with app.db.read() as tx:
        found = next((box for box in await mailboxes.all_of(tx) if box.id == mailbox_id), None)
    if found is None:
        raise NotFound("There is no such mailbox.")
    await users.may_reach(app, visitor, mailbox_id)
    return found


async def overview(app: App, visitor: Visitor) -> list[tuple[Standing, str | None]]:
    """The mailboxes in reach with how they are doing and whose they are, by address."""
    async with app.db.read() as tx:
        within = set(await people.reached_mailboxes(tx, visitor.user))
        owners = await people.owners(tx)
        names = {user.id: user.name for user in await people.all_of(tx)}
        shown = [box for box in await mailboxes.all_of(tx) if box.id in within]
        found = await _standings(app, tx, sorted(shown, key=lambda box: box.address))
    return [(one, names.get(owners.get(one.mailbox.id) or 0)) for one in found]


async def standing(app: App, mailbox: Mailbox) -> Standing:
    """How one mailbox is doing."""
    async with app.db.read() as tx:
        return (await _standings(app, tx, [mailbox]))[0]


async def _standings(app: App, tx: AsyncConnection, boxes: list[Mailbox]) -> list[Standing]:
    now = app.clock()
    uses = await mailbox_use.today(tx, {box.id: courses.midnight(now, box.place) for box in boxes})
    found = []
    for box in boxes:
        use = uses[box.id]
        cap = cap_today(box.pace, use.first_day, local(now, box.place).date())
        found.append(Standing(box, use.sent_today, cap, use.read_at, use.people))
    return found


async def connect(app: App, visitor: Visitor, new: NewMailbox) -> Mailbox:
    """Try a mailbox, store it, and make it the visitor's own unless it is somebody's.

    Raises InvalidInput, Conflict, or MailboxError where a server does not let us in; then stores nothing.
    """
    await trying_out.try_out(app, connecting.checked(app, new), new.secret)
    mailbox = await connecting.add(app, new)
    async with app.db.write() as tx:
        if visitor.user.role is not Role.ADMINISTRATOR and await people.owner_of(tx, mailbox.id) is None:
            await people.own(tx, mailbox.id, visitor.user.id)
        await audit.record(tx, visitor.actor, "mailbox.added", mailbox.address, at=app.clock())
    return mailbox


async def change(
    app: App, visitor: Visitor, mailbox: Mailbox, values: Mapping[str, Any], password: str | None = None
) -> None:
    """Change some of what is known of a mailbox; raises InvalidInput, and then changes nothing."""
    await connecting.change(app, mailbox.address, values, password)
    what = ", ".join(sorted([*values, *(["password"] if password is not None else [])]))
    await auditing.note(app, visitor.actor, "mailbox.changed", f"{mailbox.address}: {what}")


async def sign_in(app: App, visitor: Visitor, mailbox: Mailbox, grant: Grant) -> None:
    """Let a mailbox be signed in by a new grant; raises InvalidInput or MailboxError, and changes nothing."""
    await consenting.sign_in(app, mailbox, grant)
    await auditing.note(app, visitor.actor, "mailbox.signed_in", f"{mailbox.address}: {grant.provider}")
    await app.wake()


async def pause(app: App, visitor: Visitor, mailbox: Mailbox) -> None:
    """Let nothing leave from a mailbox; it is still read."""
    await connecting.pause(app, mailbox.address)
    await auditing.note(app, visitor.actor, "mailbox.paused", mailbox.address)


async def resume(app: App, visitor: Visitor, mailbox: Mailbox) -> None:
    """Let a mailbox send again."""
    await connecting.resume(app, mailbox.address)
    await auditing.note(app, visitor.actor, "mailbox.resumed", mailbox.address)
    await app.wake()


async def remove(app: App, visitor: Visitor, mailbox: Mailbox) -> connecting.Removed:
    """Forget a mailbox and its password, or give back the grant for it."""
    done = await connecting.remove(app, mailbox.address)
    await auditing.note(app, visitor.actor, "mailbox.removed", f"{mailbox.address}: {done.stopped} stopped")
    return done


# --- days off ---


async def take_off(app: App, visitor: Visitor, mailbox: Mailbox, absence: Absence) -> None:
    """Let nothing leave on some days: what is due then moves behind them. Raises InvalidInput."""
    today = local(app.clock(), mailbox.place).date()
    _check(absence, today)
    kept = [one for one in mailbox.absences if one.last >= today]
    if any(one.first <= absence.last and absence.first <= one.last for one in kept):
        raise InvalidInput("Some of these days are off already.")
    if len(kept) >= MOST_ABSENCES:
        raise InvalidInput(f"At most {MOST_ABSENCES} times off can be known ahead.")
    days = f"off from {absence.first} to {absence.last}"
    await _keep(app, visitor, mailbox, [*kept, absence], days)


async def work_again(app: App, visitor: Visitor, mailbox: Mailbox, first: date) -> None:
    """Take back the days off that begin on a day. Mails that were moved keep their new dates."""
    kept = [one for one in mailbox.absences if one.first != first]
    if len(kept) == len(mailbox.absences):
        raise NotFound("There are no such days off.")
    await _keep(app, visitor, mailbox, kept, f"not off from {first}")


def _check(absence: Absence, today: date) -> None:
    if absence.last < absence.first:
        raise InvalidInput("The last day comes before the first.")
    if absence.last < today:
        raise InvalidInput("These days are over.")
    if absence.last - absence.first > LONGEST_ABSENCE or absence.first - today > 3 * LONGEST_ABSENCE:
        raise InvalidInput("Who is away for more than a year hands over.")
    if len(absence.note) > LONGEST_NOTE or not (absence.note.isprintable() or not absence.note):
        raise InvalidInput(f"A note has at most {LONGEST_NOTE} characters.")


async def _keep(app: App, visitor: Visitor, mailbox: Mailbox, absences: list[Absence], what: str) -> None:
    now = app.clock()
    async with app.db.write() as tx:
        await mailboxes.set_absences(tx, mailbox.id, sorted(absences, key=lambda one: one.first))
        said = f"{mailbox.address}: {what}"
        await audit.record(tx, visitor.actor, "mailbox.absence", said, at=now)
        await events.add(tx, "mailbox.absence", said, at=now, mailbox_id=mailbox.id)
