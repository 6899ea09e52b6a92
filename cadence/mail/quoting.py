"""Decide which words of a mail are new: not quoted, not a signature, not a footer (top, bottom or inline)."""

import re

from cadence.mail import signatures
from cadence.mail.quote_marks import (
    SEPARATOR_LINE,
    attribution,
    header_block,
    is_original_mark,
    is_reply_above,
)

MOST_LINES = 4_000
LONGEST_TEXT = 200_000
_QUOTED = re.compile(r"\s{0,3}(?:>|\|(?:\s|$)|[A-Za-z]{1,3}> )")
_CUT = "\0"
"""Stands in the kept lines where quoted ones were cut out; no text holds it, decoding removes it."""
_BLANK = " \t\0"
_FENCE = re.compile(r"\s{0,3}```")


def new_words(text: str, author: str = "") -> str:
    """Return the words that the sender of this mail wrote, in order, or "" where there are none.

    author: the name the mail's sender shows; a block that it opens at the end is the signature.
    """
    lines = [
        line.rstrip()
        for line in text[:LONGEST_TEXT]
        .replace("\r", "")
        .replace("\0", "")
        .split("\n", MOST_LINES)[:MOST_LINES]
    ]
    lines = [line.replace("\u200b", "").replace("\xa0", " ").replace("\u200c", "") for line in lines]
    kept = _without_quotes(lines)
    lines = _without_block_of(author, _without_footers(kept))
    return "\n".join(lines).strip("\n").strip()


def _without_quotes(lines: list[str]) -> list[str]:
    """Walk the lines; a quote without marks runs to the end, a marked one ends where its marks do."""
    kept: list[str] = []
    number, after_quote = 0, False
    while number < len(lines):
        line = lines[number]
        if _FENCE.match(line) and not after_quote:
            end = _fence_end(lines, number)
            kept.extend(lines[number:end])
            number = end
            continue
        if is_reply_above(line):
            if any(text.strip(_BLANK) for text in kept):
                return kept
            number += 1  # a ticket system puts it first, above what the person wrote
            continue
        if _is_quoted(line, after_quote):
            number, after_quote = number + 1, True
            kept.append(_CUT)
            continue
        opened = _opening(lines, number)
        if opened:
            number, to_the_end = opened
            if to_the_end and any(text.strip(_BLANK) for text in kept):
                return _drop_separator(kept)
            after_quote = True
            kept = _drop_separator(kept)
            continue
        kept.append(line)
        number += 1
    return kept


def _fence_end(lines: list[str], start: int) -> int:
    for number in range(start + 1, min(start + 300, len(lines))):
        if _FENCE.match(lines[number]):
            return number + 1
    return start + 1


def _is_quoted(line: str, after_quote: bool) -> bool:
    if line.lstrip()[:1] == "|":
        return after_quote
    return bool(_QUOTED.match(line))


def _opening(lines: list[str], number: int) -> tuple[int, bool] | None:
    """Say where a quote that opens here has its first line, and whether it runs to the end of the mail."""
    line = lines[number]
    if is_original_mark(line):
        return number + 1, True
    if count := header_block(lines, number):
        return number + count, True
    if count := attribution(lines, number):
        return number + count, not _marked_below(lines, number + count)
    return None


def _marked_below(lines: list[str], start: int) -> bool:
    following = (line for line in lines[start : start + 12] if line.strip())
    first = next(following, "")
    return bool(_QUOTED.match(first))


def _drop_separator(kept: list[str]) -> list[str]:
    while kept and (not kept[-1].strip(_BLANK) or SEPARATOR_LINE.match(kept[-1])):
        kept.pop()
    return kept


def _without_footers(lines: list[str]) -> list[str]:
    kept: list[str] = []
    skipping = False
    for number, text in enumerate(lines):
        line = text
        if signatures.is_banner(line) and len(kept) < 12:
            continue
        if (
            signatures.is_delimiter(line)
            and number + 1 < len(lines)
            and any(text.strip(_BLANK) for text in kept)
        ):
            skipping = True
            continue
        if line == _CUT:
            # A signature ends at the quote below it; what follows that quote is the answer again.
            skipping = False
            line = ""
        if skipping:
            continue
        if signatures.is_legal(line) and any(text.strip(_BLANK) for text in kept):
            break
        if signatures.is_mobile(line):
            continue
        kept.append(line)
    return _squeeze(_without_contact(_trim(kept)))


def _without_contact(lines: list[str]) -> list[str]:
    """Cut contact details below the complimentary close, or at the very end; the name typed there stays."""
    for number in range(max(0, len(lines) - 14), len(lines)):
        if signatures.is_closing(lines[number]):
            below = [line for line in lines[number + 1 :] if line.strip()]
            if below and all(len(line) < 120 for line in below) and len(below) <= 12:
                contact = any(signatures.is_contact(line) for line in below[1:])
                keep = 1 if contact or len(below) > 3 else len(below)
                return [*lines[: number + 1], *below[:keep]]
    end = len(lines)
    while (
        end > 1
        and (not lines[end - 1].strip() or signatures.is_contact(lines[end - 1]))
        and _short(lines[end - 1])
    ):
        end -= 1
    # One such line may be the answer itself ("reach me at anna@firm.example"); two or more are a block.
    return lines[:end] if len(lines) - end >= 2 and any(line.strip() for line in lines[:end]) else lines


def _without_block_of(author: str, lines: list[str]) -> list[str]:
    """Cut the signature that the sender's full name opens without any delimiter."""
    name = set(re.findall(r"\w+", author.casefold()))
    if len(name) < 2:
        return lines
    for number in range(max(1, len(lines) - 12), len(lines)):
        words = re.findall(r"\w+", lines[number].casefold())
        below = [line for line in lines[number + 1 :] if line.strip()]
        if (
            words
            and len(words) <= len(name) + 2
            and name <= set(words)
            and all(_short(line) for line in below)
        ):
            return _trim(lines[:number])
    return lines


def _short(line: str) -> bool:
    return len(line.split()) <= 9 and not line.rstrip().endswith(("?", "!"))


def _trim(lines: list[str]) -> list[str]:
    while lines and (not lines[-1].strip() or SEPARATOR_LINE.match(lines[-1])):
        lines.pop()
    return lines


def _squeeze(lines: list[str]) -> list[str]:
    result: list[str] = []
    for line in lines:
        if line.strip() or (result and result[-1].strip()):
            result.append(line)
    return result
