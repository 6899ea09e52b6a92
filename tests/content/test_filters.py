"""Filters: each does one thing, in the language of the mail."""

from datetime import date

import pytest

from cadence.content.filters import FILTERS
from cadence.core.errors import ContentError

KNOWN = {
    "account": {"name": "Brightpump", "size": 12500},
    "deal": {"lost_at": date(2026, 3, 12), "amount": "USD 86000", "product": None},
    "sender": {"name": "Robin Reyes", "signature": "Robin Reyes\nOursample", "email": "r@x.example"},
}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("{{ deal.lost_at | day }}", "12 March"),
        ("{{ deal.lost_at | month }}", "March"),
        ("{{ deal.lost_at | date }}", "12 March 2026"),
        ("{{ deal.lost_at.year }}", "2026"),
        ("{{ account.name | possessive }}", "Brightpump’s"),
        ('{{ "Travis" | possessive }}', "Travis’"),
        ("{{ sender.name | first }}", "Robin"),
        ('{{ ["a", "b"] | first }}', "a"),
        ("{{ deal.amount | money }}", "USD 86,000"),
        ('{{ "EUR 1250000 to 2.500.000" | money }}', "EUR 1,250,000 to 2,500,000"),
        ('{{ "12.50 in 950 days" | money }}', "12.50 in 950 days"),
        ("{{ account.size | money }}", "12,500"),
        ("{% for x in sender.signature | lines %}{{ x }}/{% endfor %}", "Robin Reyes/Oursample/"),
        (
            '{{ ["a"] | words }} {{ ["a", "b"] | words }} {{ ["a", "b", "c"] | words }}',
            "a a and b a, b and c",
        ),
        ('{{ ["a", "b"] | join("-") }}', "a-b"),
        ('{{ account.name | replace("pump", "mill") }}', "Brightmill"),
        ("{{ account.name | upper }} {{ account.name | lower }}", "BRIGHTPUMP brightpump"),
        ('{{ "mcDonald" | capitalize }}', "McDonald"),
        ('{{ " a " | trim }}', "a"),
        ("{{ account.name | length }}", "10"),
        ('{{ deal.product | default("our product") }}', "our product"),
        ('{{ account.name | default("x") }}', "Brightpump"),
        ('{{ "a b&c" | urlencode }}', "a%20b%26c"),
    ],
)
def test_a_filter_does_what_it_says(words, text, bench):
    assert bench.text(words, **KNOWN) == text


@pytest.mark.parametrize(
    ("language", "day", "full", "money", "words"),
    [
        ("de", "12. März", "12. März 2026", "86.000", "a und b"),
        ("fr", "12 mars", "12 mars 2026", "86\u202f000", "a et b"),
        ("es", "12 de marzo", "12 de marzo de 2026", "86.000", "a y b"),
        ("it", "12 marzo", "12 marzo 2026", "86.000", "a e b"),
        ("nl", "12 maart", "12 maart 2026", "86.000", "a en b"),
        ("pt", "12 de março", "12 de março de 2026", "86.000", "a e b"),
    ],
)
def test_dates_and_lists_are_in_the_language_of_the_mail(language, day, full, money, words, bench):
    dates = "{{ deal.lost_at | day }}|{{ deal.lost_at | date }}"
    text = dates + '|{{ deal.amount | money }}|{{ ["a", "b"] | words }}'
    content = bench.load({f"demo/hello.{language}.md.j2": text})
    mail = content.render("hello", bench.known(**KNOWN), language=language)
    assert mail.text.splitlines()[0] == f"{day}|{full}|USD {money}|{words}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("{{ account.name | day }}", "takes a date, not text"),
        ("{{ account.size | day }}", "takes a date, not a number"),
        ("{{ account.size | upper }}", "takes text, not a number"),
        ("{{ account.name | words }}", "takes a list"),
        ("{{ [] | first }}", "has no first item"),
        ("{{ deal.product | upper }}", "`deal.product` is not known"),
        ('{{ account.name | replace("", account.name) | replace("", account.name * 9) }}', "`*` is not used"),
    ],
)
def test_a_filter_refuses_what_it_cannot_use(words, message, bench):
    with pytest.raises(ContentError) as raised:
        bench.text(words, **KNOWN)
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("language", "words", "message"),
    [
        ("de", "{{ account.name | possessive }}", "for English"),
        ("pl", "{{ deal.lost_at | day }}", "names of the months"),
    ],
)
def test_a_filter_does_not_guess_at_a_language(language, words, message, bench):
    content = bench.load({f"demo/hello.{language}.md.j2": words})
    with pytest.raises(ContentError, match=message):
        content.render("hello", bench.known(**KNOWN), language=language)


def test_every_filter_says_what_it_does():
    assert all(found.meaning for found in FILTERS.values())


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Maren Ellison", "Maren"),
        ("  Maren   Ellison ", "Maren"),
        ("Dr. Maren Ellison", "Maren"),
        ("Ellison, Maren", "Maren"),
        ("Ellison, Dr. Maren", "Maren"),
        ("Frau Prof. Dr. Annegret Köhler", "Annegret"),
        ("Jean-Luc Moreau", "Jean-Luc"),
        ("Dr. Ellison", "Dr. Ellison"),
        ("M. Dupont", "M. Dupont"),
        ("J. Smith", "J. Smith"),
        ("Maren", "Maren"),
        ("Dr.", "Dr."),
    ],
)
def test_a_first_name_is_one_that_people_are_called_by(name, first):
    assert FILTERS["first_name"].apply(name) == first


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Brightpump, Inc.", "Brightpump"),
        ("Brightpump GmbH & Co. KG", "Brightpump"),
        ("Marsh & Vale Ltd", "Marsh & Vale"),
        ("Société des Monts S.à r.l.", "Société des Monts"),
        ("Hoteles del Cabo, S.A.", "Hoteles del Cabo"),
        ("Irmãos Lima Ltda.", "Irmãos Lima"),
        ("Pacific Freight Pty Ltd", "Pacific Freight"),
        ("Keane & Daughters", "Keane & Daughters"),
        ("Deco", "Deco"),
        ("Co", "Co"),
        ("Stadtwerke Ehrental", "Stadtwerke Ehrental"),
    ],
)
def test_a_company_is_called_without_its_legal_form(name, short):
    assert FILTERS["company"].apply(name) == short


@pytest.mark.parametrize("name", ["first_name", "company"])
def test_a_long_name_costs_no_more_than_a_short_one(name):
    assert FILTERS[name].apply("Co " * 3000)
