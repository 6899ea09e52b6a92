"""How IMAP writes folder names, strings and answers (RFC 3501 §5.1.3, §9): bytes in, values out."""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cadence.core.errors import InvalidInput

Token = bytes | None | list["Token"]
"""An atom or string, NIL, or a parenthesized list."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLAIN = re.compile(r"[ -%'-~]+")
_PIECE = re.compile(rb'[()]|"(?:[^"\\]|\\.)*"?|(?:[^\s()"\[]|\[[^\]]*\]?)+')
"""A parenthesis, a quoted string or an atom; what is never closed ends with the line, so it stays linear."""


class SpecialUse(StrEnum):
    """What a folder is for (RFC 6154 §2)."""

    ALL = "all"
    ARCHIVE = "archive"
    DRAFTS = "drafts"
    FLAGGED = "flagged"
    JUNK = "junk"
    SENT = "sent"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that can be opened; name: as people write it, in Unicode."""

    name: str
    special_use: SpecialUse | None = None


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The head of one mail. size: of the whole mail, in bytes; raw: up to and including the empty line."""

    uid: int
    size: int
    raw: bytes


_USUAL_NAMES = {
    SpecialUse.SENT: "sent, sent items, sent mail, sent messages, gesendet, gesendete elemente,"
    "gesendete objekte, envoyés, éléments envoyés, enviados, elementos enviados, inviata, posta inviata,"
    "verzonden, verzonden items, skickat, wysłane",
    SpecialUse.JUNK: "junk, spam, junk e-mail, junk email, bulk mail, spamverdacht, courrier indésirable,"
    "correo no deseado, posta indesiderata, ongewenste e-mail",
    SpecialUse.TRASH: "trash, deleted items, deleted messages, bin, papierkorb, gelöschte elemente",
    SpecialUse.DRAFTS: "drafts, entwürfe, brouillons, borradores",
}
"""What the big mail programs call these folders where the server does not say what they are for."""


def encode_name(name: str) -> str:
    """Write a folder's name in modified UTF-7 (RFC 3501 §5.1.3); raises InvalidInput for controls."""
    if any(sign < " " or sign == "\x7f" for sign in name):
        raise InvalidInput(f"{name!r} is not the name of a folder")
    out, at = [], 0
    for plain in _PLAIN.finditer(name):
        out.append(_encode_run(name[at : plain.start()]))
        out.append(plain[0])
        at = plain.end()
    return "".join([*out, _encode_run(name[at:])])


def _encode_run(run: str) -> str:
    out = []
    for part in re.split(r"(&)", run):
        if part == "&":
            out.append("&-")
        elif part:
            coded = base64.b64encode(part.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
            out.append(f"&{coded.decode('ascii')}-")
    return "".join(out)


def decode_name(name: bytes) -> str:
    """Read a folder's name; one that is no modified UTF-7 is taken as the UTF-8 some servers send."""
    if not name.isascii():
        return name.decode("utf-8", "replace")
    try:
        return re.sub(r"&([^-]*)-", _decode_run, name.decode("ascii"))
    except ValueError:
        return name.decode("ascii")


def _decode_run(found: "re.Match[str]") -> str:
    if not found[1]:
        return "&"
    coded = found[1].replace(",", "/")
    return base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-16-be")


def quote(text: str) -> str:
    """Write a quoted string (RFC 3501 §4.3); raises InvalidInput for what only a literal could carry."""
    if not text.isascii() or any(sign < " " or sign == "\x7f" for sign in text):
        raise InvalidInput("only plain ASCII can be sent to this server here")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tokens(pieces: Sequence[bytes]) -> list[Token]:
    """Read one answer: text at even places, the literals between them at odd ones.

    Unbalanced parentheses are tolerated: what was opened is closed at the end.
    """
    stack: list[list[Token]] = [[]]
    for place, piece in enumerate(pieces):
        if place % 2:
            stack[-1].append(piece)
            continue
        for found in _PIECE.finditer(piece):
            _take(found[0], stack)
    return stack[0]


def _take(sign: bytes, stack: list[list[Token]]) -> None:
    if sign == b"(":
        inner: list[Token] = []
        stack[-1].append(inner)
        stack.append(inner)
    elif sign == b")":
        if len(stack) > 1:
            stack.pop()
    elif sign.startswith(b'"'):
        stack[-1].append(re.sub(rb"\\(.)", rb"\1", sign[1:].removesuffix(b'"')))
    else:
        stack[-1].append(None if sign.upper() == b"NIL" else sign)


def fetched(answer: list[Token]) -> dict[bytes, Token] | None:
    """Read "12 FETCH (UID 5 …)" into its attributes, in upper case; None for any other answer."""
    if len(answer) < 3 or answer[1] != b"FETCH" or not isinstance(answer[2], list):
        return None
    pairs = answer[2]
    found: dict[bytes, Token] = {}
    for name, value in zip(pairs[::2], pairs[1::2], strict=False):
        if isinstance(name, bytes):
            found[name.upper()] = value
    return found


def folder(answer: list[Token]) -> Folder | None:
    r"""Read 'LIST (\Sent) "/" "Sent"'; None for other answers and for folders that cannot be opened."""
    if len(answer) < 4 or answer[0] != b"LIST" or not isinstance(answer[1], list):
        return None
    name = answer[3]
    if not isinstance(name, bytes):
        return None
    marks = {
        mark.lower().lstrip(b"\\").decode("ascii", "replace") for mark in answer[1] if isinstance(mark, bytes)
    }
    if marks & {"noselect", "nonexistent"}:
        return None
    use = next((use for use in SpecialUse if use.value in marks), None)
    return Folder(decode_name(name), use)


def with_usual_names(folders: Iterable[Folder]) -> list[Folder]:
    """Give a use to folders with a customary name where the server names none for that use."""
    found = list(folders)
    known = {one.special_use for one in found}
    for use, usual in _USUAL_NAMES.items():
        names = {name.strip() for name in usual.split(",")}
        if use in known:
            continue
        for place, one in enumerate(found):
            last = re.split(r"[/.]", one.name)[-1].casefold()
            if one.special_use is None and last in names:
                found[place] = Folder(one.name, use)
                break
    return found


def number(value: Token) -> int:
    """Read a number; 0 for what is none."""
    return int(value) if isinstance(value, bytes) and value.isdigit() else 0


def day(when: date) -> str:
    """A day as searches write it, such as 3-Mar-2026, whatever the locale (RFC 3501 §9, date)."""
    return f"{when.day}-{_MONTHS[when.month - 1]}-{when.year:04}"


def ranges(uids: Iterable[int]) -> str:
    """Write a set of UIDs (RFC 3501 §9, sequence-set) in as few ranges as possible."""
    return ",".join(f"{a}:{b}" if a != b else str(a) for a, b in _runs(sorted(set(uids))))


def _runs(uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(uids) + 1):
        if place == len(uids) or uids[place] != uids[place - 1] + 1:
            yield uids[start], uids[place - 1]
            start = place
