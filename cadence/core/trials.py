"""Decides which of two ways of writing a step a reader gets, and when one of them has proved to be better.

Compared is how many readers a person of which answered within 14 days, but for those who only asked to be
left alone. A mail counts once that time has passed, answered or not: if answers counted at once and silence
only later, the newest mails would make every share look too high.

Whoever looks at such figures every day and stops when they look good finds a winner in every seventh pair of
equals. So there are five looks, fixed beforehand, each at so many first mails of each variant, in the order
in which they left: how often somebody looks at the page changes nothing. What must differ at each look is so
wide that over all five together equals are told apart in at most 5 of 100 trials. The constant bound is that
of S. J. Pocock, "Group sequential methods in the design and analysis of clinical trials", Biometrika 64
(1977), pp. 191–199: for five looks 2.413 (C. Jennison and B. W. Turnbull, "Group Sequential Methods with
Applications to Clinical Trials", 2000, table 2.1). Answers are counted in whole numbers, which is coarser
than the normal distribution it is meant for; with 2.42 the exact chance is below 5 % at every rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from math import sqrt

from cadence.core.intervals import Share
from cadence.core.replies import AUTOMATIC, Category

PLAIN, OTHER = VARIANTS = ("a", "b")
"""The words of the file that names no variant, and of the one marked `~b` beside it."""
LOOKS = (200, 400, 600, 800, 1000)
"""After so many mails of each; the last one ends the trial."""
BOUND = 2.42
"""How many standard errors apart the shares must be, at each look."""
TIME_TO_ANSWER = timedelta(days=14)
NO_ANSWER = AUTOMATIC | {Category.UNSUBSCRIBE}
"""What a mail cannot take credit for: a machine wrote it, or somebody who wants no more mails."""


class State(StrEnum):
    """How far a trial is."""

    RUNNING = "running"
    WON = "won"
    NO_DIFFERENCE = "no_difference"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says.

    winner: of a trial that was won; shares: of each variant, of the mails that it looked at, while it runs of
    all that count so far; needed: mails of each, at the next look or at the one that decided.
    """

    state: State
    winner: str | None
    shares: tuple[Share, Share]
    needed: int


def drawn(enrollment_id: int, step: str, key: str) -> str:
    """The variant for an enrollment: the same whenever it is asked for, and each for half of them.

    key: of the words of both, so that another trial of the same step is drawn anew.
    """
    drawn_from = f"{enrollment_id}/{step}/{key}".encode()
    return VARIANTS[sha256(drawn_from).digest()[0] % len(VARIANTS)]


def judge(plain: Sequence[bool], other: Sequence[bool]) -> Verdict:
    """What follows from whether each mail of a variant was answered, in the order in which they left."""
    for needed in LOOKS:
        if min(len(plain), len(other)) < needed:
            so_far = (Share(sum(plain), len(plain)), Share(sum(other), len(other)))
            return Verdict(State.RUNNING, None, so_far, needed)
        shares = (Share(sum(plain[:needed]), needed), Share(sum(other[:needed]), needed))
        if abs(apart := standard_errors(*shares)) >= BOUND:
            return Verdict(State.WON, OTHER if apart > 0 else PLAIN, shares, needed)
    return Verdict(State.NO_DIFFERENCE, None, shares, needed)


def standard_errors(plain: Share, other: Share) -> float:
    """By how many standard errors the other share is higher; both are of equally many.

    The pooled test of two proportions, see Jennison and Turnbull, section 3.6.
    """
    pooled = (plain.count + other.count) / (plain.of + other.of)
    error = sqrt(2 * plain.of * pooled * (1 - pooled))
    return (other.count - plain.count) / error if error else 0.0
