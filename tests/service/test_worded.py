"""Words become facts: headers in several languages, names, sizes, places, dates."""

from datetime import UTC, date, datetime

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.service.fields import FIELDS, guess
from cadence.service.requests import Request
from cadence.service.worded import request_of

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)


def read(**said: str) -> Request:
    return request_of({"email": "a@x.example"} | said, sequence="lost", now=NOW, place=Place())


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-Mail-Adresse", "email"),
        ("Adresse électronique", "email"),
        ("Correo electrónico", "email"),
        ("FIRST NAME", "first_name"),
        ("Vorname", "first_name"),
        ("prénom", "first_name"),
        ("Apellidos", "last_name"),
        ("Firma", "company"),
        ("Account Name", "company"),
        ("Close_Date", "lost_at"),
        ("Vertragsende", "competitor_contract_end"),
        ("Mitarbeiter", "size"),
        ("competitor_contract_end", "competitor_contract_end"),
        ("Shoe size", None),
        ("", None),
    ],
)
def test_headers_are_known_in_several_languages(header: str, field: str | None) -> None:
    assert guess(header) == field


def test_no_header_means_two_fields() -> None:
    seen: dict[str, str] = {}
    for field in FIELDS:
        for header in field.headers:
            assert seen.setdefault(header, field.name) == field.name


def test_names_come_in_one_column_or_in_two() -> None:
    assert (read(name="Maren Ellison").first_name, read(name="Maren Ellison").last_name) == (
        "Maren",
        "Ellison",
    )
    assert read(name="Ellison, Maren").first_name == "Maren"
    assert read(name="Other", first_name="Maren").first_name == "Maren"
    assert read(email="Maren <maren@x.example>").email == "maren@x.example"


@pytest.mark.parametrize(("text", "size"), [("320", 320), ("1,850", 1850), ("1.850", 1850), ("51-200", 51)])
def test_sizes_come_in_several_forms(text: str, size: int) -> None:
    assert read(size=text).size == size


@pytest.mark.parametrize(
    ("field", "words"),
    [("size", "many"), ("country", "Atlantis"), ("zone", "Moon/Base"), ("lost_at", "soon")],
)
def test_what_cannot_be_read_is_refused_by_its_field(field: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        read(**{field: words})


def test_countries_and_languages_may_be_named() -> None:
    request = read(country="Deutschland", language="German")
    assert (request.country, request.language) == ("DE", "de")
    assert (read(country="us").country, read(language="de-AT").language) == ("US", "de")


def test_a_day_of_loss_is_its_noon_there_and_today_is_now() -> None:
    assert read(lost_at="2026-03-01", country="DE").lost_at == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert read(lost_at="2026-03-03").lost_at == NOW
    assert read(lost_at="2026-03-01 08:00", zone="Asia/Tokyo").lost_at == datetime(
        2026, 2, 28, 23, tzinfo=UTC
    )


def test_the_deal_is_read() -> None:
    deal = read(reason="Price", competitor="Fernhill", competitor_contract_end="30.09.2027").deal
    assert deal == {
        "reason": "price",
        "competitor": "Fernhill",
        "competitor_contract_end": date(2027, 9, 30),
    }


def test_what_was_missing_and_who_helps_is_read() -> None:
    deal = read(
        missing="single sign-on",
        missing_ships="1 March 2027",
        alternative="Osprey  Systems",
        referred_by="Maren Ellison",
    ).deal
    assert deal == {
        "missing": "single sign-on",
        "missing_ships": date(2027, 3, 1),
        "alternative": "Osprey Systems",
        "referred_by": "Maren Ellison",
    }
    assert guess("Missing feature") == "missing"
    assert guess("Ship date") == "missing_ships"
