"""Takes in an answer that somebody typed on the page behind a link, as the mail that it would have been.

It is understood by the same code as a mail, means the same, and stands among the replies; only that no
mailbox holds it. So a person who would rather not write a mail is neither lost nor treated another way.
"""

import zlib
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import domain_of
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.model import Mailbox, OutboundMessage
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.service import intake
from cadence.service.app import App
from cadence.service.helpers import Helpers
from cadence.service.intake import Arrived, Place
from cadence.service.links import Purpose
from cadence.store import correspondence, enrollments, inbound
from cadence.store.enrollments import Case

LONGEST_ANSWER = 4_000
"""Characters; a line or two are asked for."""
MOST_ANSWERS = 5
"""Of one enrollment: whoever has the link can use it, and it never expires."""
FOLDER = "the page"
"""Stands for the folder of a mailbox, in which the mail would be."""


async def take_in(app: App, token: str, text: str) -> None:
    """Keep an answer and let it act; the same words twice count once.

    Raises InvalidInput for a link that is not ours, an empty or endless answer, NotFound for an enrollment
    that is gone, Conflict where nothing was ever asked or enough was answered.
    """
    enrollment_id = app.links.read(token, Purpose.ANSWER).enrollment_id
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST_ANSWER:
        raise InvalidInput(f"an answer has 1 to {LONGEST_ANSWER} characters")
    async with app.db.read() as tx:
        case = await enrollments.case(tx, enrollment_id)
        asked, mailbox = await _asked(tx, case)
        if await inbound.count_in(tx, enrollment_id, FOLDER) >= MOST_ANSWERS:
            raise Conflict(
                "Your answers have reached us already. Please write us a mail about anything else."
            )
    key = sha256(f"{enrollment_id}\0{words}".encode(errors="replace")).hexdigest()
    uid = int(key[:15], 16)
    raw = _as_mail(case, mailbox, asked, words, key, app)
    async with Helpers() as helpers:
        (understood,) = await helpers.understand([(uid, raw)], await app.models.in_use(app.db))
    mail = Arrived(uid, understood.received, False, understood.verdict, zlib.compress(raw, 6), key)
    await intake.take_in_one(app, Place(mailbox, FOLDER, 0, is_sent=False), mail)
    await app.wake()


async def _asked(tx: AsyncConnection, case: Case) -> tuple[OutboundMessage, Mailbox]:
    """The mail that is answered, with its mailbox: the executive's latest, who asks, or else the rep's."""
    for mailbox in (case.executive, case.mailbox):
        if mailbox is not None and (sent := await correspondence.thread(tx, case.enrollment.id, mailbox.id)):
            return sent[-1], mailbox
    raise Conflict("Nothing was asked yet.")


def _as_mail(case: Case, mailbox: Mailbox, asked: OutboundMessage, words: str, key: str, app: App) -> bytes:
    subject = asked.subject or "Your question"
    names = (case.prospect.first_name, case.prospect.last_name)
    return compose(
        Letter(
            sender=Address(" ".join(name for name in names if name), case.prospect.email),
            to=Address(mailbox.name, mailbox.address),
            subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
            text=f"{words}\n",
            message_id=f"<{key}@{domain_of(mailbox.address)}>",
            date=app.clock(),
            in_reply_to=asked.message_id,
            references=(asked.message_id,),
        )
    )
