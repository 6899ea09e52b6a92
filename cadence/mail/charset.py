"""Decide which characters a run of bytes stands for, whatever charset the mail claims."""

import codecs
import re

# Codecs of Python that are no charset of mail, or that take quadratic time.
_REFUSED = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
# What mail says → what it means. Windows clients label their own code pages with the older names.
_MEANT = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-9": "cp1254",
}
_MOJIBAKE = re.compile(
    "[ÃÂâ][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152]"
)
_CONTROL = dict.fromkeys([*range(9), 11, *range(14, 32), 127, 0xFEFF])


def decode(data: bytes, charset: str | None) -> str:
    """Decode bytes that claim to be in `charset`; never raises, and repairs the usual false claims."""
    return _repair(_decode(data, _known(charset))).translate(_CONTROL)


def _known(charset: str | None) -> str | None:
    if not charset:
        return None
    try:
        name = codecs.lookup(charset.strip("'\" ")[:40]).name
    except (LookupError, ValueError):
        return None
    return None if name in _REFUSED else _MEANT.get(name, name)


def _decode(data: bytes, charset: str | None) -> str:
    if data.isascii() and charset in (None, "utf-8", "cp1252"):
        return data.decode("ascii")
    if charset in (None, "cp1252", "utf-8"):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            repaired = data.decode("utf-8", "replace")
            if _is_cut(data, error.start) or _is_mostly_sound(repaired, claimed=charset == "utf-8"):
                return repaired
        return data.decode("cp1252", "replace")
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError, UnicodeError):
        return data.decode("cp1252", "replace")


def _is_cut(data: bytes, start: int) -> bool:
    """A text that ends in the middle of a character is still UTF-8."""
    rest = data[start:]
    return len(rest) < 4 and 0xC2 <= rest[0] <= 0xF4 and all(0x80 <= byte < 0xC0 for byte in rest[1:])


def _is_mostly_sound(repaired: str, *, claimed: bool) -> bool:
    """Damaged UTF-8 still has whole characters beside the broken ones; Latin text has next to none."""
    sample = repaired[:100_000]
    broken = sample.count("\ufffd")
    whole = sum(char > "\x7f" for char in sample) - broken
    return whole >= (broken if claimed else 2 * broken)


def _repair(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 once more on its way ("fÃ¼r")."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
