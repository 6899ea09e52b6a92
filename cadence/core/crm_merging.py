"""Decides, fact by fact, what of a CRM's deal is taken over here, and what a person must decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cadence.core.crm import RemoteDeal
from cadence.core.crm_following import NOTHING, Base, Merge, day, merge
from cadence.core.crm_setup import DATES, Setup
from cadence.core.model import Deal

AMOUNT = "amount"
"""A fact that every CRM has in a place of its own, so no field is given for it."""
LONGEST = 500
"""Characters of a fact."""


@dataclass(frozen=True, slots=True)
class Merged:
    """taken: facts as they are now there; conflicts: fact → our value, and theirs; settled: facts on which
    both agree; bases: of all facts from now on.
    """

    taken: Mapping[str, str | date]
    conflicts: Mapping[str, tuple[str, str]]
    settled: tuple[str, ...]
    bases: Mapping[str, Base]


def merged(
    setup: Setup, deal: RemoteDeal, ours: Deal | None, bases: Mapping[str, Base], today: date
) -> Merged:
    """Compare what both sides say of a deal's facts. ours: None where it is not known here yet."""
    taken: dict[str, str | date] = {}
    conflicts: dict[str, tuple[str, str]] = {}
    settled: list[str] = []
    now = dict(bases)
    for name, theirs in theirs_of(setup, deal, today).items():
        here = told(getattr(ours, name)) if ours else ""
        match merge(bases.get(name, NOTHING), here, theirs):
            case Merge.SETTLED:
                now[name] = Base.of(here, theirs)
                settled.append(name)
            case Merge.THEIRS:
                now[name] = Base.of(theirs or here, theirs)
                settled.append(name)
                if theirs:
                    taken[name] = _typed(name, theirs)
            case Merge.CONFLICT:
                conflicts[name] = (here, theirs)
            case Merge.OURS:
                settled.append(name)
    return Merged(taken, conflicts, tuple(settled), now)


def theirs_of(setup: Setup, deal: RemoteDeal, today: date) -> dict[str, str]:
    """What a CRM says of each fact, as it is kept here; "" for nothing, and for what cannot be right."""
    facts = {name: deal.fields.get(there, "") for name, there in setup.reads.items()}
    if deal.amount is not None:
        facts[AMOUNT] = amount_of(deal)
    return {name: _said(setup, name, said, today) for name, said in facts.items()}


def amount_of(deal: RemoteDeal) -> str:
    """48,000 EUR; "" where it has none."""
    if deal.amount is None:
        return ""
    shown = f"{deal.amount:,.0f}" if deal.amount == deal.amount.to_integral_value() else f"{deal.amount:,.2f}"
    return f"{shown} {deal.currency or ''}".strip()


def told(value: object) -> str:
    """A fact as text."""
    return "" if value is None else str(value)


def _said(setup: Setup, name: str, said: str, today: date) -> str:
    if name in DATES:
        on = day(said)
        is_past = on is not None and name == "competitor_contract_end" and on < today
        return "" if on is None or is_past else on.isoformat()
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:LONGEST]
    return (setup.reason(line) or "") if name == "reason" else line


def _typed(name: str, said: str) -> str | date:
    return date.fromisoformat(said) if name in DATES else said
