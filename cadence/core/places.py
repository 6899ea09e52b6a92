"""Which time zone to assume for somebody of whom only the country is known."""

from functools import cache
from importlib.resources import files

_BUSINESS_ZONES = {
    # Countries of several zones whose first one in the table is far from where most business is done.
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CY": "Asia/Nicosia",
    "FM": "Pacific/Pohnpei",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@cache
def _first_zones() -> dict[str, str]:
    """Country → its first zone, from zone.tab of the IANA time zone database."""
    zones: dict[str, str] = {}
    table = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            zones.setdefault(country, name)
    return zones


def zone_of_country(country: str | None) -> str | None:
    """The IANA zone of a country (ISO 3166-1 alpha-2), of its business center where it has several."""
    code = (country or "").upper()
    return _BUSINESS_ZONES.get(code) or _first_zones().get(code)
