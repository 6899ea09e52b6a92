"""Which time zone to assume for somebody of whom only the country is known."""

from functools import cache
from importlib.resources import files

from cadence.core.errors import InvalidInput

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


_OWN_NAMES = {
    # What people of the larger European languages write instead of the code.
    "deutschland": "DE", "allemagne": "DE", "österreich": "AT", "schweiz": "CH", "suisse": "CH",
    "svizzera": "CH", "españa": "ES", "espagne": "ES", "italia": "IT", "italien": "IT", "nederland": "NL",
    "the netherlands": "NL", "belgië": "BE", "belgique": "BE", "brasil": "BR", "méxico": "MX",
    "frankreich": "FR", "polska": "PL", "uk": "GB", "united kingdom": "GB", "great britain": "GB",
    "england": "GB", "usa": "US", "united states of america": "US", "czechia": "CZ", "korea": "KR",
    "russian federation": "RU",
}  # fmt: skip


@cache
def _codes() -> dict[str, str]:
    """English name of a country → its code, from iso3166.tab of the IANA time zone database."""
    codes = {}
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, name = line.partition("\t")
            codes[name.casefold().replace("&", "and")] = code
    return codes | _OWN_NAMES


def country_code(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country given by its code or name; raises InvalidInput."""
    plain = " ".join(text.split())
    if len(plain) == 2 and plain.isascii() and plain.upper() in {*_codes().values()}:
        return plain.upper()
    code = _codes().get(plain.casefold().replace("&", "and"))
    if code is None:
        raise InvalidInput(f"{plain[:40]!r} is not a country; write its code, such as DE or US")
    return code


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
