"""Takes a person out of somebody else's mail: where it names them, its plain words are kept instead."""

from collections.abc import Callable
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime

from cadence.mail.headers import decode_words
from cadence.mail.mime import split
from cadence.mail.parse import Received, parse

GONE = b"Subject: Erased\r\n\r\nThis mail was erased: the person whom it was to asked for that.\r\n"
"""What stands for a mail whose words are not kept any more."""


def redacted(raw: bytes, clean: Callable[[str], str]) -> bytes | None:
    """The mail without them, None where it does not name them. clean: takes them out of a text.

    What is kept is who wrote it, when, under which subject and in which words: files and HTML may name
    somebody in ways that nobody can search.
    """
    if not any(clean(text) != text for text in _texts(raw)):
        return None
    received = parse(raw)
    made = MIMEText(clean(received.text).encode(errors="replace").decode(), "plain", "utf-8")
    made.add_header("Subject", _line(clean(received.subject)))
    made.add_header("From", _line(clean(_writer(received))))
    if received.date is not None:
        made["Date"] = format_datetime(received.date)
    return made.as_bytes()


def _texts(raw: bytes) -> list[str]:
    """Everything that a mail says: its fields and its parts, also of files that are attached."""
    parts = split(raw, whole=True).walk()
    fields = [decode_words(value) for part in parts for _, value in part.headers.fields]
    return [*fields, *(part.text for part in parts)]


def _writer(received: Received) -> str:
    sender = received.sender
    return f"{sender.name} <{sender.email}>".strip() if sender else ""


def _line(text: str) -> str:
    """A field that is one encoded word or several, so that nothing in it is a field of its own (RFC 2047)."""
    return Header(" ".join(text.encode(errors="replace").decode().split()), "utf-8").encode()
