from zoneinfo import available_timezones

import pytest

from cadence.core.places import _BUSINESS_ZONES, _first_zones, zone_of_country


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("DE", "Europe/Berlin"),
        ("us", "America/New_York"),
        ("AU", "Australia/Sydney"),
        ("XX", None),
        (None, None),
    ],
)
def test_a_country_gives_the_zone_of_its_business_center(country, zone):
    assert zone_of_country(country) == zone


def test_every_assumed_zone_exists():
    assert {*_BUSINESS_ZONES.values(), *_first_zones().values()} <= available_timezones()
