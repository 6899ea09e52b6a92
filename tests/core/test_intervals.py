"""The range in which a share lies: wide for few, never outside 0 and 1."""

import pytest

from cadence.core.intervals import Share


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Worked by hand from the formula, to four places.
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(count, of, low, high):
    assert Share(count, of).interval == pytest.approx((low, high), abs=0.00006)


def test_of_nothing_nothing_is_known():
    assert Share(0, 0).rate is None
    assert Share(0, 0).interval == (0.0, 1.0)


def test_more_of_the_same_is_known_better():
    widths = [high - low for low, high in (Share(n, 4 * n).interval for n in (1, 10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)
