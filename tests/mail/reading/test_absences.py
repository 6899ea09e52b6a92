"""Words that tell of an absence, and words that only look like it, in mails without any machine's field."""

import pytest

from cadence.core.replies import Category
from cadence.mail.classify import classify
from cadence.mail.parse import Received


@pytest.mark.parametrize(
    "text",
    [
        "Let us remain connected. Presently the requirement is closed from our side.",
        "The topic is closed on our side, both for this site and for the others.",
        "Would love a demo once our own launch is out of the way.",
        "I don't want the two pages now, they'd be out of date by then.",
        "There's an injunction. All bets are off till the 9th.",
    ],
)
def test_a_turn_of_phrase_is_no_absence(text: str):
    assert not classify(Received(text=text)).automatic


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until 12 May and will answer on my return.",
        "We are closed from 23 December to 2 January.",
        "I'm off until Monday with no access to my mail.",
        "I am out of reach until the 14th.",
    ],
)
def test_an_absence_is_told_without_any_field(text: str):
    assert classify(Received(text=text)).category is Category.OUT_OF_OFFICE
