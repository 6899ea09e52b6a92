"""What the made-up people do: they get mails, and some time later some of them answer.

They see what any reader sees, a mail that arrived, and nothing of the product. What they meant is kept here,
so that the demo can hold the product to it afterwards.
"""

import heapq
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from random import Random

from cadence.core.calendar import local
from cadence.core.replies import Category
from cadence.demo import dates, machines, programs
from cadence.demo.cast import INVITATION, Act, Character, How
from cadence.demo.programs import Answer, Original
from cadence.mail.sandbox import AcceptedMail


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that somebody sends: to which of our mailboxes, what it means, the date it names.

    page, words: where it is typed, and what, if it is no mail; such a one has no raw.
    """

    at: datetime
    person: Character
    act: Act
    to: str
    message_id: str
    answers: str
    until: date | None
    raw: bytes = field(repr=False)
    page: str = ""
    words: str = ""

    @property
    def means(self) -> Category:
        """What any person would understand."""
        return self.act.means

    @property
    def came_back(self) -> bool:
        """Whether it says that the mail never reached its reader, but may later."""
        return self.means is Category.BOUNCE_SOFT

    @property
    def envelope(self) -> str:
        """The sender on the envelope: nobody for what must not be answered (RFC 5321 §4.5.5)."""
        if self.act.how in (How.AWAY, How.HARD_BOUNCE, How.SOFT_BOUNCE):
            return ""
        return (self.act.writer or self.person).email


class People:
    """Everybody who was written to. `coming`: answers not sent yet; `sent`: those that were."""

    def __init__(self, characters: tuple[Character, ...], seed: int) -> None:
        self._by_email = {character.email: character for character in characters}
        self._random = Random(seed)  # noqa: S311 - it makes people less regular, nothing else
        self._got: dict[str, list[str]] = {}
        self._coming: list[tuple[datetime, int, Reply]] = []
        self._number = 0
        self.sent: list[Reply] = []

    def get(self, mail: AcceptedMail) -> None:
        """Somebody gets a mail, and may decide to answer; the same mail again is no new one."""
        original = read(mail)
        got = self._got.setdefault(original.recipient, [])
        if original.message_id in got:
            return
        got.append(original.message_id)
        person = self._by_email[original.recipient]
        for act in person.acts:
            if act.mail == len(got) or (act.mail == INVITATION and original.event):
                self._number += 1
                reply = self._reply(person, act, original)
                heapq.heappush(self._coming, (reply.at, self._number, reply))

    def next_at(self) -> datetime | None:
        """When the next answer will be sent."""
        return self._coming[0][0] if self._coming else None

    def due(self, now: datetime) -> list[Reply]:
        """The answers that are sent now."""
        due = []
        while self._coming and self._coming[0][0] <= now:
            due.append(heapq.heappop(self._coming)[2])
        self.sent += due
        return due

    def known_as(self, reply: Reply, message_id: str) -> None:
        """What was typed on the page got its Message-ID from the product, which keeps it as a mail."""
        self.sent[self.sent.index(reply)] = replace(reply, message_id=message_id)

    def _reply(self, person: Character, act: Act, original: Original) -> Reply:
        at = original.at + timedelta(minutes=2 + int(act.hours * 60 * self._random.uniform(0.8, 1.2)))
        until = _named_date(act, local(at, person.place).date())
        language = person.language
        words = act.says.format(
            rep=original.sender_name.split()[0],
            back=dates.long(until, language) if until else "",
            month=dates.month(until, language) if until else "",
        )
        number = self._random.getrandbits(48)
        message_id = f"<{number:x}.{self._number}@{person.email.partition('@')[2]}>"
        if act.how is How.PAGE:
            page = page_of(original.text)
            return Reply(
                at, person, act, original.sender, message_id, original.message_id, until, b"", page, words
            )
        answer = Answer(act.how, act.writer or person, words, at, message_id, original)
        write = machines.write if act.how in machines.MACHINES else programs.write
        return Reply(at, person, act, original.sender, message_id, original.message_id, until, write(answer))


def read(mail: AcceptedMail) -> Original:
    """A mail as its reader's program shows it."""
    parsed = message_from_bytes(mail.raw)
    text = next(part for part in parsed.walk() if part.get_content_type() == "text/plain")
    payload = text.get_payload(decode=True)
    assert isinstance(payload, bytes)
    name, sender = parseaddr(str(make_header(decode_header(parsed["From"]))))
    return Original(
        message_id=parsed["Message-ID"].strip(),
        references=tuple((parsed["References"] or "").split()),
        subject=str(make_header(decode_header(parsed["Subject"]))),
        text=payload.decode().replace("\r\n", "\n"),
        sender=sender,
        sender_name=name,
        recipient=mail.recipients[0],
        at=mail.at,
        raw=mail.raw,
        event=_event_in(parsed),
    )


def message_id_of(raw: bytes) -> str:
    """The Message-ID of a mail."""
    return str(BytesHeaderParser().parsebytes(raw)["Message-ID"]).strip()


def page_of(text: str) -> str:
    """The page on which a mail lets its reader answer, as a path."""
    found = re.search(r"\(https?://[^/\s]+(/q/[^)\s]+)\)", text)
    assert found, "the mail names no page"
    return found[1]


def _event_in(mail: Message) -> str | None:
    """The UID of the event that a mail invites to (RFC 5545 §3.8.4.7)."""
    part = next((part for part in mail.walk() if part.get_content_type() == "text/calendar"), None)
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    unfolded = re.sub(r"\r?\n[ \t]", "", payload.decode())
    found = re.search(r"^UID:(\S+)", unfolded, re.MULTILINE)
    return found[1] if found else None


def _named_date(act: Act, today: date) -> date | None:
    """The date an answer names: a working day, or the first of a month."""
    if act.days is None:
        return None
    day = today + timedelta(days=act.days)
    if act.names == "month":
        return day.replace(day=1)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
