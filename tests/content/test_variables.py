"""Variables: a context is checked and completed before anything is rendered."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from cadence.content.variables import GROUPS, is_link, names, plain
from cadence.core.errors import InvalidInput


class Word(StrEnum):
    PRICE = "price"


def test_every_group_is_complete_whatever_is_given():
    values = plain({"account": {"name": "A"}, "executive": None})
    assert set(values) == set(GROUPS)
    assert all(set(values[group]) == set(names(group)) for group in GROUPS)
    assert values["account"]["name"] == "A"
    assert values["executive"]["name"] is None


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_text_of_nothing_is_not_known(empty):
    assert plain({"account": {"name": empty}})["account"]["name"] is None


def test_text_is_stripped_and_plain():
    values = plain({"account": {"name": Markup("<b> ")}, "deal": {"reason": Word.PRICE}})
    assert type(values["account"]["name"]) is str
    assert type(values["deal"]["reason"]) is str
    assert values["account"]["name"] == "<b>"


@pytest.mark.parametrize("value", [3, 2.5, Decimal("1"), date(2026, 3, 2)])
def test_numbers_and_dates_stay_what_they_are(value):
    assert plain({"account": {"size": value}})["account"]["size"] is value


@pytest.mark.parametrize("value", [True, b"x", ["a"], {"a": 1}, object(), len])
def test_nothing_else_is_taken(value):
    with pytest.raises(InvalidInput, match=r"account\.name is a"):
        plain({"account": {"name": value}})


@pytest.mark.parametrize("context", [{"acount": {}}, {"account": {"nmae": "A"}}])
def test_a_name_that_does_not_exist_is_refused(context):
    with pytest.raises(InvalidInput, match="there is no"):
        plain(context)


def test_lines_are_kept_only_where_a_variable_has_lines():
    assert plain({"sender": {"signature": "a\r\nb"}})["sender"]["signature"] == "a\nb"
    with pytest.raises(InvalidInput, match=r"U\+000A"):
        plain({"sender": {"name": "a\nb"}})


def test_a_value_of_enormous_length_is_refused():
    with pytest.raises(InvalidInput, match="characters"):
        plain({"sender": {"signature": "x" * 10_001}})


@pytest.mark.parametrize(
    "url", ["https://a.example", "http://a.example/b?c=d#e", "mailto:a@b.example", "https://ä.example"]
)
def test_links_of_the_web_and_of_mail_are_taken(url):
    assert is_link(url)
    assert plain({"company": {"website": url}})["company"]["website"] == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "a.example", "https://", "https://a b", 'https://a"b',
     "mailto:", "ftp://a.example", "https://[", "JaVaScRiPt:x", "https://a.example/<b>"],
)  # fmt: skip
def test_no_other_link_is_taken(url):
    assert not is_link(url)
    with pytest.raises(InvalidInput, match="no link"):
        plain({"links": {"unsubscribe": url}})


@given(st.text(max_size=40))
def test_what_is_taken_is_one_line_without_control_characters(text):
    try:
        value = plain({"prospect": {"first_name": text}})["prospect"]["first_name"]
    except InvalidInput:
        return
    assert value is None or (value == value.strip() and len(str(value).splitlines()) == 1)
