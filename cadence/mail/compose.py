"""Turns a letter into the bytes that leave: the same letter always gives the same bytes.

The result is parsed again and compared with what was meant before anybody may send it, so that no
name, subject or file can add a header or a part.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import quote, urlsplit

from cadence.core.errors import InvalidInput
from cadence.mail import readback
from cadence.mail.address import Address
from cadence.mail.endpoint import is_loopback
from cadence.mail.envelope import ascii_domain
from cadence.mail.fields import address_field, checked_url, clean, is_message_id, list_field, text_field
from cadence.mail.invitation import FILENAME, Invitation, as_calendar

_MOST_REFERENCES = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_CONTENT_TYPE = re.compile(r"[a-z0-9]+/[A-Za-z0-9][A-Za-z0-9.+-]{0,100}")
_PLAIN_FILENAME = re.compile(r"[A-Za-z0-9 ._()+-]+")
_ONE_CLICK = "List-Unsubscribe=One-Click"


class Attached(Protocol):
    """A file to go along; content's Attachment fits as it is."""

    @property
    def filename(self) -> str:
        """The name as the reader sees it."""

    @property
    def content_type(self) -> str:
        """Such as application/pdf (RFC 6838)."""

    @property
    def content(self) -> bytes:
        """The bytes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person, before it is bytes.

    message_id, in_reply_to, references: with their angle brackets; date: aware, its offset is shown;
    html: None for a letter of plain text only; unsubscribe_url: https (http only to loopback), which
    takes the one-click POST of RFC 8058; unsubscribe_mailto: an address; invitation: to an event, from the
    sender to the reader.
    """

    sender: Address
    to: Address
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str | None = None
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    unsubscribe_mailto: str | None = None
    attachments: Sequence[Attached] = ()
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True)
class _File:
    filename: str
    content_type: str
    content: bytes


def compose(letter: Letter) -> bytes:
    """Write the letter as a message (RFC 5322, RFC 2045) with CRLF line ends.

    ASCII throughout, except for an address whose local part is not (RFC 6532). Ids in `references` and
    `in_reply_to` come from other people's mail: what cannot be repeated is left out. Raises
    InvalidInput for anything that cannot be sent as meant.
    """
    fields = _fields(letter)
    content_type, encoding, body = _body(letter)
    head = [*fields, "MIME-Version: 1.0", f"Content-Type: {content_type}"]
    if encoding:
        head.append(f"Content-Transfer-Encoding: {encoding}")
    raw = "\r\n".join(head).encode() + b"\r\n\r\n" + body
    _compare(letter, raw, head)
    return raw


def _fields(letter: Letter) -> list[str]:
    if not is_message_id(letter.message_id):
        raise InvalidInput(f"{letter.message_id[:80]!r} is not a message id")
    if letter.date.tzinfo is None:
        raise InvalidInput("the date of a letter needs its offset from UTC")
    subject = clean(letter.subject, "the subject")
    if not subject:
        raise InvalidInput("the subject is empty")
    fields = [address_field("From", letter.sender), address_field("To", letter.to)]
    if letter.reply_to:
        fields.append(address_field("Reply-To", letter.reply_to))
    fields += [
        text_field("Subject", subject),
        f"Date: {format_datetime(letter.date)}",
        f"Message-ID: {letter.message_id}",
    ]
    return fields + _thread(letter) + _unsubscribe(letter)


def _thread(letter: Letter) -> list[str]:
    fields = []
    answered = letter.in_reply_to or ""
    if is_message_id(answered):
        fields.append(f"In-Reply-To: {answered}")
    ids = [known for known in dict.fromkeys(letter.references) if is_message_id(known) and known != answered]
    if is_message_id(answered):
        ids.append(answered)  # the last reference is the parent (RFC 5322 §3.6.4)
    if len(ids) > _MOST_REFERENCES:
        ids = ids[:1] + ids[1 - _MOST_REFERENCES :]
    if ids:
        fields.append(list_field("References", ids))
    return fields


def _unsubscribe(letter: Letter) -> list[str]:
    """List-Unsubscribe (RFC 2369 §3.2), and the one-click promise where a URL can keep it (RFC 8058 §3.1)."""
    targets = []
    if letter.unsubscribe_url:
        url = checked_url(letter.unsubscribe_url, "the unsubscribe link")
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise InvalidInput("the unsubscribe link must begin with https://")
        targets.append(f"<{url}>")
    if letter.unsubscribe_mailto:
        address = quote(ascii_domain(letter.unsubscribe_mailto), safe="@+=!$'*-._~")
        targets.append(
            "<" + checked_url(f"mailto:{address}?subject=unsubscribe", "the unsubscribe address") + ">"
        )
    fields = [list_field("List-Unsubscribe", targets, ",")] if targets else []
    if letter.unsubscribe_url:
        fields.append(f"List-Unsubscribe-Post: {_ONE_CLICK}")
    return fields


