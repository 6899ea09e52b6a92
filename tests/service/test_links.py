"""Links in mails: only we make them, and each does one thing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.errors import InvalidInput
from cadence.service.links import Link, Links, Purpose

OLD, NEW = "o" * 32, "n" * 32
LINKS = Links([OLD])


@given(st.integers(1, 2**62))
def test_a_link_says_what_was_signed(enrollment_id):
    token = LINKS.sign(enrollment_id)
    assert LINKS.read(token) == Link(enrollment_id, Purpose.UNSUBSCRIBE)
    assert re.fullmatch(r"[\w.-]{20,120}", token)


def test_the_same_link_is_the_same_token_so_that_a_mail_can_be_made_again():
    assert LINKS.sign(7) == LINKS.sign(7)


@given(st.text(max_size=80))
def test_no_other_text_is_a_link(text):
    with pytest.raises(InvalidInput, match="incomplete or was not made by us"):
        LINKS.read(text)


@given(st.integers(0, 60), st.sampled_from("abcXYZ019-_."))
def test_a_changed_character_spoils_a_link(place, character):
    token = LINKS.sign(1234567)
    place %= len(token) - 1  # the last character carries bits that decoding ignores
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(InvalidInput):
            LINKS.read(changed)


def test_a_link_cut_short_is_refused():
    with pytest.raises(InvalidInput):
        LINKS.read(LINKS.sign(7)[:-5])


def test_a_very_long_token_is_not_even_looked_at():
    with pytest.raises(InvalidInput):
        LINKS.read("a" * 100_000)


def test_a_link_signed_for_something_else_is_refused():
    other = LINKS._signer.dumps([7, "something else"])
    with pytest.raises(InvalidInput):
        LINKS.read(other)


def test_another_installation_cannot_sign_for_us():
    with pytest.raises(InvalidInput):
        LINKS.read(Links([NEW]).sign(7))


def test_old_links_outlive_a_change_of_keys():
    both = Links([NEW, OLD])
    assert both.read(LINKS.sign(7)).enrollment_id == 7
    assert Links([NEW]).read(both.sign(7)).enrollment_id == 7
