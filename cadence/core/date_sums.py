"""Decide when a contract ends that a reply tells of: its start and its length added up."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from datetime import date, timedelta

from cadence.core.date_phrases import spans
from cadence.core.date_spans import add_months, period_after
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

_SIGNED = re.compile(
    r"\b(?:(?:re-?)?sign\w*|rempil\w*|term|got us|have us|in it for|bound|commit\w*|contract\w*|agree\w*|lock\w*|renew\w*|tied|deal|extend\w*|subscri\w+|licen\w+|vertrag\w*|unterschrieb\w*|unterzeichne\w*|gebunden|abgeschlossen|verlängert|laufzeit|sign\w+|engag\w+|contrat|renouvel\w+|firm\w+|contrato|renovad\w*|renov\w+|comprometi\w+|getekend|contract|verlengd|vastgelegd|afgesloten|firmat\w+|contratto|rinnovat\w+|vincolat\w+|assin\w+|fechamos|renov\w+)\b",
    re.I,
)
_JUST = re.compile(
    r"\b(?:just|yesterday|today|this (?:week|morning|afternoon)|recently|gerade|soeben|gestern|frisch|heute|eben erst|venons de|viens de|vient de|ce matin|hier|acabamos de|ayer|hoy|esta mañana|net|zojuist|vanochtend|gisteren|appena|stamattina|ieri|acabámos de|ontem)\b",
    re.I,
)
_LEFT = re.compile(
    r"\b(?:left|remaining|to run|to go|still|noch|restlaufzeit|encore|restants?|quedan?|restan|todavía|aún|nog|resterende|ancora|mancano|restano|ainda|faltam|restam)\b",
    re.I,
)


_MONTHS = "jan|jän|feb|mär|mar|apr|mai|jun|jul|aug|sep|okt|nov|dez"
_ENDS = re.compile(rf"(?<!\b\d)(?<!\b\d\d)\.\s|\.\s(?!(?i:{_MONTHS}|[a-zäöü]))|[!?]\s|\n\n|;")
"""Where a sentence ends; the point of "14. März" and "15. des Monats" ends none."""


def contract_end(p: Phrases, text: str) -> date | None:
    """Add up "we signed for 24 months in May"; without a start only "just signed" has one."""
    for at, token in enumerate(p.tokens):
        if token.kind not in ("num", "word"):
            continue
        number = (int(token.text), at + 1) if token.kind == "num" and int(token.text) <= 120 else None
        if number is None:
            spelled = p.meaning(at, "number")
            number = (spelled[1], at + spelled[0]) if spelled else None
        if not number:
            continue
        amount, end = number
        dash = p.token(end)
        unit = p.meaning(end + 1 if dash and dash.text == "-" else end, "unit")
        if not unit or UNITS[unit[1]] not in ("month", "year"):
            continue
        sentence = sentence_at(text, token.start)
        if not _SIGNED.search(sentence) or amount < 1 or p.meaning(at - 1, "in") or p.meaning(at - 1, "ago"):
            continue
        start = _start_of_contract(p, text, token.start, sentence)
        if start:
            finish = add_months(start, amount * (12 if UNITS[unit[1]] == "year" else 1))
            return finish if finish > p.sent else None
    return None


def _start_of_contract(p: Phrases, text: str, position: int, sentence: str) -> date | None:
    for span in spans(p):
        near = p.tokens[span.start].start
        if (
            span.shape in ("month", "day", "period", "year")
            and sentence_at(text, near)
            and abs(near - position) < 120
        ):
            if span.first > p.sent and _JUST.search(sentence) and not _future(sentence):
                continue
            if span.dated or span.shape not in ("month", "day"):
                return span.first
            return span.first if _future(sentence) or span.first <= p.sent else add_months(span.first, -12)
    if found := _last_month(p, sentence):
        return found
    return p.sent if _JUST.search(sentence) or _LEFT.search(sentence) else None


def _future(sentence: str) -> bool:
    return bool(
        re.search(
            r"\b(?:will|starting|starts|start|ab|beginnt|à partir|a partir|vanaf|dal|from|begins)\b",
            sentence,
            re.I,
        )
    )


def _last_month(p: Phrases, sentence: str) -> date | None:
    if re.search(
        r"\b(?:last month|letzten monat|le mois dernier|el mes pasado|vorige maand|afgelopen maand|il mese scorso|no mês passado|mês passado)\b",
        sentence,
        re.I,
    ):
        period = period_after(p.sent, "month", -1)
        return period[0] if period else None
    if re.search(
        r"\b(?:last week|letzte woche|la semaine dernière|la semana pasada|vorige week|la settimana scorsa|na semana passada)\b",
        sentence,
        re.I,
    ):
        return p.sent - timedelta(days=p.sent.weekday() + 7)
    return None


def sentence_at(text: str, position: int) -> str:
    """Return the sentence around a position, at most some 350 characters of it."""
    window = text[max(0, position - 200) : position]
    ahead = text[position : position + 160]
    start = max((found.start() for found in _ENDS.finditer(window)), default=-1)
    end = _ENDS.search(ahead)
    return window[start + 1 :] + (ahead[: end.start()] if end else ahead)
