"""Examines a mailbox as its user would: log in, write to oneself, see it arrive, look at what became of it.

The mail to oneself goes from and to one address of our own, so the reading of replies passes it over; it
is never recorded, answers nothing, and says that it can be deleted.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from cadence.core.address import domain_of
from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.mail.domain_records import Lookup, SystemResolver
from cadence.mail.headers import read_date
from cadence.mail.parse import Received, parse
from cadence.service import domains, reading, relay_checks, remedies, way_out
from cadence.service.app import App, Inbox, Sender
from cadence.service.checks import Check, fault, ok, warning
from cadence.service.way_out import WayOut
from cadence.store import mailboxes

_AGAIN = "Try again; if it stays, look whether this machine reaches the provider."
_CLIENT = "Look at the client ID and secret in the settings: docs/connecting.md says where they are made."
LOOK_EVERY = 0.5
COPY_SECONDS = 5.0
"""How long after a mail's arrival a provider may take to file its copy."""
CLOCKS_MAY_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Patient:
    """A mailbox and the open ways out of and into it; patience: seconds to wait; way: its relay, if any."""

    mailbox: Mailbox
    sender: Sender
    inbox: Inbox
    patience: float
    way: WayOut | None = None


@dataclass(frozen=True, slots=True)
class _Sent:
    """The mail to oneself: what is looked for, and since which UID of which folder."""

    letter: Letter
    token: str
    since: dict[str, int]
    sent_folder: str | None


@dataclass(frozen=True, slots=True)
class _Arrival:
    folder: str
    received: Received
    after: float


async def examine(
    app: App, mailbox: Mailbox, *, patience: float = 60.0, lookup: Lookup | None = None
) -> AsyncIterator[Check]:
    """Look at everything that a mailbox must be able to do; gives each finding as soon as it is known.

    Raises InvalidInput where the stored password cannot be opened.
    """
    arrived: Received | None = None
    async for check in _examine_mailbox(app, mailbox, patience):
        if isinstance(check, _Arrival):
            arrived = check.received
        else:
            yield check
    lookup = lookup or SystemResolver()
    async for finding in domains.examine(lookup, domain_of(mailbox.address), arrived):
        yield finding
    async for finding in relay_checks.examine(app, lookup, mailbox):
        yield finding


async def _examine_mailbox(app: App, mailbox: Mailbox, patience: float) -> AsyncIterator[Check | _Arrival]:
    if mailbox.oauth is not None:
        finding = await _on_sign_in(app, mailbox)
        yield finding
        if finding.is_fault:
            return
    sender, inbox = await app.connections.trial(mailbox, await app.connections.password(mailbox))
    way = await way_out.of(app.db, mailbox)
    try:
        async for check in _examine_servers(app, Patient(mailbox, sender, inbox, patience, way)):
            yield check
    finally:
        await sender.close()
        await inbox.close()


async def _on_sign_in(app: App, mailbox: Mailbox) -> Check:
    """Renew the token, which shows whether the sign-in is still worth something."""
    try:
        access = await app.connections.renewed(mailbox)
    except MailboxError as broken:
        if broken.temporary:
            return fault("sign-in", str(broken), _AGAIN)
        said, _, remedy = str(broken).partition(". ")
        return fault("sign-in", said, remedy or _CLIENT)
    until = f"{access.mailbox.token_until:%Y-%m-%d %H:%M} UTC" if access.mailbox.token_until else "?"
    said = f"signed in with {mailbox.oauth}; the token is good until {until}, and is renewed by itself"
    return ok("sign-in", said)


async def _examine_servers(app: App, patient: Patient) -> AsyncIterator[Check | _Arrival]:
    out, into = await _log_in_out(patient), await _log_in_in(patient)
    yield out
    yield into
    if out.is_fault or into.is_fault:
        return
    try:
        async for finding in _write_to_oneself(app, patient):
            yield finding
    except MailboxError as broken:
        yield fault("arrival", str(broken), "Try again; if it stays, look at the mail server.")


async def _log_in_out(patient: Patient) -> Check:
    against: Outcome | None = await patient.sender.check()
    if against is None:
        user = relay_checks.user_of(patient.mailbox, patient.way)
        return ok("sending", f"{patient.mailbox.smtp} lets us in{user}")
    name = patient.way.access.relay.name if patient.way else None
    remedy = remedies.of_outcome(patient.mailbox, against, relay=name)
    return fault("sending", against.said or str(against), remedy)


async def _log_in_in(patient: Patient) -> Check:
    try:
        await patient.inbox.connect()
        await patient.inbox.examine("INBOX")
    except MailboxError as broken:
        remedy = remedies.of_log_in(patient.mailbox, str(broken), temporary=broken.temporary)
        return fault("reading", str(broken), remedy)
    return ok("reading", f"{patient.mailbox.imap} lets us in as {patient.mailbox.username}")


async def _write_to_oneself(app: App, patient: Patient) -> AsyncIterator[Check | _Arrival]:
    folders = await patient.inbox.folders()
    sent_folder = patient.mailbox.sent_folder or reading.sent_among(folders)
    watched = reading.folders_to_read(folders, sent_folder)
    yield _on_folders(watched, sent_folder)
    since = {name: await _next_uid(patient.inbox, name) for name in watched}
    began = app.clock()
    letter, token = _letter(patient.mailbox, began)
    address = patient.mailbox.address
    raw = b"Auto-Submitted: auto-generated\r\n" + compose(letter)  # nobody's autoresponder answers (RFC 3834)
    outcome = await patient.sender.send(raw, address, address)
    if outcome.kind is not OutcomeKind.ACCEPTED:
        said = f"a mail to oneself was not taken: {outcome.said or outcome}"
        yield fault("delivery", said, "Ask whoever runs the server.")
        return
    sent = _Sent(letter, token, since, sent_folder)
    arrival = await _wait_for(patient, sent)
    if arrival is None:
        yield fault(
            "delivery",
            f"a mail to oneself was taken, and did not arrive within {patient.patience:.0f} s",
            "Look for it in all folders; a server-side rule may move it where Cadence does not look.",
        )
        return
    yield arrival
    for check in _on_arrival(patient, sent, arrival, began, app.clock()):
        yield check
    yield await _on_copy(app, patient, sent)


