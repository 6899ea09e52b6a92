"""Decide which lines inside a quote without marks are answers written between its lines.

Clients that quote below a header block mark nothing, so an answer shows itself by what its author
does about that: a name in brackets, an arrow, a label, a color, or words above that announce it.
"""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

from cadence.mail.html import colored_lines
from cadence.mail.quote_marks import attribution, header_block, is_original_mark

MOST_LINES = 1_000
_ARROW = re.compile(r"\s{0,8}(?:[-=]{1,3}>{1,3}|>{2,4}|#{2,4}|\*{3,4}|»+|→)\s{0,3}(?=\w|[\"'(¿¡])")
_LABEL = re.compile(
    r"\s{0,8}[\[(<*]{0,2}(?:answer|reply|response|ans|my answer|antwort|réponse|respuesta|antwoord|risposta|resposta|"
    r"a|r)\s?\d{0,2}[\])>*]{0,2}\s?:[\])>*]{0,2}\s{1,4}(?=\S)",
    re.I,
)
_FIELD_WORDS = frozenset({"to", "cc", "re", "fw", "tr", "an", "de", "da"})
_ANNOUNCED = re.compile(
    r"\b(?:in-?line|(?:see|answers?|comments?|replies|responses?|reply|answered|noted|marked)\b.{0,40}\b(?:below|in (?:red|blue|green|bold|capitals|caps)))\b|"
    r"\bbelow (?:in|your)\b|\bbetween (?:your|the) lines\b|"
    r"(?:siehe|antwort\w*|anmerkung\w*|kommentar\w*|unten|s\.)\b.{0,40}\b(?:unten|im text|im zitat|in (?:rot|blau|grün)|direkt)\b|\bzwischen (?:ihren|deinen|den) zeilen\b|"
    r"(?:réponses?|commentaires?|voir|cf\.?)\b.{0,40}(?:ci-dessous|dans le texte|en (?:rouge|bleu|vert|gras))|"
    r"(?:respuestas?|comentarios?|respondo|contesto|ver|mira)\b.{0,40}(?:abajo|debajo|en (?:rojo|azul|verde|negrita)|entre líneas)|"
    r"(?:antwoord\w*|opmerking\w*|reactie\w*|zie)\b.{0,40}(?:hieronder|in (?:het )?(?:rood|blauw|groen)|onder)|"
    r"(?:rispost\w*|commenti|rispondo|vedi|veda)\b.{0,40}(?:sotto|di seguito|in (?:rosso|blu|verde|grassetto)|nel testo)|"
    r"(?:respostas?|comentários?|respondo|veja|ver)\b.{0,40}(?:abaixo|em (?:vermelho|azul|verde|negrito)|no texto)",
    re.I,
)


def answers_inside(quote: list[str], above: str, author: str, rich: str | None) -> list[str]:
    """Return the answers between the lines of an unmarked quote, in order; none where nothing tells them apart.

    above: the new words above the quote; author: who answers; rich: the mail's HTML.
    """
    lines = quote[: _older(quote)]
    if marked := _marked(lines, author):
        return marked
    announced = bool(_ANNOUNCED.search(above[-1_000:]))
    if above.strip() and not announced:
        return []
    if rich and (found := _in_color(lines, rich)):
        return found
    return _below_questions(lines) if announced else []


def _older(lines: list[str]) -> int:
    """Return where the mail begins that the quoted one quotes: nobody answers in there."""
    for number, line in enumerate(lines[:MOST_LINES]):
        if is_original_mark(line) or header_block(lines, number) or attribution(lines, number):
            return number
    return min(len(lines), MOST_LINES)


def _marked(lines: list[str], author: str) -> list[str]:
    """The lines behind the author's name in brackets, an arrow or a label, without these."""
    by_name = _named(author)
    for mark in (by_name, _ARROW, _LABEL):
        found = [line[match.end() :].strip() for line in lines if mark and (match := mark.match(line))]
        if found and (mark is by_name or len(found) > 1):
            return found
    return []


def _named(author: str) -> re.Pattern[str] | None:
    """Outlook's "[Anna Berg] "; people also type "Anna:" and "AB:"."""
    words = re.findall(r"[^\W\d_]+", author)[:4]
    if not words:
        return None
    names = {" ".join(words), words[0], words[-1], ", ".join(reversed(words[-2:]))}
    initials = "".join(word[0] for word in words)
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    marked = len(initials) > 1 and initials.lower() not in _FIELD_WORDS
    either = f"{known}|(?-i:{initials})" if marked else known
    return re.compile(
        rf"\s{{0,8}}(?:[\[(<]{{1,2}}(?:{either})[^\])>\n]{{0,20}}[\])>]{{1,2}}:?|(?:{either})\s?:)\s{{0,4}}(?=\S)",
        re.I,
    )


def _in_color(lines: list[str], rich: str) -> list[str]:
    """The lines in a color of their own, where most of the quote is not."""
    colored = colored_lines(rich)
    found = [line.strip() for line in lines if " ".join(line.split()) in colored]
    words = [line for line in lines if line.strip()]
    return found if len(found) * 2 <= len(words) else []


def _below_questions(lines: list[str]) -> list[str]:
    """Where answers are announced, what stands right below a question is one."""
    found = []
    for number, line in enumerate(lines[:-1]):
        if not line.rstrip().endswith("?"):
            continue
        rest = lines[number + 1 :]
        answer = rest[1:] if not rest[0].strip() else rest
        for text in answer:
            if not text.strip() or text.rstrip().endswith("?"):
                break
            found.append(text.strip())
    return found
