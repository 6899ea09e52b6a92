"""Decide what the rules alone make of a reply: which fired, on which words, and how sure that is.

Every rule that fires in a clause adds to its category; the order of the vocabulary decides among the
categories that are likely, except that a wish to be left alone always wins. Confidence is lowered where
a weak sign points to something that would be costly to miss. The trained model takes all this as a hint.
"""

from dataclasses import dataclass

from cadence.core.replies import Category, LossReason
from cadence.mail.intent import closing, explaining, pointing, reopened, unsubscribe
from cadence.mail.intent.judgement import Judgement
from cadence.mail.intent.reasons import ranked, reasons_in
from cadence.mail.intent.rule import Rule
from cadence.mail.intent.sentences import clauses, sentences
from cadence.mail.language import LANGUAGES

RULES: tuple[Rule, ...] = (
    *unsubscribe.RULES,
    *reopened.RULES,
    *explaining.RULES,
    *closing.RULES,
    *pointing.RULES,
)
FIRM_NO = "firm no"
LIKELY = 0.5
IN_PASSING = 0.7
"""What is left of the confidence in a phrase that is a vanishing part of the reply."""
LONGEST_THANKS = 10
"""Words in which one says thanks; a longer sentence says something else as well."""
UNHEARD = 0.35
"""How much confidence is lost where no sentence but the deciding one is understood."""
_ORDER = {category: rank for rank, category in enumerate(Category)}
_COSTLY = (Category.UNSUBSCRIBE, Category.DECISION_OPEN, Category.INTERESTED)
# A pair that a single reply seldom means; seeing both says that one of them was misread.
_CONTRADICTIONS = {
    Category.INTERESTED: (Category.NOT_INTERESTED, Category.FEEDBACK_DECLINED, Category.WRONG_PERSON),
    Category.DECISION_OPEN: (Category.NOT_INTERESTED,),
    Category.KEEP_IN_TOUCH: (Category.NOT_INTERESTED, Category.WRONG_PERSON),
    Category.FEEDBACK: (Category.FEEDBACK_DECLINED, Category.WRONG_PERSON),
    Category.REFERRAL: (Category.WRONG_PERSON,),
    Category.NOT_NOW: (Category.WRONG_PERSON,),
}


