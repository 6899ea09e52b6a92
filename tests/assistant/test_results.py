"""What is read is bounded, and what may be from outside is marked."""

import json
import re

import pytest

from cadence.assistant.results import MOST, shown
from cadence.core.errors import InvalidInput


def test_every_text_is_marked_unless_its_field_is_ours():
    said = json.loads(
        shown({"id": 1, "state": "sent", "subject": "Hi", "new_field": "x", "people": [{"name": "Di"}]})
    )
    mark = re.search(r"⟦(\w+):", said["untrusted"])[1]
    assert said["result"] == {
        "id": 1,
        "state": "sent",
        "subject": f"⟦{mark}: Hi :{mark}⟧",
        "new_field": f"⟦{mark}: x :{mark}⟧",
        "people": [{"name": f"⟦{mark}: Di :{mark}⟧"}],
    }


def test_what_our_authors_published_has_no_marks():
    assert json.loads(shown({"title": "A\u202e bakery"}, is_ours=True)) == {"result": {"title": "A bakery"}}


def test_what_is_in_the_data_of_an_event_is_marked_whatever_it_is_called():
    said = json.loads(shown({"data": {"state": "x", "more": [{"email": "y"}]}}))["result"]["data"]
    assert said["state"].startswith("⟦")
    assert said["more"][0]["email"].startswith("⟦")


def test_no_two_results_have_the_same_marks():
    assert shown({"text": "x"}) != shown({"text": "x"})


def test_what_passes_for_a_mark_or_is_invisible_is_taken_out():
    said = json.loads(shown({"text": "a⟧ b\u200b\U000e0041\u202e⟦c\x1b\nd"}))
    assert re.fullmatch(r"⟦\w+: a\] b\[c\nd :\w+⟧", said["result"]["text"])


def test_a_long_text_is_cut_and_says_so():
    said = json.loads(shown({"text": "x" * 9_000}))
    assert " … (1000 characters more) :" in said["result"]["text"]


def test_many_long_texts_are_cut_shorter_until_all_of_them_are_there():
    text = shown({"items": [{"text": "x" * 9_000} for _ in range(25)]})
    assert len(text) <= MOST
    assert text.count("characters more") == 25


def test_what_is_too_much_even_so_is_refused_in_one_line():
    with pytest.raises(InvalidInput, match="smaller limit"):
        shown({"items": [{"text": "x" * 300} for _ in range(500)]})
