"""Decides whether a model that learnt may read: no more harm, and right as often where it acts."""

from collections.abc import Iterable
from dataclasses import dataclass

from cadence.core.replies import AUTOMATIC, Category

MUST_NOT_MISS = frozenset({Category.UNSUBSCRIBE, Category.DECISION_OPEN, Category.INTERESTED})
_REACHES_A_PERSON = MUST_NOT_MISS | {Category.QUESTION, Category.OTHER}
_STOPS = frozenset({Category.NOT_INTERESTED, Category.WRONG_PERSON, Category.UNSUBSCRIBE})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means, what it was taken for, and whether that was acted on without asking."""

    meant: Category
    taken: Category
    acted: bool

    @property
    def is_harm(self) -> bool:
        """Goes on writing to someone who said stop, or tells nobody that a deal is open again."""
        if not self.acted or self.meant not in MUST_NOT_MISS:
            return False
        if self.meant is Category.UNSUBSCRIBE:
            return self.taken not in _REACHES_A_PERSON | _STOPS | AUTOMATIC
        return self.taken not in _REACHES_A_PERSON or self.taken is Category.UNSUBSCRIBE


@dataclass(frozen=True, slots=True)
class Figures:
    """How a model reads replies whose meaning is known, in numbers of replies.

    right: taken for what they mean; acted: on without asking; acted_right: those of them that are right.
    """

    replies: int
    right: int
    acted: int
    acted_right: int
    harm: int

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> "Figures":
        """Count."""
        known = list(readings)
        acted = [one for one in known if one.acted]
        return cls(
            len(known),
            sum(one.taken is one.meant for one in known),
            len(acted),
            sum(one.taken is one.meant for one in acted),
            sum(one.is_harm for one in known),
        )


def refusal(before: Figures, after: Figures) -> str | None:
    """Why a model may not take the place of the one before it, None where it may; both read the same."""
    if after.harm > before.harm:
        return f"harm would rise from {before.harm} to {after.harm}"
    if before.acted_right and not after.acted:
        return "it would act on nothing"
    if after.acted_right * before.acted < before.acted_right * after.acted:
        return f"fewer would be right among those acted on: {_share(after)} instead of {_share(before)}"
    return None


def _share(figures: Figures) -> str:
    return f"{figures.acted_right} of {figures.acted}"
