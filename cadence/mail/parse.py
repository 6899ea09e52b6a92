"""Decide what a received mail consists of: who, when, answering what, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cadence.mail.address import Address, addresses
from cadence.mail.flowed import unflow
from cadence.mail.headers import Headers, read_date
from cadence.mail.html import LONGEST_HTML, html_to_text
from cadence.mail.mime import Part, split

LONGEST_TEXT = 300_000
"""Characters of a body that are kept; nobody types more into a reply."""
MOST_ATTACHMENTS = 100
_SEEN_IN = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as read.

    message_id, in_reply_to, references: with their angle brackets; date: aware, None where there is no
    readable one; recipients_seen: every address it is known to have been sent or delivered to; text: what
    a reader sees, plain, quoted mail included; html: the HTML body where there is one; root: the tree of
    parts; unreadable: why nothing could be made of it, else None.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    recipients_seen: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str | None = None
    attachments: tuple[str, ...] = ()
    headers: Headers = field(default_factory=Headers)
    root: Part | None = None
    unreadable: str | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts in order, the whole message first."""
        return tuple(self.root.walk()) if self.root else ()


def parse(raw: bytes) -> Received:
    """Read a mail (RFC 5322, MIME); never raises: what cannot be read says so in `unreadable`."""
    try:
        return _read(split(raw))
    except Exception as error:  # any bytes arrive here; one bad mail must not stop the mailbox
        return Received(unreadable=f"{type(error).__name__}: {error}"[:200])


def _read(root: Part) -> Received:
    headers = root.headers
    if not headers.fields:
        return Received(root=root, text=root.text[:LONGEST_TEXT], unreadable="it has no header fields")
    parts = root.walk()
    seen = (
        address.email for name in _SEEN_IN for value in headers.get_all(name) for address in addresses(value)
    )
    return Received(
        message_id=next(iter(headers.ids("message-id")), None),
        in_reply_to=headers.ids("in-reply-to"),
        references=headers.ids("references"),
        sender=_first(headers, "from") or _first(headers, "sender"),
        reply_to=_list(headers, "reply-to"),
        to=_list(headers, "to"),
        cc=_list(headers, "cc"),
        recipients_seen=tuple(dict.fromkeys(seen)),
        subject=" ".join(headers.get("subject").split())[:1_000],
        date=read_date(headers.get("date")) or _received_at(headers),
        text=_Words().of(root)[:LONGEST_TEXT],
        html=next(
            (part.text for part in parts if part.content_type == "text/html" and not part.attached), None
        ),
        attachments=tuple(name for name, _ in attached(parts)),
        headers=headers,
        root=root,
    )


def _first(headers: Headers, name: str) -> Address | None:
    return next(iter(_list(headers, name)), None)


def _list(headers: Headers, name: str) -> tuple[Address, ...]:
    # Addresses are cut apart before their names are decoded: a decoded name may hold a comma.
    return tuple(a for key, value in headers.fields if key == name for a in addresses(value))


def _received_at(headers: Headers) -> datetime | None:
    """Where the Date field is missing or damaged, the last server's stamp stands in for it."""
    return read_date(headers.get("received").rpartition(";")[2].strip())


class _Words:
    """Takes the text out of the parts until there is enough of it: nobody answers in a megabyte."""

    def __init__(self) -> None:
        self.left = LONGEST_TEXT
        self.left_of_html = LONGEST_HTML

    def of(self, part: Part) -> str:
        """Return the best plain text of a part; of alternatives the plain one, unless it is only a stub."""
        if self.left <= 0:
            return ""
        if part.content_type == "multipart/alternative" and part.children:
            return self._best(part.children)
        if part.children:
            return "\n".join(piece for piece in map(self.of, part.children) if piece.strip())
        if part.attached or (part.filename and part.content_type != "text/html"):
            return ""
        text = self._leaf(part)
        self.left -= len(text)
        return text

    def _leaf(self, part: Part) -> str:
        if part.content_type == "text/html":
            source = part.text[: max(self.left_of_html, 0)]
            self.left_of_html -= len(source)
            return html_to_text(source)
        if part.content_type != "text/plain":
            return ""
        text, form = part.text, part.parameters.get("format", "").lower()
        return unflow(text, part.parameters) if form == "flowed" else text

    def _best(self, children: tuple[Part, ...]) -> str:
        plain = [child for child in children if child.content_type == "text/plain"]
        first = next((text for text in map(self.of, plain) if text.strip()), "")
        stub = len(first.split()) < 12 and "html" in first.lower()
        if first and not stub:
            return first
        other = [child for child in reversed(children) if child.content_type != "text/plain"]
        return next((text for text in map(self.of, other) if text.strip()), first)


def attached(parts: Sequence[Part]) -> list[tuple[str, Part]]:
    """The parts that are files beside the words of a mail, each with the name to show."""
    found = []
    for part in parts[:MOST_ATTACHMENTS]:
        if part.children or part.content_type.startswith("multipart/"):
            continue
        if part.content_type in ("application/ms-tnef", "application/vnd.ms-tnef"):
            found.append((part.filename or "winmail.dat", part))
        elif part.filename or part.attached or not part.content_type.startswith(("text/", "message/")):
            found.append((part.filename or part.content_type, part))
    return found
