"""Decides what the sentences of a text are, where each begins, and which words in it are not the writer's."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LONGEST_TEXT = 100_000
LONGEST_SENTENCE = 600
"""Characters of a sentence that are looked at; a longer one is hard to read anyway."""
LONG_LINE = 45
"""Characters; a shorter line was ended by its writer and not by the width of a window."""
QUOTED = "¤"
"""Stands for somebody's words in quotation marks."""
LINK = "¶"
NAME = "§"

_LINKED = re.compile(
    r"\[([^\][\n]{1,200})\]\([^()\s]{1,500}\)|<?(?:https?://|www\.|mailto:)[^\s>]{1,2000}>?|\S{1,64}@\S{1,255}"
)
_QUOTATION = re.compile(r"\"[^\"\n]{1,600}\"|“[^”“]{1,600}”|„[^“”„]{1,600}[“”]|«[^»«]{1,600}»|»[^«»]{1,600}«")
_END = re.compile(r"[.!?…]+[\"'”’»)*_]*(?=\s|$)")
_SHORT = (
    "mr mrs ms dr prof st no nr inc ltd co corp vs etc e.g i.e approx dept fig m mme mlle sr sra hr fr z.b d.h ca bzw "
    "usw u.a p.ej ej cf art vol dipl ing evtl inkl zzgl jan feb mar apr jun jul aug sep sept oct nov dec"
)
_ABBREVIATIONS = frozenset(_SHORT.split())
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")
_GREETING = re.compile(
    r"(?!dear (?:friend|\w{0,10} ?customer|sir ?/))(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?"
    r"|bonjour|bonsoir|madame|monsieur|ch[eè]re?s?|salut|hola|buen[oa]s? (?:d[ií]as?|tardes)|estimad[oa]s?)\b[^.!?\n]{0,60}?[,:!–-]?\s*",
    re.IGNORECASE,
)  # fmt: skip
_SIGNATURE = re.compile(r"^-- ?$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a text. text: as written, in one line; line: where it begins, from 1; said: as it is
    read, with marks in place of links and of other people's words; paragraph: its number.
    """

    text: str
    line: int
    said: str
    paragraph: int


def passages(text: str) -> list[Passage]:
    """Cut a text into sentences. Quoted mail, greetings and what stands below a signature mark are left out."""
    found: list[Passage] = []
    for number, (line, block) in enumerate(_blocks(text[:LONGEST_TEXT])):
        found += _sentences(block, line, number)
    return found


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with the line that each begins on: blank lines, list items and short lines end one."""
    block: list[str] = []
    began = 1
    for number, line in enumerate(text.split("\n"), 1):
        if _SIGNATURE.match(line):
            break
        quoted = line.lstrip().startswith(">")
        if block and (quoted or not line.strip() or _BULLET.match(line) or _ended(block[-1], line)):
            yield began, "\n".join(block)
            block = []
        if quoted or not line.strip():
            continue
        if not block:
            began = number
        block.append(line)
    if block:
        yield began, "\n".join(block)


def _ended(before: str, line: str) -> bool:
    """Tell whether the writer ended a line: it is a greeting, or it is short and a new sentence follows."""
    if _GREETING.fullmatch(before.strip()):
        return True
    return len(before) < LONG_LINE and not line.strip()[:1].islower() and before.rstrip()[-1:] not in ",;-–("


def _sentences(block: str, line: int, number: int) -> Iterator[Passage]:
    if _GREETING.fullmatch(block.strip()) and not block.isupper():
        return
    said = _masked(block)
    ends = [0, *(end for end in _ends(said)), len(block)]
    seen = 0
    for start, end in pairwise(ends):
        text = " ".join(block[start:end].split())
        heard = " ".join(said[start:end].replace("\0", "").split())[:LONGEST_SENTENCE]
        if re.search(r"\w", heard):
            begin = end - len(block[start:end].lstrip())
            line, seen = line + block.count("\n", seen, begin), begin
            yield Passage(text, line, heard, number)


def _ends(said: str) -> Iterator[int]:
    for found in _END.finditer(said):
        rest = said[found.end() : found.end() + 20].lstrip()[:1]
        if not rest:
            continue
        word = said[max(0, found.start() - 20) : found.start()].split()[-1:]
        is_short = found[0] == "." and bool(word) and _is_short(word[0].lstrip("(\"'").lower())
        if not is_short and not (found[0][0] in ".…" and rest.islower()):
            yield found.end()


def _is_short(word: str) -> bool:
    """Tell whether a full stop behind this word need not end a sentence: "Dr.", "J.", "31."."""
    return word in _ABBREVIATIONS or len(word) == 1 or (len(word) == 2 and word.isdigit())


def _masked(block: str) -> str:
    """Put marks over links and quotations; every character keeps its place."""
    masked = _LINKED.sub(_over_link, block)
    without = _QUOTATION.sub(_over_quotation, masked)
    return without if len(re.findall(r"\w+", without)) >= 3 else masked


def _over_link(found: re.Match[str]) -> str:
    words = found[1]
    if words is None:
        return LINK.ljust(len(found[0]), "\0")
    return f"\0{words}".ljust(len(found[0]), "\0")


def _over_quotation(found: re.Match[str]) -> str:
    if " " not in found[0].strip('"“”„«» '):
        return found[0]
    return QUOTED.ljust(len(found[0]), "\0")