def _body(letter: Letter) -> tuple[str, str | None, bytes]:
    parts = [_text_part("plain", letter.text)]
    if letter.html is not None:
        parts.append(_text_part("html", letter.html))
    content: tuple[str, str | None, bytes] = parts[0]
    entities = [_entity(*part) for part in parts]
    if letter.invitation:
        entities.append(_calendar_part(letter, letter.invitation))
    if len(entities) > 1:
        content = _multipart("alternative", letter.message_id, entities)
    if attachments := _files(letter):
        files = [_file_part(attached) for attached in attachments]
        content = _multipart("mixed", letter.message_id, [_entity(*content), *files])
    return content


def _files(letter: Letter) -> list[Attached]:
    """What goes along; a calendar as a file too, for programs that look for none among the alternatives."""
    calendar = _calendar(letter)
    return [*letter.attachments, *([_File(FILENAME, "application/ics", calendar)] if calendar else [])]


def _calendar(letter: Letter) -> bytes | None:
    if letter.invitation is None:
        return None
    return as_calendar(letter.invitation, letter.sender, letter.to, letter.date)


def _calendar_part(letter: Letter, invitation: Invitation) -> bytes:
    """The last alternative, with the method that its calendar has (RFC 6047 §2.4)."""
    kind = f'text/calendar; charset="utf-8"; method={invitation.method}'
    return _entity(kind, "base64", _base64(_calendar(letter) or b""))


def _text_part(subtype: str, text: str) -> tuple[str, str | None, bytes]:
    if found := _CONTROL.search(_unix(text)):
        raise InvalidInput(f"the {subtype} text contains the control character U+{ord(found[0]):04X}")
    lines = _unix(text).rstrip("\n") + "\n"
    body = binascii.b2a_qp(lines.replace("\n", "\r\n").encode(), istext=True)
    return f'text/{subtype}; charset="utf-8"', "quoted-printable", body


def _file_part(attached: Attached) -> bytes:
    if not _CONTENT_TYPE.fullmatch(attached.content_type):
        raise InvalidInput(f"{attached.content_type!r} is not a type of file")
    name = clean(attached.filename, "the name of an attachment")
    if not name or "/" in name or "\\" in name:
        raise InvalidInput(f"{attached.filename!r} is not a name for an attachment")
    if _PLAIN_FILENAME.fullmatch(name):
        disposition = f'attachment; filename="{name}"'
    else:
        disposition = f"attachment;\r\n filename*=utf-8''{quote(name, safe='')}"  # RFC 2231 §4
    lines = _base64(attached.content)
    return _entity(attached.content_type, "base64", lines, f"Content-Disposition: {disposition}\r\n")


def _base64(content: bytes) -> bytes:
    encoded = base64.b64encode(content)
    return b"".join(encoded[start : start + 76] + b"\r\n" for start in range(0, len(encoded), 76))


def _entity(content_type: str, encoding: str | None, body: bytes, extra: str = "") -> bytes:
    head = f"Content-Type: {content_type}\r\n"
    if encoding:
        head += f"Content-Transfer-Encoding: {encoding}\r\n"
    return (head + extra).encode() + b"\r\n" + body


def _multipart(subtype: str, message_id: str, parts: list[bytes]) -> tuple[str, str | None, bytes]:
    """Join parts; "=_" cannot occur in what is quoted-printable or base64 (RFC 2045 §6.7)."""
    boundary = "=_" + hashlib.sha256(f"{subtype} {message_id}".encode()).hexdigest()[:32]
    opening = f"--{boundary}\r\n".encode()
    body = b"".join(opening + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return f'multipart/{subtype};\r\n boundary="{boundary}"', None, body


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _compare(letter: Letter, raw: bytes, head: list[str]) -> None:
    """Read the bytes back; raises InvalidInput when they say something else than the letter."""
    header, body = readback.split(raw)
    if list(header) != [field.partition(":")[0] for field in head]:
        raise InvalidInput("the letter does not survive being written: its header would change")
    for name, address in (("From", letter.sender), ("To", letter.to), ("Reply-To", letter.reply_to)):
        meant = address and (" ".join(address.name.split()), ascii_domain(address.email))
        if meant and readback.mailbox(header[name]) != meant:
            raise InvalidInput(f"the letter does not survive being written: {name} would change")
    if readback.words(header["Subject"]) != " ".join(letter.subject.split()):
        raise InvalidInput("the letter does not survive being written: its subject would change")
    wanted = [("text/plain", letter.text)]
    if letter.html is not None:
        wanted.append(("text/html", letter.html))
    got = list(readback.leaves(header, body))
    texts = [(kind, _unix(content.decode()).rstrip("\n")) for kind, content in got[: len(wanted)]]
    if texts != [(kind, _unix(words).rstrip("\n")) for kind, words in wanted]:
        raise InvalidInput("the letter does not survive being written: its text would change")
    files = [(file.content_type.lower(), bytes(file.content)) for file in _files(letter)]
    if calendar := _calendar(letter):
        files.insert(0, ("text/calendar", calendar))
    if got[len(wanted) :] != files:
        raise InvalidInput("the letter does not survive being written: an attachment would change")
