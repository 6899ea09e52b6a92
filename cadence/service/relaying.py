"""What follows from the reports of a relay: as from the mails that other servers send of the same.

A report proves that the mail left, which settles one in doubt. A failure or a complaint is taken in as a
delivery report or a feedback report in the mailbox from which the mail left, and so acts as those do, once.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import structlog

from cadence.core.address import domain_of
from cadence.core.errors import NotFound, Unauthenticated
from cadence.core.model import Mailbox, MessageState, OutboundMessage, TaskKind
from cadence.core.relays import Happening, Relay, RelayReport
from cadence.mail import relay_reports
from cadence.mail.relay_mail import as_mail
from cadence.service import enrolling, intake, outcomes, relay_proofs
from cadence.service.app import App
from cadence.service.helpers import Helpers
from cadence.service.intake import Arrived, Place
from cadence.service.relay_proofs import Knock
from cadence.store import (
    correspondence,
    enrollments,
    letters,
    locks,
    mailboxes,
    messages,
    relays,
    tasks,
)

log = structlog.get_logger()

FOLDER = "the relay"
"""Stands for the folder of a mailbox, in which the report would be."""


async def take_in(app: App, relay_id: int, headers: Mapping[str, str], body: bytes) -> None:
    """Believe and keep what a relay reports, and let it act; the same report again changes nothing.

    Raises NotFound, Unauthenticated where it does not prove to be the relay's, InvalidInput where it is none.
    """
    async with app.db.read() as tx:
        access = await relays.access(tx, relay_id)
    if access is None or access.hook is None:
        raise NotFound("No relay reports here.")
    knock = Knock(relay_id, app.vault.open(access.hook), headers, body)
    try:
        document = await relay_proofs.opened(app, access.relay.kind, knock)
    except Unauthenticated as refused:
        log.warning("a report of a relay was refused", relay=access.relay.name, why=str(refused))
        raise
    reports = relay_reports.read(access.relay.kind, document) if document is not None else []
    for about in await _known(app, reports):
        await _act(app, access.relay, about)
    if reports:
        await app.wake()


@dataclass(frozen=True, slots=True)
class _About:
    """A report, and our mail that it is about; where that is a letter of a person, the mail before it."""

    report: RelayReport
    mail: OutboundMessage
    letter: str | None = None


async def _known(app: App, reports: list[RelayReport]) -> list[_About]:
    """The reports on mails of ours; others use the relay as well, and their mails are not our business."""
    ids = {known for report in reports for known in (report.message_id, report.given) if known}
    async with app.db.read() as tx:
        mails = await correspondence.of_message_ids(tx, ids)
        written = await letters.of_message_ids(tx, ids - mails.keys())
        before = await correspondence.latest(tx, set(written.values()))
    letters_of = {known: before[of] for known, of in written.items() if of in before}
    found = []
    for report in reports:
        names = [known for known in (report.message_id, report.given) if known]
        ours = next((_About(report, mails[known]) for known in names if known in mails), None)
        theirs = (_About(report, letters_of[known], known) for known in names if known in letters_of)
        found.append(ours or next(theirs, None))
    return [about for about in found if about is not None]


async def _act(app: App, relay: Relay, about: _About) -> None:
    report, mail = about.report, about.mail
    mailbox = await _prove(app, relay, about)
    if mailbox is None or report.happening is Happening.DELIVERED:
        return
    if report.happening is Happening.UNSUBSCRIBED:
        await enrolling.opt_out(app, mail.enrollment_id, f"a list of {relay.name}")
        return
    key = sha256(f"relay {relay.id} {report.key}".encode()).hexdigest()
    name = f"<{key}@{domain_of(mailbox.address)}>"
    raw = as_mail(report, message_id=mail.message_id, sender=mailbox.address, now=app.clock(), name=name)
    uid = int(key[:15], 16)
    async with Helpers() as helpers:
        (read,) = await helpers.understand([(uid, raw)], await app.models.in_use(app.db))
    arrived = Arrived(uid, read.received, True, read.verdict, zlib.compress(raw, 6), key)
    await intake.take_in_one(app, Place(mailbox, FOLDER, 0, is_sent=False), arrived)


async def _prove(app: App, relay: Relay, about: _About) -> Mailbox | None:
    """The relay had the mail: so it left, and its reader has it under the Message-ID that the relay gave."""
    how, given = f"{relay.name} reports on it", about.report.given
    async with app.db.write() as tx:
        enrollment = await enrollments.get(tx, about.mail.enrollment_id)
        await locks.company_of(tx, enrollment.prospect_id)
        now = await messages.get(tx, about.mail.id)
        if now.mailbox_id is None:
            return None
        mailbox = await mailboxes.get(tx, now.mailbox_id)
        if about.letter is not None:
            answered = await letters.proven(tx, about.letter, app.clock(), how)
            if answered is not None:
                await tasks.close_about(tx, TaskKind.IN_DOUBT, how, now=app.clock(), inbound_id=answered)
            return mailbox
        if given and given != now.left_as:
            await correspondence.leave_as(tx, now.id, given)
        if now.state in (MessageState.IN_DOUBT, MessageState.PLANNED):
            await outcomes.left_after_all(app, tx, now, mailbox, how)
    return mailbox
