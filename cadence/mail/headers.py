"""Decide what the header fields of a mail say: unfolded, with encoded words and parameters decoded.

Written by hand rather than with the standard library's header classes, because those take quadratic
time on crafted fields and raise on damaged ones.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from cadence.mail.charset import decode

MOST_FIELDS = 1_000
LONGEST_FIELD = 64_000
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]{0,20}:")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]{1,80}(?==\?)")
_PARAMETER = re.compile(
    r";\s{0,20}([^\s=;]{1,80})\s{0,5}=\s{0,5}(\"(?:[^\"\\]|\\.){0,2000}\"|[^;\"]{0,2000})"
)
_CONTINUED = re.compile(r"([^*]{1,60})\*(\d{1,3})(\*?)")
_ID = re.compile(r"<[^<>\s]{1,990}>")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one header block, in order; names in lower case."""

    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return the first field of that name, decoded and unfolded."""
        return next(self._all(name), default)

    def get_all(self, name: str) -> tuple[str, ...]:
        """Return every field of that name, decoded and unfolded."""
        return tuple(self._all(name))

    def raw(self, name: str) -> str:
        """Return the first field of that name as it stood, but unfolded."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key == wanted), "")

    def __contains__(self, name: str) -> bool:
        wanted = name.lower()
        return any(key == wanted for key, _ in self.fields)

    def _all(self, name: str) -> Iterator[str]:
        wanted = name.lower()
        return (decode_words(value) for key, value in self.fields if key == wanted)

    def ids(self, name: str) -> tuple[str, ...]:
        """Return the message identifiers of a field (RFC 5322 §3.6.4), with their angle brackets."""
        value = " ".join(self.get_all(name))
        found = _ID.findall(value)
        if not found and "@" in value and " " not in value.strip():
            found = [f"<{value.strip().strip('<>')}>"]
        return tuple(dict.fromkeys(found))


def read_headers(block: bytes) -> Headers:
    """Read a header block (RFC 5322 §2.2); lines that are no field are passed over."""
    fields: list[tuple[str, bytearray]] = []
    lines = block.replace(b"\r\n", b"\n").split(b"\n", MOST_FIELDS * 10)
    for line in lines[: MOST_FIELDS * 10]:
        if line[:1] in (b" ", b"\t"):
            if fields and len(fields[-1][1]) < LONGEST_FIELD:
                fields[-1][1].extend(b" " + line.strip()[:LONGEST_FIELD])
        elif found := _FIELD.match(line):
            if len(fields) >= MOST_FIELDS:
                break
            value = bytearray(line[found.end() : found.end() + LONGEST_FIELD].strip())
            fields.append((found[1].decode("ascii").lower(), value))
    return Headers(tuple((name, decode(bytes(value[:LONGEST_FIELD]), None)) for name, value in fields))


def decode_words(value: str) -> str:
    """Decode the encoded words of a field (RFC 2047); what cannot be decoded stays as it is.

    Adjoining words of one charset are decoded together: many clients cut inside a character.
    """
    if "=?" not in value:
        return value
    value = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    held, held_charset, position = b"", "", 0
    for found in _WORD.finditer(value):
        charset = found[1].partition("*")[0].lower()
        if held and (found.start() > position or charset != held_charset):
            pieces.append(_decode_held(held, held_charset))
            held = b""
        pieces.append(value[position : found.start()])
        held, held_charset, position = held + _bytes_of(found), charset, found.end()
    return "".join([*pieces, _decode_held(held, held_charset), value[position:]])


def _bytes_of(found: re.Match[str]) -> bytes:
    data = found[3].encode("utf-8", "replace")
    return from_base64(data) if found[2] in "bB" else binascii.a2b_qp(data.replace(b"_", b" "))


def _decode_held(held: bytes, charset: str) -> str:
    return decode(held, charset).replace("\r", " ").replace("\n", " ")


def from_base64(data: bytes) -> bytes:
    """Decode base64 that may be damaged: foreign characters are ignored, a cut end is completed."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def value_and_parameters(field: str) -> tuple[str, dict[str, str]]:
    """Split "text/plain; charset=utf-8" into its value and parameters (RFC 2045, RFC 2231)."""
    field = field[:8_000]
    value = (field.partition(";")[0].split() or [""])[0].lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, written in _PARAMETER.findall(field):
        text = written.strip()
        text = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
        if continued := _CONTINUED.fullmatch(name.lower()):
            pieces.setdefault(continued[1], {})[int(continued[2])] = (text, bool(continued[3]))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1].lower(), {})[0] = (text, True)
        else:
            plain.setdefault(name.lower(), decode_words(text))
    for name, parts in pieces.items():
        plain[name] = _join_pieces([parts[number] for number in sorted(parts)])
    return value, plain


def _join_pieces(parts: list[tuple[str, bool]]) -> str:
    charset: str | None = None
    data = b""
    for number, (written, encoded) in enumerate(parts):
        text = written
        if encoded and number == 0 and written.count("'") >= 2:
            charset, _, text = written.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return decode(data, charset)


def read_date(value: str) -> datetime | None:
    """Read a Date field (RFC 5322 §3.3) as an aware instant, or None; without a zone it counts as UTC."""
    try:
        when = parsedate_to_datetime(value[:200])
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        when.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError, AttributeError):
        return None
    return when
