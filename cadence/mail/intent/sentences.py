"""Decide which sentences and clauses of a reply carry its meaning: no greeting, no close, no name."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

from cadence.core.phrases import fold
from cadence.mail.signatures import is_closing

LONGEST_TEXT = 12_000
MOST_CLAUSES = 200
_GREETING = re.compile(
    r"\s{0,3}(?:dear|hi|hello|hey|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w*|moin|servus|grüezi|bonjour|bonsoir|cher|chère|salut|madame|monsieur|hola|buenos días|buenas (?:tardes|noches)|estimad\w+|buen día|beste|goedemorgen|goedemiddag|goedendag|geachte|dag|buongiorno|buonasera|salve|ciao|gentile|gentilissim\w+|egregio|olá|bom dia|boa tarde|caro|cara|prezad\w+|good (?:morning|afternoon|evening|day))\b[^.!?\n]{0,50}?[,!.:–-]?\s*$",
    re.I,
)
_GREETING_START = re.compile(
    r"\s{0,3}(?:dear|hi|hello|hey|hallo|hola|bonjour|salut|ciao|olá|buongiorno|beste|liebe[rs]?|guten (?:tag|morgen))(?: there| all| team)?(?: (?:mr|mrs|ms|dr|herr|frau|m|mme|sr|sra)\.?)?(?: [A-ZÀ-Ý][\w'’.-]{1,20}){0,2}\s?[,!–-]\s",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?…])[\s]+|\n+|;\s")
_CLAUSE = re.compile(
    r",? (?:but|however|although|though|yet,|except that|that said|having said that|aber|jedoch|allerdings|doch|mais|cependant|toutefois|pero|sin embargo|aunque|maar|echter|ma|però|tuttavia|mas|porém|no entanto),? |(?<=[a-z]) (?:-|–|—|--) (?=[a-z])"
)


def sentences(text: str) -> list[str]:
    """Return the folded sentences of the new words, with greeting and complimentary close left out."""
    lines = text[:LONGEST_TEXT].split("\n")
    lines = _without_close(lines)
    if lines and (_GREETING.match(lines[0]) and len(lines) > 1):
        lines = lines[1:]
    elif lines:
        lines[0] = _GREETING_START.sub("", lines[0], count=1)
    joined = _join_wrapped(lines)
    found = [_spell(fold(part)) for part in _SENTENCE.split(joined) if part and part.strip()]
    return [sentence[:600] for sentence in found if sentence][:MOST_CLAUSES]


_BARE = re.compile(
    r"\b(?:(is|are|was|were|do|does|did|has|have|had|ca|wo|could|would|should)nt|(i)(m|ve|ll)|(you|they|we)(re|ve|ll)(?<!were)(?<!well)|(that|what|there)s)\b"
)


def _spell(sentence: str) -> str:
    """Give back the apostrophes that people leave out ("dont", "im", "youre")."""
    return _BARE.sub(_apostrophe, sentence)


def _apostrophe(found: re.Match[str]) -> str:
    negated, i, i_end, pronoun, end, there = found.groups()
    if negated:
        return f"{negated}n't"
    if there:
        return f"{there}'s"
    return f"{i or pronoun}'{i_end or end}"


def clauses(sentence: str) -> list[str]:
    """Cut a folded sentence where it turns ("..., but ...")."""
    return [part.strip() for part in _CLAUSE.split(sentence) if part and part.strip()]


def _without_close(lines: list[str]) -> list[str]:
    for number in range(max(1, len(lines) - 6), len(lines)):
        below = [line for line in lines[number + 1 :] if line.strip()]
        if is_closing(lines[number]) and all(len(line.split()) <= 6 and "?" not in line for line in below):
            return lines[:number]
    return lines


def _join_wrapped(lines: list[str]) -> str:
    """Undo the line breaks that a client put into a paragraph: a line broken in mid-sentence goes on."""
    joined = ""
    for line in lines:
        text = line.strip()
        if not text:
            joined += "\n"
        elif (
            joined
            and not joined.endswith("\n")
            and (len(joined.rsplit("\n", 1)[-1]) > 45 or text[0].islower())
        ):
            joined += " " + text
        else:
            joined += ("\n" if joined and not joined.endswith("\n") else "") + text
    return joined
