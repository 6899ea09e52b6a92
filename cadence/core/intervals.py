"""Decides how much a share of few can be trusted: the range in which it lies, 19 times out of 20."""

from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution, so that 95 % lie between the ends."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. 0 ≤ count ≤ of."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval, from 0 to 1 where nothing is known.

        E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
        American Statistical Association 22 (1927), pp. 209–212. L. D. Brown, T. T. Cai and A. DasGupta,
        "Interval estimation for a binomial proportion", Statistical Science 16 (2001), pp. 101–133, recommend
        it for small numbers, where the textbook's interval is far too narrow.
        """
        if not self.of:
            return 0.0, 1.0
        n, p, square = self.of, self.count / self.of, _Z * _Z
        middle = (p + square / (2 * n)) / (1 + square / n)
        half = _Z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)