# The longer a reply, the less a rule or two say about the whole of it.
_LENGTHS = ((14, 1.0), (28, 0.96), (45, 0.9), (80, 0.84), (100_000, 0.76))


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rules make of a reply; sentences: folded, without greeting and close; language: or "en"."""

    judgement: Judgement
    sentences: tuple[str, ...]
    fired: tuple[tuple[Rule, str], ...]
    words: int
    language: str


def hear(text: str, language: str | None) -> Heard:
    """Ask the rules about the new words of a reply in one of the seven languages; None is read as English."""
    told = sentences(text)
    words = sum(len(sentence.split()) for sentence in told)
    if not words:
        return Heard(Judgement(Category.OTHER, 0.2, ("no words",)), (), (), 0, language or "en")
    languages = _languages(language, words)
    parts = [part for sentence in told for part in clauses(sentence)]
    fired, spoken = _fired(told, parts, languages, words)
    reasons = reasons_in(parts, language or "en")
    scores = _scores(fired, reasons, parts)
    category, confidence = _decide(scores, words)
    if category is not Category.UNSUBSCRIBE:
        confidence *= _understood(parts, spoken, [rule for rule, _ in fired], languages)
        if category is not Category.FEEDBACK:
            confidence *= _covered([found for rule, found in fired if rule.category is category], words)
    evidence = tuple(f"{rule.name}: {found[:60]}" for rule, found in fired if rule.category is category)
    if category is Category.FEEDBACK and reasons:
        evidence += (f"reasons: {', '.join(ranked(reasons))}",)
    firm = any(rule.name == FIRM_NO for rule, _ in fired)
    judgement = Judgement(category, round(confidence, 2), evidence or ("no rule",), ranked(reasons), firm)
    return Heard(judgement, tuple(told), tuple(fired), words, language or "en")


def _languages(language: str | None, words: int) -> tuple[str, ...]:
    """A few words hardly tell their language, so the rules of all are asked."""
    if words <= 8:
        return ("*", *LANGUAGES)
    if language in (None, "en"):
        return ("*", "en")
    return ("*", language, "en")


def _fired(
    told: list[str], parts: list[str], languages: tuple[str, ...], words: int
) -> tuple[list[tuple[Rule, str]], set[str]]:
    """Return the rules that fired with their words, and the clauses in which they did so first."""
    fired: list[tuple[Rule, str]] = []
    spoken: set[str] = set()
    for rule in RULES:
        if rule.short is not None and words > rule.short:
            continue
        for part in told if rule.category is Category.QUESTION else parts:
            found = rule.fires(part, languages)
            if found:
                spoken.add(part)
                fired.append((rule, found))
                break
    return fired, spoken


def _scores(
    fired: list[tuple[Rule, str]], reasons: dict[LossReason, int], parts: list[str]
) -> dict[Category, float]:
    doubts: dict[Category, float] = {}
    for rule, _ in fired:
        doubts[rule.category] = doubts.get(rule.category, 1.0) * (1 - rule.strength)
    scores = {category: 1 - doubt for category, doubt in doubts.items()}
    explained = scores.pop(Category.FEEDBACK, 0.0)
    if reasons:
        alone = not any(score >= LIKELY for score in scores.values())
        scores[Category.FEEDBACK] = 0.86 if explained else 0.6 if alone else 0.45
    elif explained:
        scores[Category.FEEDBACK] = 0.4
    if Category.ACKNOWLEDGEMENT in scores:
        scores[Category.ACKNOWLEDGEMENT] *= _thanks_only(parts)
    return scores


def _understood(parts: list[str], spoken: set[str], fired: list[Rule], languages: tuple[str, ...]) -> float:
    """Sentences in which no rule sees anything may say anything: the more of them, the less is sure."""
    long = [part for part in parts if len(part.split()) > 3]
    silent = sum(
        part not in spoken
        and not any(rule.fires(part, languages) for rule in fired)
        and not reasons_in([part], languages[1])
        for part in long
    )
    return 1 - UNHEARD * silent / len(long) if long else 1.0


def _covered(found: list[str], words: int) -> float:
    """A phrase that is most of the reply says more than the same phrase in passing."""
    return min(1.0, IN_PASSING + sum(len(phrase.split()) for phrase in found) / words)


def _thanks_only(parts: list[str]) -> float:
    """How much of a reply is thanks and good wishes: other sentences make it something else."""
    rule = next(rule for rule in closing.RULES if rule.category is Category.ACKNOWLEDGEMENT)
    plain = 0
    for part in parts:
        words = len(part.split())
        plain += words > 2 and (words > LONGEST_THANKS or not rule.fires(part, ("*",)))
    return 1.0 if not plain else 0.7 if plain == 1 else 0.5


def _decide(scores: dict[Category, float], words: int) -> tuple[Category, float]:
    if scores.get(Category.UNSUBSCRIBE, 0) >= LIKELY:
        return Category.UNSUBSCRIBE, scores[Category.UNSUBSCRIBE]
    likely = [category for category in _ORDER if scores.get(category, 0) >= LIKELY]
    if not likely:
        if not scores:
            return Category.OTHER, 0.35
        best = max(scores, key=lambda category: scores[category])
        return best, scores[best] * 0.8
    chosen = _later(likely, scores)
    return chosen, _honest(chosen, scores, words)


def _later(likely: list[Category], scores: dict[Category, float]) -> Category:
    """A wish to talk that fixes a later time is a wish to be asked later."""
    if likely[0] is Category.INTERESTED and Category.NOT_NOW in likely:
        return Category.NOT_NOW
    return likely[0]


def _honest(chosen: Category, scores: dict[Category, float], words: int) -> float:
    confidence = scores[chosen]
    for other in _CONTRADICTIONS.get(chosen, ()):
        if scores.get(other, 0) >= LIKELY:
            confidence *= 0.75
    rivals = [other for other, score in scores.items() if other is not chosen and score >= LIKELY]
    confidence *= 0.95 ** len(rivals)
    confidence *= next(factor for most, factor in _LENGTHS if words <= most)
    if chosen not in _COSTLY and any(scores.get(costly, 0) >= 0.25 for costly in _COSTLY):
        confidence = min(confidence, 0.6)
    return confidence
