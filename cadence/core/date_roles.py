"""Decide how each phrase that names days is tied to its sentence: until, after, from A to B, told as past."""

from dataclasses import dataclass, replace
from enum import StrEnum

from cadence.core.date_phrases import spans
from cadence.core.date_signs import AFTER_THAT, ASKS, CLAUSE_ENDS, THEN
from cadence.core.date_spans import Span
from cadence.core.date_sums import sentence_at
from cadence.core.date_tokens import LONGEST_TEXT, Phrases, Token

MOST_MENTIONS = 100
REACH = 160
"""How far behind a phrase, in characters, a "then" still comes back to it."""

_COMES_WORDS = """
come coming check checking circle circling get getting be being am i'm m we're re are is he's she's s
call calling write writing look loop swing try ring report reach ping go going touch revert
"""
_COMES = frozenset(_COMES_WORDS.split())

_ABBREVIATED = frozenset({"inkl", "incl", "einschl", "excl", "exkl", "ca", "approx"})


class Role(StrEnum):
    """How a phrase is tied to the sentence."""

    PLAIN = "plain"
    AFTER = "after"
    UNTIL = "until"
    THROUGH = "through"
    BEFORE = "before"
    BY = "by"
    RANGE_START = "range start"
    RANGE_END = "range end"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that names days, its role, the sentence and the clause it stands in, and where.

    meant_again: "then" or "after that" comes back to it.
    """

    span: Span
    role: Role
    sentence: str
    clause: str
    position: int
    meant_again: bool = False


def mentions_in(p: Phrases, text: str) -> list[Mention]:
    """Every phrase of a text that names days, in order, with its role."""
    found: list[Mention] = []
    for span in spans(p)[:MOST_MENTIONS]:
        role = _role(p, span, found)
        position = p.tokens[span.start].start
        joined = found and found[-1].role is Role.PLAIN and span.start - found[-1].span.end <= 3
        if role is Role.RANGE_END and (begun := _begun(p, span)):
            found.append(
                Mention(
                    begun, Role.RANGE_START, sentence_at(text, position), _clause_at(text, position), position
                )
            )
        elif (role is Role.RANGE_END and found) or (role is Role.THROUGH and joined):
            found[-1] = replace(found[-1], role=Role.RANGE_START)
        sentence = sentence_at(text, position)
        found.append(Mention(span, role, sentence, _clause_at(text, position), position))
    return _again(text, found)


def _again(text: str, found: list[Mention]) -> list[Mention]:
    """Mark what the words behind come back to ("We decide in May. Ask me then.", "... after that")."""
    told = []
    ends = [*(mention.position for mention in found[1:]), LONGEST_TEXT]
    for mention, end in zip(found, ends, strict=False):
        behind = text[mention.position : min(end, mention.position + REACH)]
        lasting = mention.span.shape in ("month", "period", "edge", "day", "year", "number", "weekday")
        later = lasting and mention.role is Role.PLAIN and AFTER_THAT.search(behind)
        later = later or (
            mention.role is Role.RANGE_END and (AFTER_THAT.search(behind) or THEN.search(behind))
        )
        asks = THEN.search(behind) and ASKS.search(behind)
        asked = asks or (mention.role is Role.UNTIL and AFTER_THAT.search(behind))
        role = Role.AFTER if later else mention.role
        told.append(replace(mention, role=role, meant_again=bool(later or asked)))
    return told


def _clause_at(text: str, position: int) -> str:
    """Return the words around a position up to the next comma, dash or stop on either side."""
    before, behind = text[max(0, position - 100) : position], text[position : position + 100]
    return CLAUSE_ENDS.split(before)[-1] + CLAUSE_ENDS.split(behind)[0]


def _before(p: Phrases, at: int, kind: str) -> bool:
    """Whether a phrase of that kind ends right before a token, articles apart."""
    for back in range(1, 6):
        found = p.meaning(at - back, kind)
        if not found:
            continue
        end = at - back + found[0]
        if (dot := p.token(end)) and dot.kind == "stop" and p.tokens[end - 1].text in _ABBREVIATED:
            end += 1
        if end == at or (end < at and p.skip(end, 3) >= at):
            return _no_stop(p.tokens[at - back : at])
    return False


def _no_stop(tokens: list[Token]) -> bool:
    """Whether none ends a sentence; the one of an abbreviation does not ("bis inkl. 13. März")."""
    return not any(
        token.kind == "stop" and not (place and tokens[place - 1].text in _ABBREVIATED)
        for place, token in enumerate(tokens)
    )


def _role(p: Phrases, span: Span, earlier: list[Mention]) -> Role:
    at = span.start
    inclusive = p.meaning(span.end, "inclusive") or (
        not p.meaning(span.end, "to") and p.meaning(span.end + 1, "inclusive")
    )
    signs: tuple[tuple[object, Role], ...] = (
        (inclusive or _before(p, at, "through"), Role.THROUGH),
        (_before(p, at, "after") or p.meaning(span.end, "over"), Role.AFTER),
        (_ends_range(p, span, earlier), Role.RANGE_END),
        (_before(p, at, "until"), Role.UNTIL),
        (_before(p, at, "before"), Role.BEFORE),
        (_before(p, at, "by"), Role.BY),
        ((_before(p, at, "ago") and not _comes_back(p, at)) or p.meaning(span.end, "ago"), Role.PAST),
    )
    return next((role for sign, role in signs if sign), Role.PLAIN)


def _begun(p: Phrases, span: Span) -> Span | None:
    """The day that begins a range and has no month of its own ("between 5 and 20 May")."""
    token = p.token(span.start - 2)
    if span.shape != "day" or not token or token.kind != "num" or not 1 <= int(token.text) < span.first.day:
        return None
    day = span.first.replace(day=int(token.text))
    return Span(day, day, span.start - 2, span.start - 1, "number", span.dated)


def _comes_back(p: Phrases, at: int) -> bool:
    """Tell "come back in H2" from "back in May we asked for a quote"."""
    for back in (2, 3, 4):
        token, verb = p.token(at - back), p.token(at - back - 1)
        if token and token.text == "back":
            return verb is not None and verb.text in _COMES
    return False


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
