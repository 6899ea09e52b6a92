"""Decides of which replies an endpoint may be asked, and what its answer is worth.

It can do one thing: where the product would ask the rep, and the endpoint names the very category that the
local reader holds likeliest, raise the confidence in it, if that category does not end mail to anybody for
good. Whatever it answers, the costs of core/costs.py decide anew.
"""

from dataclasses import dataclass, replace

from cadence.core import costs
from cadence.core.replies import Action, Category, Verdict, action

HARMLESS = frozenset(
    {
        Category.DECISION_OPEN,
        Category.INTERESTED,
        Category.FEEDBACK,
        Category.FEEDBACK_DECLINED,
        Category.KEEP_IN_TOUCH,
        Category.NOT_NOW,
        Category.REFERRAL,
        Category.QUESTION,
        Category.ACKNOWLEDGEMENT,
    }
)
"""Nothing here stops mail for good: `unsubscribe`, `not_interested` and `wrong_person` stay with the rep."""
STOP_AT_MOST = 0.05
"""Chance of an opt-out from which on nobody but the rep is asked."""
TRUST = 10.0
"""How many times likelier an answer makes its category, if it is wholly sure; an assumption, on the careful
side: it is what an endpoint is worth that is right in half of the replies which the local reader leaves open.
"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an endpoint holds a reply for; confidence: its own, 0 to 1."""

    category: Category
    confidence: float


def may_ask(verdict: Verdict) -> bool:
    """Whether an answer could change anything."""
    stop = dict(verdict.odds).get(Category.UNSUBSCRIBE, 1.0)
    is_open = not verdict.automatic and action(verdict) is Action.ASK
    return is_open and verdict.category in HARMLESS and stop < STOP_AT_MOST


def weighed(verdict: Verdict, opinion: Opinion) -> Verdict | None:
    """Return the verdict to act on, None where the rep is asked as before."""
    if not may_ask(verdict) or opinion.category is not verdict.category:
        return None
    factor = 1 + (TRUST - 1) * opinion.confidence
    raised = {
        category: chance * (factor if category is opinion.category else 1.0)
        for category, chance in verdict.odds
    }
    whole = sum(raised.values())
    odds = tuple((category, chance / whole) for category, chance in raised.items())
    surer = replace(
        verdict,
        confidence=round(dict(odds)[verdict.category], 2),
        evidence=(*verdict.evidence, f"endpoint: {opinion.category}, {opinion.confidence:.0%}"),
        odds=odds,
    )
    acts = action(surer) is Action.ACT and Category(costs.cheapest(odds)) is verdict.category
    return surer if acts else None
