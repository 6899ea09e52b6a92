"""The record of what a reply means to this part of the program, before dates and names are read."""

from dataclasses import dataclass

from cadence.core.replies import Category, LossReason, Odds


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply means: confidence 0 to 1; evidence: rules and words; odds: of every likely category."""

    category: Category
    confidence: float
    evidence: tuple[str, ...] = ()
    loss_reasons: tuple[LossReason, ...] = ()
    firm_no: bool = False
    odds: Odds = ()
