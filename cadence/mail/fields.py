"""Decides how one header field is written: encoded, quoted and folded (RFC 5322 §2.2.3, RFC 2047).

Written by hand rather than by the email package, whose encoder lets an encoded word smuggle in a
header and folds long addresses wrongly; compose.py reads every result back and compares.
"""

import base64
import re
import string
import unicodedata
from collections.abc import Iterator

from cadence.core.errors import InvalidInput
from cadence.mail.address import Address
from cadence.mail.envelope import ascii_domain

MAX_VALUE = 500
_LINE = 76
_WORD = 62
"""Longest payload of one encoded word: with its frame it fits a line after "Reply-To: "."""
_Q_LITERAL = frozenset(string.ascii_letters + string.digits + "!*+-/")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ENCODED_WORD = re.compile(r"=\?\S*\?[bq]\?", re.IGNORECASE)
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_URL = re.compile(r"[a-z][a-z0-9+.-]*:[!-+\--;=?-~]{1,900}")


def clean(value: str, what: str) -> str:
    """Return one header value with its blanks made single; raises InvalidInput naming `what`.

    Refused: control characters and line separators, characters that reorder what is read, encoded
    words (a decoder would execute them), and values too long to be meant.
    """
    for sign in value:
        if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") or sign in _REORDERING:
            raise InvalidInput(f"{what} contains the control character U+{ord(sign):04X}")
    if _ENCODED_WORD.search(value):
        raise InvalidInput(f"{what} contains an encoded word (=?…?=)")
    value = " ".join(value.split())
    if len(value) > MAX_VALUE:
        raise InvalidInput(f"{what} is longer than {MAX_VALUE} characters")
    return value


def text_field(name: str, value: str) -> str:
    """Write an unstructured field such as Subject; the value is clean."""
    words = value.split(" ") if value.isascii() else list(_encoded_words(value))
    return _fold(name, words)


def address_field(name: str, address: Address) -> str:
    """Write a field of one address: From, To, Reply-To (RFC 5322 §3.4); the name is clean."""
    spec = f"<{ascii_domain(address.email)}>"
    phrase = clean(address.name, f"the name in {name}")
    if not phrase:
        return _fold(name, [spec.strip("<>")])
    if not phrase.isascii():
        words = list(_encoded_words(phrase))
    elif _ATOMS.fullmatch(phrase):
        words = phrase.split(" ")
    else:
        words = ('"' + re.sub(r'(["\\])', r"\\\1", phrase) + '"').split(" ")
    return _fold(name, [*words, spec])


def list_field(name: str, items: list[str], separator: str = "") -> str:
    """Write a field of several tokens: message ids, URLs in angle brackets."""
    return _fold(name, [item + separator for item in items[:-1]] + items[-1:])


def is_message_id(value: str) -> bool:
    """Whether this can stand in Message-ID, In-Reply-To or References (RFC 5322 §3.6.4)."""
    return bool(_MESSAGE_ID.fullmatch(value)) and "@" in value


def checked_url(url: str, what: str) -> str:
    """Return a URL that can stand between angle brackets (RFC 2369 §2); raises InvalidInput."""
    if not _URL.fullmatch(url):
        raise InvalidInput(f"{what} is not a URL that can stand in a mail's header: {url[:80]!r}")
    return url


def _fold(name: str, words: list[str]) -> str:
    """Join words with blanks, breaking the line before a word that no longer fits."""
    line, lines = f"{name}:", []
    for word in words:
        if line.strip() and len(line) + 1 + len(word) > _LINE and line != f"{name}:":
            lines.append(line)
            line = ""
        line += " " + word
    return "\r\n".join([*lines, line])


def _encoded_words(text: str) -> Iterator[str]:
    """Split into encoded words, never inside a character (RFC 2047 §5), in the shorter encoding."""
    kind = "q" if len(_q(text)) <= len(_b(text)) else "b"
    encode = _q if kind == "q" else _b
    chunk = ""
    for sign in text:
        if len(encode(chunk + sign)) > _WORD:
            yield f"=?utf-8?{kind}?{encode(chunk)}?="
            chunk = ""
        chunk += sign
    yield f"=?utf-8?{kind}?{encode(chunk)}?="


def _q(text: str) -> str:
    """Encode so that it may also stand in a phrase (RFC 2047 §5, rule 3)."""
    out = []
    for byte in text.encode():
        sign = chr(byte)
        out.append("_" if sign == " " else sign if sign in _Q_LITERAL else f"={byte:02X}")
    return "".join(out)


def _b(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
