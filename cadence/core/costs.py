"""What each misreading of a reply costs, and what acting on a reading therefore costs on average.

The unit is half of what it costs that a rep has to read a reply. Categories are named as in
`core/replies.py`, whose `action` is the only place that decides by these figures; docs/replies.md says what
they rest on.
"""

from collections.abc import Iterable

_NAMES = (
    "decision_open", "interested", "feedback", "feedback_declined", "keep_in_touch", "not_now",
    "not_interested", "unsubscribe", "referral", "wrong_person", "question", "acknowledgement", "other",
)  # fmt: skip
# A row for what was meant, a column for what it is taken for, both in the order above.
_MATRIX = """
decision_open       0   8  80  80  80  80  80  80  80  80  12  80  12
interested          8   0  80  80  80  80  80  80  80  80  14  80  12
feedback           12  10   0  10  10  10  12  10  10  10  12  12  12
feedback_declined  12  10  10   0  10  10  14  12  10  10  12  10  12
keep_in_touch      10  10  10  10   0  10  14  12  10  12  12  10  12
not_now            10  10  15  15  10   0  12  12  15  12  12  15  12
not_interested     12  12  15  15  15  12   0  10  15  10  12  15  12
unsubscribe        60  60 120 120 120 100  80   0 120  80  16 120  16
referral           10  10  10  10  10  10  15  15   0  10  12  10  12
wrong_person       10  10  12  12  12  10  12  12  10   0  12  12  12
question           10  10  15  15  15  15  15  15  15  15   0  15  10
acknowledgement    10  10  10  10  10  10  12  12  10  10  12   0  12
other              10  10  10  10  10  10  12  12  10  10  10  10   0
"""
COSTS: dict[str, dict[str, float]] = {
    line.split()[0]: dict(zip(_NAMES, map(float, line.split()[1:]), strict=True))
    for line in _MATRIX.strip().split("\n")
}
"""What it costs to act on a reply that means the first as if it meant the second."""

ASKING: dict[str, float] = dict.fromkeys(_NAMES, 2.0) | {"unsubscribe": 5.0}
"""What it costs to ask: a look. Other enrollments of someone who said stop go on until that look."""

Odds = Iterable[tuple[str, float]]


def of_acting(taken: str, odds: Odds) -> float:
    """What it costs on average to act on a reply as this category; odds: of what it may mean."""
    return sum(chance * COSTS[meant][taken] for meant, chance in odds)


def of_asking(odds: Odds) -> float:
    """What it costs on average to leave a reply to the rep."""
    return sum(chance * ASKING[meant] for meant, chance in odds)


def cheapest(odds: Odds) -> str:
    """The category that costs least to act on where that beats asking, else the likeliest."""
    known = tuple(odds)
    best = min(_NAMES, key=lambda taken: of_acting(taken, known))
    if of_acting(best, known) <= of_asking(known):
        return best
    return max(known, key=lambda pair: pair[1])[0]
