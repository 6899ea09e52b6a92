"""What follows from the reports of a relay: as from the mails that other servers send of the same.

A report proves that the mail left, which settles one in doubt. A failure or a complaint is taken in as a
delivery report or a feedback report in the mailbox from which the mail left, and so acts as those do, once.
"""

import zlib
from collections.abc import Mapping
from hashlib import sha256

import structlog

from cadence.core.address import domain_of
from cadence.core.errors import NotFound, Unauthenticated
from cadence.core.model import Mailbox, MessageState, OutboundMessage
from cadence.core.relays import Happening, Relay, RelayReport
from cadence.mail import relay_reports
from cadence.mail.relay_mail import as_mail
from cadence.service import intake, outcomes, relay_proofs
from cadence.service.app import App
from cadence.service.helpers import Helpers
from cadence.service.intake import Arrived, Place
from cadence.service.relay_proofs import Knock
from cadence.store import correspondence, enrollments, locks, mailboxes, messages, relays

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
    for report, message in await _known(app, reports):
        await _act(app, access.relay, report, message)
    if reports:
        await app.wake()


async def _known(app: App, reports: list[RelayReport]) -> list[tuple[RelayReport, OutboundMessage]]:
    """The reports on mails of ours; others use the relay as well, and their mails are not our business."""
    ids = {known for report in reports for known in (report.message_id, report.given) if known}
    async with app.db.read() as tx:
        ours = await correspondence.of_message_ids(tx, ids)
    found = (
        (report, ours.get(report.message_id or "") or ours.get(report.given or "")) for report in reports
    )
    return [(report, message) for report, message in found if message is not None]


async def _act(app: App, relay: Relay, report: RelayReport, message: OutboundMessage) -> None:
    mailbox = await _prove(app, relay, report, message)
    if mailbox is None or report.happening is Happening.DELIVERED:
        return
    key = sha256(f"relay {relay.id} {report.key}".encode()).hexdigest()
    name = f"<{key}@{domain_of(mailbox.address)}>"
    raw = as_mail(report, message_id=message.message_id, sender=mailbox.address, now=app.clock(), name=name)
    uid = int(key[:15], 16)
    async with Helpers() as helpers:
        (read,) = await helpers.understand([(uid, raw)], await app.models.in_use(app.db))
    mail = Arrived(uid, read.received, True, read.verdict, zlib.compress(raw, 6), key)
    await intake.take_in_one(app, Place(mailbox, FOLDER, 0, is_sent=False), mail)


async def _prove(app: App, relay: Relay, report: RelayReport, message: OutboundMessage) -> Mailbox | None:
    """The relay had the mail: so it left, and its reader has it under the Message-ID that the relay gave."""
    async with app.db.write() as tx:
        enrollment = await enrollments.get(tx, message.enrollment_id)
        await locks.company_of(tx, enrollment.prospect_id)
        now = await messages.get(tx, message.id)
        if now.mailbox_id is None:
            return None
        mailbox = await mailboxes.get(tx, now.mailbox_id)
        if report.given and report.given != now.left_as:
            await correspondence.leave_as(tx, message.id, report.given)
        if now.state in (MessageState.IN_DOUBT, MessageState.PLANNED):
            await outcomes.left_after_all(app, tx, now, mailbox, f"{relay.name} reports on it")
    return mailbox
