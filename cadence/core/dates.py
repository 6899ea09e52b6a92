"""Decide on which day a reply asks us to come back, or its writer returns to the office.

docs/replies.md holds the rules. Relative dates count from the reply's own date; what names no day
("in a few months", "after the summer") gives none, and so does a return that is already past.
"""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cadence.core.date_phrases import spans
from cadence.core.date_spans import DAY, Span
from cadence.core.date_sums import contract_end, sentence_at
from cadence.core.date_tokens import Phrases, Token

MONTH_FIRST_COUNTRIES = frozenset({"us", "ph", "pw", "fm", "mh"})


class Role(StrEnum):
    """How a phrase is tied to the sentence."""

    PLAIN = "plain"
    AFTER = "after"
    UNTIL = "until"
    THROUGH = "through"
    BEFORE = "before"
    RANGE_START = "range start"
    RANGE_END = "range end"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that names days, its role, and the sentence it stands in."""

    span: Span
    role: Role
    sentence: str
    position: int


_PAST = re.compile(
    r"\b(?:since|ago|last|met|spoke|talked|decided|chose|signed|bought|went live|went with|started|moved|implemented|purchased|sent|received|quoted|was|were|had|did|saw|attended|left|joined|missed|seit|letzte\w*|vergangen\w*|haben? (?:uns|wir|ich)|wurde|hatten?|war(?:en)?|unterschrieben|entschieden|getroffen|gesprochen|depuis|dernier|dernière|avons|avait|était|signé|choisi|rencontr\w+|desde hace|pasad[oa]|firmamos|firmado|elegimos|hablamos|estuv\w+|fue|vimos|sinds|afgelopen|vorige|hebben|hadden|was|getekend|gekozen|gesproken|scors[oa]|abbiamo|avevamo|era|firmato|scelto|parlato|passad[oa]|assinamos|escolhemos|falamos|foi|tivemos|assinado)\b",
    re.I,
)
_BACK = re.compile(
    r"\b(?:back|return\w*|again|available|resume|reachable|in the office (?:on|from)|wieder|zurück|rückkehr|erreichbar|retour|de nouveau|reviens|revenir|reprend\w*|rentre\w*|regres\w+|vuelv\w+|volver\w*|vuelta|reincorpor\w+|retom\w+|terug\w*|weer|hervat|rientr\w+|torner\w+|ritorn\w+|torno|nuovamente|retorn\w+|voltar\w*|volto|novamente|disponible|disponibile|disponível)\b",
    re.I,
)
_WISH = re.compile(
    r"\b(?:contact|call|ring|ping|reach|try|touch|revisit|reconnect|re-?open|re-?visit|talk|speak|come back|check|look|again|budget|renew\w*|contract|expire\w*|until|till|earliest|wait|follow|write|e-?mail|nudge|reminder|remind|knock|circle|plan\w*|melden|meld\w*|anrufen|rufen|sprechen|kontakt\w*|wieder|erneut|frühestens|vertrag|läuft|budget|haushalt|recontact\w*|contact\w*|rappel\w*|revenir|revenez|reparl\w+|échéance|contrat|relanc\w+|contact\w+|llam\w+|habl\w+|vuelv\w+|retom\w+|escrib\w+|contrato|vence|presupuesto|bel\b|bellen|neem|contact|terug|opnieuw|contract|richiam\w+|risent\w+|ricontatt\w+|riparl\w+|contratto|scad\w+|contat\w+|ligu\w+|fal\w+|volt\w+|retom\w+|contrato|venc\w+|orçamento)\b",
    re.I,
)
_ASKS = re.compile(
    r"\b(?:contact|call|ring|ping|reach|try|touch|revisit|reconnect|talk|speak|come back|check|again|write|e-?mail|nudge|remind|knock|circle|ask|until|till|earliest|not before|melden|meld\w*|rufen|anrufen|sprechen|kontakt\w*|wieder|erneut|frühestens|bis|recontact\w*|contact\w*|rappel\w*|reven\w+|reparl\w+|relanc\w+|avant|jusqu\w*|llám\w+|llam\w+|habl\w+|vuelv\w+|retom\w+|escrib\w+|hasta|bel|bellen|neem|kom|terug|opnieuw|tot|richiam\w+|risent\w+|ricontatt\w+|riparl\w+|fino|contat\w+|ligu\w+|fal\w+|volt\w+|até)\b",
    re.I,
)
_AWAY_TODAY = re.compile(
    r"\b(?:out|away|off|travell?ing|meetings|conference|slow to|abwesend|nicht|absente?|fuera|ausente|afwezig|fuori|assente|fora|urlaub|closed|unavailable|ferie|férias|vacaciones|vakantie|congés?)\b",
    re.I,
)


def resume_on(
    text: str,
    sent: date,
    *,
    language: str = "en",
    day_first: bool = True,
    away: bool = False,
    asked: bool = True,
) -> date | None:
    """Return when to come back, or with `away` the return to the office; None where no day is named.

    sent: the day of the reply where it was written; language: ISO 639-1; day_first: the order of
    numeric dates, see `is_day_first`; asked: whether the reply as a whole asks to wait, so that any
    future day is meant; otherwise a day counts only where its sentence speaks of coming back.
    """
    phrases = Phrases(text, sent, language, day_first=day_first)
    if not away and (summed := contract_end(phrases, text)):
        return summed
    mentions = _mentions(phrases, text)
    return _return(mentions, sent) if away else _come_back(mentions, sent, asked=asked)


def is_day_first(
    *,
    language: str | None,
    content_language: str = "",
    country: str | None = None,
    utc_offset: float | None = None,
) -> bool:
    """Decide the order of numeric dates: from Content-Language, the text's language, the country or zone.

    utc_offset: hours. English alone does not tell: its American zones write the month first.
    """
    tag = content_language.strip().lower().replace("_", "-")[:5]
    if tag.startswith("en-"):
        return tag[3:] not in MONTH_FIRST_COUNTRIES
    if tag and not tag.startswith("en"):
        return True
    if language not in (None, "en"):
        return True
    if country:
        return country.lower() not in MONTH_FIRST_COUNTRIES
    return utc_offset is None or not -10 <= utc_offset <= -4


def next_working_day(day: date) -> date:
    """The first Monday to Friday after a day."""
    day += DAY
    while day.weekday() > 4:
        day += DAY
    return day


def _mentions(p: Phrases, text: str) -> list[Mention]:
    found: list[Mention] = []
    for span in spans(p):
        role = _role(p, span, found)
        position = p.tokens[span.start].start
        joined = found and found[-1].role is Role.PLAIN and span.start - found[-1].span.end <= 3
        if (role is Role.RANGE_END and found) or (role is Role.THROUGH and joined):
            found[-1] = replace(found[-1], role=Role.RANGE_START)
        found.append(Mention(span, role, sentence_at(text, position), position))
    return found


def _before(p: Phrases, at: int, kind: str) -> bool:
    """Whether a phrase of that kind ends right before a token, articles apart."""
    for back in range(1, 6):
        found = p.meaning(at - back, kind)
        if not found:
            continue
        end = at - back + found[0]
        if end == at or (end < at and p.skip(end, 3) >= at):
            return _no_stop(p.tokens[at - back : at])
    return False


def _no_stop(tokens: list[Token]) -> bool:
    return not any(token.kind == "stop" for token in tokens)


def _role(p: Phrases, span: Span, earlier: list[Mention]) -> Role:
    at = span.start
    inclusive = p.meaning(span.end, "inclusive") or p.meaning(span.end + 1, "inclusive")
    signs: tuple[tuple[object, Role], ...] = (
        (inclusive or _before(p, at, "through"), Role.THROUGH),
        (_before(p, at, "after"), Role.AFTER),
        (_ends_range(p, span, earlier), Role.RANGE_END),
        (_before(p, at, "until"), Role.UNTIL),
        (_before(p, at, "before"), Role.BEFORE),
        (_before(p, at, "ago") or p.meaning(span.end, "ago"), Role.PAST),
    )
    return next((role for sign, role in signs if sign), Role.PLAIN)


def _ends_range(p: Phrases, span: Span, earlier: list[Mention]) -> bool:
    """Whether this is B of "from A to B", where A may be a bare number ("3 to 14 March")."""
    for back in range(1, 4):
        joined = p.meaning(span.start - back, "to")
        if (
            not joined
            or span.start - back + joined[0] > span.start
            or p.skip(span.start - back + joined[0]) < span.start
        ):
            continue
        before = p.token(span.start - back - 1)
        if earlier and 0 <= span.start - back - earlier[-1].span.end <= 1:
            return True
        if before and before.kind == "num" and int(before.text) <= 31:
            return True
    return False


def _value(mention: Mention, *, away: bool) -> date | None:
    span = mention.span
    if mention.role is Role.AFTER:
        return span.last + DAY
    if mention.role is Role.THROUGH or (mention.role is Role.RANGE_END and away):
        return next_working_day(span.last)
    if mention.role is Role.PAST:
        return None
    return span.first


def _return(mentions: list[Mention], sent: date) -> date | None:
    """The return of one who is away: a day of return named as such first, then the end of the absence."""
    chosen = _pick_return(mentions)
    if chosen is None:
        return _whole_span(mentions)
    value = _value(chosen, away=True)
    if value is None or value <= sent:
        return None
    return value


def _pick_return(mentions: list[Mention]) -> Mention | None:
    usable = [m for m in mentions if m.role not in (Role.PAST, Role.BEFORE) and m.span.shape != "current"]
    named = [m for m in usable if m.role in (Role.PLAIN, Role.AFTER) and _BACK.search(_clause(m))]
    if named:
        return named[-1] if len(named) == 1 or named[0].span.first < named[-1].span.first else named[0]
    for roles in ((Role.THROUGH,), (Role.RANGE_END,), (Role.UNTIL,), (Role.AFTER,)):
        matching = [m for m in usable if m.role in roles]
        if matching:
            return matching[-1] if roles == (Role.RANGE_END,) else matching[0]
    plain = [
        m for m in usable if m.span.shape in ("day", "edge", "weekday") and not _AWAY_TODAY.search(m.sentence)
    ]
    return plain[-1] if plain else None


def _clause(mention: Mention) -> str:
    return mention.sentence


def _whole_span(mentions: list[Mention]) -> date | None:
    """Away "today", "this week" or "next week": back on the next working day after it."""
    for mention in mentions:
        told = mention.role is Role.PLAIN and _AWAY_TODAY.search(mention.sentence)
        brief = (mention.span.last - mention.span.first).days <= 31
        if told and brief and mention.span.shape in ("current", "period", "day"):
            return next_working_day(mention.span.last)
    return None


def _come_back(mentions: list[Mention], sent: date, *, asked: bool) -> date | None:
    """The day a person wants to hear from us again: the first future one that is not told as past."""
    candidates: list[tuple[int, int, date]] = []
    for mention in mentions:
        value = _value(mention, away=False)
        if value is None or mention.role is Role.BEFORE or mention.span.shape == "current":
            continue
        if value <= sent or (mention.span.shape in ("weekday",) and _past(mention)):
            continue
        if _past(mention) and not _WISH.search(mention.sentence):
            continue
        if (
            _past(mention)
            and not mention.span.dated
            and mention.span.shape in ("month", "day", "edge", "weekday")
            and mention.role is Role.PLAIN
        ):
            continue
        rank = 0 if _ASKS.search(mention.sentence) else 1 if _WISH.search(mention.sentence) else 2
        if rank and not asked:
            continue
        candidates.append((rank, mention.position, value))
    return min(candidates)[2] if candidates else None


def _past(mention: Mention) -> bool:
    return bool(_PAST.search(mention.sentence[:200]))
