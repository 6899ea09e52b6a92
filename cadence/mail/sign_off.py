"""Decide where the words of a reply end and its sender's card begins; the name below a close stays."""

import re

from cadence.mail import signatures
from cadence.mail.quote_marks import SEPARATOR_LINE

MOST_CARD_LINES = 16
LONGEST_CARD_LINE = 120
# Words by which somebody speaks; no card has them.
_SPEAKS = re.compile(
    r"\b(?:I|I'm|[Ww]e|[Yy]ou|your|my|me|us|our|it|[Pp]lease|[Ii]ch|[Ww]ir|mich|mir|uns|Sie|Ihnen|Ihr|bitte|[Jj]e|[Nn]ous|"
    r"[Vv]ous|moi|votre|yo|nosotros|usted|[Ii]k|[Ww]ij|jullie|mij|ons|io|[Nn]oi|mi|[Ee]u|nós|você|vocês)\b"
)
_NAME = re.compile(r"[^\W\d_][\w.'’ -]{0,60}$")


def without_signature(lines: list[str], author: str) -> list[str]:
    """Cut the card below a complimentary close, below the sender's own name, or at the very end."""
    lines = trimmed(lines)
    return trimmed(_without_contacts(_without_card_of(author, _without_card_below_close(lines))))


def trimmed(lines: list[str]) -> list[str]:
    """Cut blank and drawn lines off the end."""
    while lines and (not lines[-1].strip() or SEPARATOR_LINE.match(lines[-1])):
        lines.pop()
    return lines


def _without_card_below_close(lines: list[str]) -> list[str]:
    """Of several lines that could be the close, the last counts: "Thanks." may also begin a reply."""
    for number in range(len(lines) - 2, max(-1, len(lines) - MOST_CARD_LINES), -1):
        if signatures.is_closing(lines[number]):
            below = [line for line in lines[number + 1 :] if line.strip()]
            if not all(_is_of_card(line) for line in below):
                return lines
            if any(map(signatures.is_contact, below)) or (len(below) > 3 and all(map(_is_titled, below))):
                below = below[:1] if _NAME.match(below[0].strip()) else []
            return [*lines[: number + 1], *below]
    return lines


def _without_card_of(author: str, lines: list[str]) -> list[str]:
    """Cut the card that the sender's full name opens without any delimiter."""
    name = set(re.findall(r"\w+", author.casefold()))
    if len(name) < 2:
        return lines
    for number in range(max(1, len(lines) - MOST_CARD_LINES), len(lines)):
        words = re.findall(r"\w+", lines[number].casefold())
        if not words or len(words) > len(name) + 2 or not name <= set(words):
            continue
        above = next((line for line in reversed(lines[:number]) if line.strip()), "")
        if signatures.is_closing(above):
            continue
        if all(_is_of_card(line) for line in lines[number + 1 :] if line.strip()):
            return lines[:number]
    return lines


def _without_contacts(lines: list[str]) -> list[str]:
    """Cut contact details at the end; a single such line may be the answer itself ("anna@firm.example")."""
    end = len(lines)
    while end > 1 and (
        not lines[end - 1].strip() or (signatures.is_contact(lines[end - 1]) and _is_of_card(lines[end - 1]))
    ):
        end -= 1
    return lines[:end] if len(lines) - end >= 2 and any(line.strip() for line in lines[:end]) else lines


def _is_of_card(line: str) -> bool:
    """Tell a line of a card from a sentence."""
    line = line.strip()
    words = line.split()
    if len(line) >= LONGEST_CARD_LINE or line.endswith(("?", "!", ":")) or _SPEAKS.search(line):
        return False
    if signatures.is_contact(line) or signatures.is_mobile(line):
        return len(words) <= 14
    return len(words) <= 9 and not (line.endswith(".") and len(words) > 2)


def _is_titled(line: str) -> bool:
    words = re.findall(r"\w+", line)
    return sum(not word.islower() for word in words) * 2 > len(words)
