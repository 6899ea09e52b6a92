"""A vendor that the deal is known to be lost to is found where a reply names it, or says "them"."""

import pytest

from cadence.core.replies import Category, Verdict
from cadence.core.rivals import about_deal, mentioned


def told(text: str, *, competitor: str | None = None, automatic: bool = False) -> Verdict:
    return Verdict(Category.FEEDBACK, 0.9, (), text=text, competitor=competitor, automatic=automatic)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("norvane it was, in the end", "norvane"),
        ("Norvane Systems' price was lower.", "Norvane Systems"),
        ("NORVANE’s people were here first.", "NORVANE"),
        ("Was soll ich sagen: Norvane.", "Norvane"),
    ],
)
def test_a_bare_mention_is_the_known_vendor_as_written(text: str, written: str):
    assert about_deal(told(text), "Norvane Systems GmbH").competitor == written


@pytest.mark.parametrize(
    "text",
    [
        "We went with them because of the price.",
        "Wir sind bei den anderen geblieben.",
        "Nous sommes restés chez eux.",
        "Nos quedamos con ellos.",
        "We zijn met hen verder gegaan.",
        "Alla fine siamo rimasti con loro.",
        "Ficámos com eles.",
    ],
)
def test_them_is_the_known_vendor(text: str):
    assert about_deal(told(text), "Norvane").competitor == "Norvane"


def test_a_name_in_the_reply_outranks_what_was_read():
    assert about_deal(told("Lena liked Norvane.", competitor="Lena"), "Norvane").competitor == "Norvane"


def test_another_name_stays_where_the_known_one_is_not_mentioned():
    assert about_deal(told("Halden won.", competitor="Halden"), "Norvane").competitor == "Halden"


@pytest.mark.parametrize("text", ["You were too dear.", "We like the norvanes.", "A norvane is a wind.", ""])
def test_nothing_is_named_where_nobody_is_meant(text: str):
    assert about_deal(told(text), "Norvane").competitor is None


def test_a_short_first_word_does_not_stand_for_the_whole_name():
    assert mentioned("The red one.", "Red Kite Systems") is None
    assert mentioned("Red Kite, of course.", "Red Kite Systems") == "Red Kite"


def test_a_deal_without_a_known_vendor_changes_nothing():
    verdict = told("We went with them.")
    assert about_deal(verdict, None) is verdict


def test_a_machine_names_nobody():
    assert about_deal(told("Norvane is away.", automatic=True), "Norvane").competitor is None
