"""How people and their mail programs write dates, in the languages of the demo."""

from datetime import date, datetime

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}


def month(day: date, language: str) -> str:
    """The name of the month: "September", "septembre"."""
    return _MONTHS[language].split()[day.month - 1]


def weekday(day: date, language: str) -> str:
    """The name of the weekday: "Montag"."""
    return _DAYS[language].split()[day.weekday()]


def long(day: date, language: str) -> str:
    """A day as people write it: "Monday, March 23, 2026", "Montag, 23. März 2026"."""
    match language:
        case "de":
            return f"{weekday(day, 'de')}, {day.day}. {month(day, 'de')} {day.year}"
        case "fr":
            return f"{weekday(day, 'fr')} {day.day} {month(day, 'fr')} {day.year}"
        case "es":
            return f"{weekday(day, 'es')}, {day.day} de {month(day, 'es')} de {day.year}"
        case _:
            return f"{weekday(day, 'en')}, {month(day, 'en')} {day.day}, {day.year}"


def short(day: date, language: str) -> str:
    """A day with its short names, as mail programs put it above a quoted mail."""
    name = month(day, language)[:3]
    if language == "de":
        return f"{weekday(day, 'de')[:2]}., {day.day}. {name}. {day.year}"
    if language == "en":
        return f"{weekday(day, 'en')[:3]}, {name} {day.day}, {day.year}"
    return f"{weekday(day, language)[:3]}. {day.day} {name}. {day.year}"


def clock(at: datetime, language: str) -> str:
    """A time of day: "2:02 PM", "14:02"."""
    return f"{at:%I:%M %p}".lstrip("0") if language == "en" else f"{at:%H:%M}"
