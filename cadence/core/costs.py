"""What each misreading of a reply costs, and what acting on a reading therefore costs on average.

The unit is one reply that a rep has to read. Categories are named as in `core/replies.py`, whose
`action` is the only place that decides by these figures; docs/replies.md says what they rest on.
"""

from collections.abc import Iterable

_NAMES = (
    "decision_open", "interested", "feedback", "feedback_declined", "keep_in_touch", "not_now",
    "not_interested", "unsubscribe", "referral", "wrong_person", "question", "acknowledgement", "other",
)  # fmt: skip
# A row for what was meant, a column for what it is taken for, both in the order above.
_MATRIX = """
decision_open       0   4  40  40  40  40  40  40  40  40   8  40   8
interested          4   0  40  40  40  40  40  40  40  40   8  40   8
feedback           10  10   0  10  10  10  10   8  10  10   8  12   8
feedback_declined  10  10  10   0  10  10   8   8  10  10   8  10   8
keep_in_touch       8   8  10  10   0   8  12  10   8  12   8   8   8
not_now            10  10  15  15  10   0  12  10  15  12   8  15   8
not_interested     12  12  15  12  15  12   0   4  15   8   8  15   8
unsubscribe        30  30  60  60  60  50  40   0  60  40  12  60  12
referral            8   8  10  10   8  10  15  15   0   8   8  10   8
wrong_person       10  10  12  12  12  10   8   6   8   0   8  12   8
question            8   8  15  15  15  15  15  15  15  15   0  15   8
acknowledgement     8   8   8   8   8   8  10  10   8  10   8   0   8
other               8   8  10  10  10  10  10  10  10  10   8  10   0
"""
COSTS: dict[str, dict[str, float]] = {
    line.split()[0]: dict(zip(_NAMES, map(float, line.split()[1:]), strict=True))
    for line in _MATRIX.strip().split("\n")
}
"""What it costs to act on a reply that means the first as if it meant the second."""

ASKING: dict[str, float] = dict.fromkeys(_NAMES, 1.0) | {"unsubscribe": 3.0}
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
