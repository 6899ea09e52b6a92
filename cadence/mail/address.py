"""Decide which addresses a header field or a line of text names."""

import re
from dataclasses import dataclass

from cadence.mail.headers import decode_words

MOST_ADDRESSES = 500
LONGEST_FIELD = 64_000
# One "@" with what may stand around it; bounded, so linear.
EMAIL = re.compile(
    r"(?<![\w.!#$%&'*+/=?^`{|}~@-])([\w.!#$%&'*+/=?^`{|"
    r"}~-]{1,64}@[\w][\w-]{0,62}(?:\.[\w][\w-]{0,62}){0,8})(?![\w@])"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A name as shown, possibly empty, and an address as written."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        """The part after the @, in lower case."""
        return self.email.rpartition("@")[2].lower()


def addresses(field: str) -> tuple[Address, ...]:
    """Read an address list (RFC 5322 §3.4); groups and comments are tolerated, broken items left out."""
    found = []
    for item in _split(field[:LONGEST_FIELD]):
        address = _read(item)
        if address:
            found.append(address)
        if len(found) >= MOST_ADDRESSES:
            break
    return tuple(found)


def emails_in(text: str) -> tuple[str, ...]:
    """Return the addresses in running text, once each, in order."""
    return tuple(dict.fromkeys(match.strip(".'`") for match in EMAIL.findall(text)))


def _split(field: str) -> list[str]:
    """Cut at the commas and semicolons that are not inside quotes or angle brackets."""
    items, start, quoted, angled, escaped = [], 0, False, False, False
    for position, char in enumerate(field):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == "<" and not quoted:
            angled = True
        elif char == ">" and not quoted:
            angled = False
        elif char in ",;" and not quoted and not angled:
            items.append(field[start:position])
            start = position + 1
    items.append(field[start:])
    return items


def _read(item: str) -> Address | None:
    item = item.strip()
    opening, closing = item.rfind("<"), item.rfind(">")
    if 0 <= opening < closing:
        email = item[opening + 1 : closing].strip().removeprefix("mailto:")
        name = item[:opening]
    elif found := EMAIL.search(item):
        email, name = found[1], item[: found.start()] + item[found.end() :]
    else:
        return None
    email = decode_words(email)
    if "@" not in email or any(char.isspace() for char in email) or len(email) > 320:
        return None
    name = decode_words(re.sub(r"\\(.)", r"\1", name.strip().strip('"'))).strip(" \"'()[]<>:")
    return Address(" ".join(name.split())[:200], email)
