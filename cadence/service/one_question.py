"""Takes in what somebody said on a page behind a link, as the mail that it would have been.

What they typed is understood by the same code as a mail; a wish to be asked later they chose. Either means
the same and stands among the replies, only that no mailbox holds it. So a person who would rather not write
a mail is neither lost nor treated another way.
"""

import zlib
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from cadence.core.address import domain_of
from cadence.core.calendar import add, local
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.model import Mailbox, OutboundMessage
from cadence.core.replies import Category, Verdict
from cadence.core.sequence import Duration, Unit
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
LATER = (3, 6, 12)
"""Months after which somebody can choose to be asked again."""
FOLDER = "the page"
"""Stands for the folder of a mailbox, in which the mail would be."""


async def take_in(app: App, token: str, text: str) -> None:
    """Keep an answer and let it act; the same words twice count once.

    Raises InvalidInput for a link that is not ours, an empty or endless answer, NotFound for an enrollment
    that is gone, Conflict where nothing was ever asked or enough was answered.
    """
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST_ANSWER:
        raise InvalidInput(f"an answer has 1 to {LONGEST_ANSWER} characters")
    await _keep(app, await _asked(app, app.links.read(token, Purpose.ANSWER).enrollment_id), words)


async def put_off(app: App, token: str, months: int) -> date:
    """Leave somebody alone for so many months, as they chose on the page for opting out; gives until when.

    Raises InvalidInput for a link that is not ours or a time that was not offered, NotFound for an enrollment
    that is gone, Conflict where nothing was ever sent or enough was answered.
    """
    if months not in LATER:
        raise InvalidInput(f"one of {LATER} months can be chosen")
    asked = await _asked(app, app.links.read(token).enrollment_id)
    place = asked.case.prospect.place
    until = local(add(app.clock(), Duration(months, Unit.MONTHS), place), place).date()
    words = f"Not now. Please ask me again in {months} months, from {until} on."
    verdict = Verdict(
        Category.NOT_NOW,
        1.0,
        ("chosen on the page behind the link",),
        text=words,
        language="en",
        resume_on=until,
    )
    await _keep(app, asked, words, verdict)
    return until


@dataclass(frozen=True, slots=True)
class _Asked:
    """The latest mail that may be answered, and the mailbox that it left from."""

    case: Case
    mail: OutboundMessage
    mailbox: Mailbox


async def _keep(app: App, asked: _Asked, words: str, verdict: Verdict | None = None) -> None:
    """verdict: of words that need not be understood."""
    key = sha256(f"{asked.case.enrollment.id}\0{words}".encode(errors="replace")).hexdigest()
    uid = int(key[:15], 16)
    raw = _as_mail(asked, words, key, app)
    async with Helpers() as helpers:
        (understood,) = await helpers.understand([(uid, raw)], await app.models.in_use(app.db))
    meant = verdict or understood.verdict
    mail = Arrived(uid, understood.received, False, meant, zlib.compress(raw, 6), key)
    await intake.take_in_one(app, Place(asked.mailbox, FOLDER, 0, is_sent=False), mail)
    await app.wake()


async def _asked(app: App, enrollment_id: int) -> _Asked:
    """The mail that is answered: the executive's latest, who asks, or else the rep's; raises Conflict."""
    async with app.db.read() as tx:
        case = await enrollments.case(tx, enrollment_id)
        if await inbound.count_in(tx, enrollment_id, FOLDER) >= MOST_ANSWERS:
            raise Conflict(
                "Your answers have reached us already. Please write us a mail about anything else."
            )
        for mailbox in (case.executive, case.mailbox):
            if mailbox is not None and (
                sent := await correspondence.thread(tx, case.enrollment.id, mailbox.id)
            ):
                return _Asked(case, sent[-1], mailbox)
    raise Conflict("Nothing was asked yet.")


def _as_mail(asked: _Asked, words: str, key: str, app: App) -> bytes:
    subject, reader, mailbox = asked.mail.subject or "Your question", asked.case.prospect, asked.mailbox
    names = (reader.first_name, reader.last_name)
    return compose(
        Letter(
            sender=Address(" ".join(name for name in names if name), reader.email),
            to=Address(mailbox.name, mailbox.address),
            subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
            text=f"{words}\n",
            message_id=f"<{key}@{domain_of(mailbox.address)}>",
            date=app.clock(),
            in_reply_to=asked.mail.message_id,
            references=(asked.mail.message_id,),
        )
    )
