"""Decide what a person means by a reply: certain rules first, else the trained model, which knows the rules.

The model's odds are weighed by the cost of each confusion (core/costs.py), so what is returned is the
category that is cheapest to act on, or the likeliest where asking is cheaper than any.
"""

from cadence.core import costs
from cadence.core.replies import Category, LossReason, Odds
from cadence.mail.intent.features import features_of
from cadence.mail.intent.hearing import Heard, hear
from cadence.mail.intent.judgement import Judgement
from cadence.mail.intent.model import Opinion, model

LONGEST_TEXT = 4_000
LONGEST_END = 1_000
"""Of a longer reply the beginning and as much of the end are read."""
MOST_REASONS = 3
SURELY = 0.8
"""The chance of feedback from which some reason is given though none is likely; by cross-validation."""
CERTAIN = 0.95
"""Strength from which a rule outranks the model, in a reply that says little else."""
CERTAIN_WORDS = 14


def judge(text: str, language: str | None) -> Judgement:
    """Judge the new words of a reply in one of the seven languages; None is read as English."""
    text = shortened(text)
    heard = hear(text, language)
    if not heard.words:
        return heard.judgement
    opinion = model().ask(features_of(text, heard))
    odds = _certain(heard, opinion.odds)
    category = Category(costs.cheapest(odds))
    return Judgement(
        category,
        round(dict(odds)[category], 2),
        _evidence(heard, opinion, category),
        _reasons(opinion, dict(odds)[Category.FEEDBACK]),
        heard.judgement.firm_no or opinion.firm_no >= model().firm_from,
        tuple((name, round(chance, 4)) for name, chance in odds),
    )


def shortened(text: str) -> str:
    """Return the part of a reply that is read: all of it where it is not too long."""
    return (
        text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - LONGEST_END]}\n{text[-LONGEST_END:]}"
    )


def _certain(heard: Heard, odds: Odds) -> Odds:
    """A plain "unsubscribe me" or "thanks" and nothing else needs no model."""
    plain = heard.judgement
    if heard.words > CERTAIN_WORDS or plain.category is not Category.UNSUBSCRIBE:
        return odds
    strength = max((rule.strength for rule, _ in heard.fired if rule.category is plain.category), default=0)
    if strength < CERTAIN:
        return odds
    rest = (1 - CERTAIN) / (len(odds) - 1)
    return tuple((name, CERTAIN if name is plain.category else rest) for name, _ in odds)


def _evidence(heard: Heard, opinion: Opinion, category: Category) -> tuple[str, ...]:
    rules = tuple(f"{rule.name}: {found[:60]}" for rule, found in heard.fired if rule.category is category)
    words = tuple(f'model: "{words[:60]}" → {name}' for name, words in opinion.because if name is category)
    return rules + words or (f"model: → {category}",)


def _reasons(opinion: Opinion, given: float) -> tuple[LossReason, ...]:
    """The reasons that are likely; who surely gives feedback gives one at least.

    given: how likely the reply is feedback.
    """
    ranked = sorted(opinion.reasons, key=lambda reason: -opinion.reasons[reason])
    likely = [reason for reason in ranked if opinion.reasons[reason] >= model().reason_from]
    if not likely and given >= SURELY:
        likely = ranked[:1]
    return tuple(likely[:MOST_REASONS])