def _letter(mailbox: Mailbox, now: datetime) -> tuple[Letter, str]:
    token, domain = token_hex(6), domain_of(mailbox.address)
    me = Address(mailbox.name, mailbox.address)
    earlier = f"<cadence-self-test-{token}-earlier@{domain}>"
    return (
        Letter(
            sender=me,
            to=me,
            subject=f"Cadence self-test {token}",
            text="Cadence wrote this to itself to try the mailbox out. You can delete it.",
            message_id=f"<cadence-self-test-{token}@{domain}>",
            date=now,
            in_reply_to=earlier,
            references=(earlier,),
        ),
        token,
    )


async def _next_uid(inbox: Inbox, folder: str) -> int:
    state = await inbox.examine(folder)
    return state.uidnext or max(await inbox.uids_after(0), default=0) + 1


async def _wait_for(patient: Patient, sent: _Sent) -> _Arrival | None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while (after := loop.time() - began) < patient.patience:
        for folder in sent.since:
            if folder != sent.sent_folder and (received := await _look(patient.inbox, folder, sent)):
                return _Arrival(folder, received, after)
        await asyncio.sleep(LOOK_EVERY)
    return None


async def _look(inbox: Inbox, folder: str, sent: _Sent) -> Received | None:
    """The mail in a folder; found by its subject, since its Message-ID may not have survived."""
    await inbox.examine(folder)
    blocks = await inbox.headers(await inbox.uids_after(sent.since[folder] - 1))
    heads = (parse(block.raw) for block in blocks)
    return next((head for head in heads if sent.token in head.subject), None)


def _on_folders(watched: Sequence[str], sent_folder: str | None) -> Check:
    names = ", ".join(name for name in watched if name != sent_folder)
    if sent_folder is None:
        return warning(
            "folders",
            f"watched: {names}; no folder for sent mail was found",
            "Create one named Sent: copies are filed there, and your own mails to prospects are seen there.",
        )
    return ok("folders", f"watched: {names}; your own mail is looked for in {sent_folder}")


def _on_arrival(
    patient: Patient, sent: _Sent, arrival: _Arrival, began: datetime, now: datetime
) -> list[Check]:
    delivered = ok("delivery", f"a mail to oneself arrived in {arrival.folder} after {arrival.after:.1f} s")
    if arrival.folder.upper() != "INBOX":
        delivered = warning(
            "delivery",
            f"a mail to oneself arrived in {arrival.folder}, not in INBOX",
            "Mails to prospects may be taken for spam too: look at the findings about the domain below.",
        )
    threading = _on_headers(sent.letter, arrival.received, relay_checks.follows(patient.mailbox, patient.way))
    return [delivered, threading, _on_clock(arrival.received, began, now)]


def _on_headers(letter: Letter, received: Received, follows: str | None) -> Check:
    """follows: how it is known which Message-ID a mail got instead, None where it is not."""
    lost = []
    if received.message_id != letter.message_id:
        lost.append("Message-ID")
    if received.in_reply_to != (letter.in_reply_to,):
        lost.append("In-Reply-To")
    if letter.in_reply_to not in received.references:
        lost.append("References")
    if not lost:
        return ok("threading", "Message-ID, In-Reply-To and References arrived as they were sent")
    if follows and lost == ["Message-ID"]:
        return ok("threading", follows)
    return warning(
        "threading",
        f"the server changed {', '.join(lost)}",
        "Replies are then matched by their sender only; ask whoever runs the server to leave them alone.",
    )


def _on_clock(received: Received, began: datetime, now: datetime) -> Check:
    """RFC 5321 §4.4: the topmost Received field ends with the time at which the server took the mail."""
    stamps = received.headers.get_all("received")
    at = read_date(stamps[0].rpartition(";")[2].strip()) if stamps else None
    if at is None:
        return ok("clock", "the server does not stamp its mail, so clocks could not be compared")
    difference = began - at if at < began else at - now if at > now else timedelta()
    if difference <= CLOCKS_MAY_DIFFER:
        return ok("clock", "this machine and the mail server agree on the time")
    direction = "ahead of" if at < began else "behind"
    return warning(
        "clock",
        f"this machine's clock is about {difference.total_seconds():.0f} s {direction} the mail server's",
        "Let both follow a time server (NTP).",
    )


async def _on_copy(app: App, patient: Patient, sent: _Sent) -> Check:
    if sent.sent_folder is None:
        return ok("copies", "there is no folder for sent mail, so no copies are filed")
    for _ in range(1 + round(min(COPY_SECONDS, patient.patience) / LOOK_EVERY)):
        if await _look(patient.inbox, sent.sent_folder, sent):
            break
        await asyncio.sleep(LOOK_EVERY)
    else:
        return ok("copies", f"the provider files no copy in {sent.sent_folder}: Cadence will")
    if patient.mailbox.id and patient.mailbox.files_sent is None:
        async with app.db.write() as tx:
            await mailboxes.change(tx, patient.mailbox.id, files_sent=True)
    return ok("copies", f"the provider files a copy in {sent.sent_folder} by itself")
