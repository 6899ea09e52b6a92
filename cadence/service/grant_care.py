"""Looks after the sign-ins of mailboxes: renews what nobody used for a day, and tells of what ended.

So a sign-in that was withdrawn is noticed within a day, even where nothing is to be sent, and one that is
hardly used does not end for that reason. The mail about it leaves from another mailbox.
"""

from collections import Counter
from datetime import timedelta

import structlog

from cadence.core.errors import CadenceError, MailboxError
from cadence.core.model import Mailbox, MailboxState
from cadence.core.people import Role, User
from cadence.mail.address import Address
from cadence.service import announcing, trying_out
from cadence.service.app import App
from cadence.service.grants import ended
from cadence.store import grants, mailboxes, users

log = structlog.get_logger()

UNUSED = timedelta(days=1)


async def look_after(app: App) -> Counter[str]:
    """Renew what is due, and tell of what ended; counts each."""
    now, done = app.clock(), Counter[str]()
    async with app.db.read() as tx:
        unused = await grants.untried_since(tx, now - UNUSED)
    for mailbox_id in unused:
        done["renewed" if await _renew(app, mailbox_id) else "not_renewed"] += 1
    async with app.db.read() as tx:
        untold = await grants.untold(tx)
    for mailbox_id in untold:
        async with app.db.write() as tx:
            is_ours = await grants.tell(tx, mailbox_id, now=now)
        if is_ours:
            await _show(app, mailbox_id)
            done["told"] += await _tell(app, mailbox_id)
    return done


async def _renew(app: App, mailbox_id: int) -> bool:
    async with app.db.read() as tx:
        mailbox = await mailboxes.get(tx, mailbox_id)
    try:
        await app.connections.renewed(mailbox)
    except MailboxError as fault:
        log.warning("a sign-in was not renewed", mailbox_id=mailbox_id, fault=str(fault))
        if not fault.temporary:
            await trying_out.report_fault(app, mailbox_id, str(fault))
        return False
    return True


async def _show(app: App, mailbox_id: int) -> None:
    """Put a mailbox at fault, whoever found out; one that is already says now what is really to be done."""
    async with app.db.read() as tx:
        mailbox = await mailboxes.get(tx, mailbox_id)
    words = str(ended(mailbox))
    if mailbox.state is MailboxState.FAULT:
        async with app.db.write() as tx:
            await mailboxes.change(tx, mailbox_id, state_reason=words)
    else:
        await trying_out.report_fault(app, mailbox_id, words)


async def _tell(app: App, mailbox_id: int) -> int:
    """Mail the owner and the administrators, each once; Today says it in any case. Gives how many it told."""
    async with app.db.read() as tx:
        mailbox = await mailboxes.get(tx, mailbox_id)
        owner = (await users.owners(tx)).get(mailbox_id)
        everybody = await users.all_of(tx)
    subject, text = _words(mailbox)
    told = 0
    for user in [one for one in everybody if _is_told(one, owner)]:
        try:
            against = await announcing.post(app, Address(user.name, user.email), subject, text, by=user.id)
        except CadenceError as fault:
            against = str(fault)
        if against is None:
            told += 1
        else:
            log.warning("nobody could be told of a sign-in that ended", mailbox_id=mailbox_id, fault=against)
    return told


def _is_told(user: User, owner: int | None) -> bool:
    return user.is_active and (user.id == owner or user.role is Role.ADMINISTRATOR)


def _words(mailbox: Mailbox) -> tuple[str, str]:
    text = (
        f"Cadence cannot get into {mailbox.address} any more: the sign-in with {mailbox.oauth} has ended. "
        "That happens where somebody withdraws it, changes the password, or an administrator ends it.\n\n"
        "Nothing leaves from this mailbox until somebody signs in again, and answers in it are not read. "
        "Nobody is lost meanwhile: what is due waits.\n\n"
        f"In Cadence, open Mailboxes, {mailbox.address}, and sign in again; or, where Cadence runs:\n\n"
        f"    cadence mailbox change {mailbox.address} --oauth {mailbox.oauth}\n"
    )
    return f"Please sign in again: {mailbox.address}", text
