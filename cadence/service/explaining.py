"""Why a mail was read as it was, as plain data: the rules, the words, and what acting and asking cost."""

from dataclasses import asdict
from typing import Any

from cadence.core import costs
from cadence.core.replies import Action, Verdict, action
from cadence.mail.classify import words_judged
from cadence.mail.intent.grounds import Case, Fired, Grounds, grounds
from cadence.mail.parse import Received

WORDS = 6
"""How many words of each category are shown; the others are in its rest."""
WORTH_SHOWING = 0.05
"""A weight below this decides nothing."""


def explained(received: Received, verdict: Verdict) -> dict[str, Any]:
    """The grounds of a verdict, by the model in use. rules: that fired; categories: the likeliest first."""
    found = _grounds(received, verdict)
    if found is None:
        return {"model": None, "rules": [], "categories": [], "asking": None, "decision": _by_rule(verdict)}
    odds = dict(verdict.odds)
    cases = sorted(found.cases, key=lambda case: -odds[case.category])
    return {
        "model": verdict.model,
        "rules": [_rule(fired) for fired in found.fired],
        "rules_alone": {"category": found.rules_alone.value, "confidence": found.rules_sure},
        "categories": [_category(case, verdict) for case in cases],
        "asking": round(costs.of_asking(verdict.odds), 2),
        "decision": _decision(verdict, found),
    }


def _grounds(received: Received, verdict: Verdict) -> Grounds | None:
    """None where a field or a report decided, and the words were not weighed."""
    if not verdict.odds:
        return None
    return grounds(words_judged(received, verdict.text), verdict.language)


def _by_rule(verdict: Verdict) -> str:
    what = "acts" if action(verdict) is Action.ACT else "asks"
    return f"no model was asked: {'; '.join(verdict.evidence) or 'there are no words'}; {what}"


def _rule(fired: Fired) -> dict[str, Any]:
    return asdict(fired) | {"category": fired.category.value}


def _category(case: Case, verdict: Verdict) -> dict[str, Any]:
    shown = [one for one in case.words[:WORDS] if abs(one.weight) >= WORTH_SHOWING]
    rest = case.rest + sum(one.weight for one in case.words) - sum(one.weight for one in shown)
    return {
        "category": case.category.value,
        "chance": dict(verdict.odds)[case.category],
        "score": round(case.score, 2),
        "start": round(case.start, 2),
        "words": [asdict(one) | {"weight": round(one.weight, 2)} for one in shown],
        "rest": round(rest, 2),
        "acting": round(costs.of_acting(case.category, verdict.odds), 2),
    }


def _decision(verdict: Verdict, found: Grounds) -> str:
    asking = costs.of_asking(verdict.odds)
    acting = costs.of_acting(verdict.category, verdict.odds)
    dearest = max(verdict.odds, key=lambda pair: pair[1] * costs.COSTS[pair[0]][verdict.category])
    risk = (
        f"mostly for the {dearest[1]:.1%} chance that it is {dearest[0]}, "
        f"which would cost {costs.COSTS[dearest[0]][verdict.category]:g}"
    )
    figures = f"acting on {verdict.category} costs {acting:.2f} on average, asking {asking:.2f}"
    if found.outranked:
        figures = f"a rule or a date that leaves no doubt outranks the model; {figures}"
    if action(verdict) is Action.ACT:
        return f"{figures}: acts"
    return f"{figures}: asks, {risk}"
