"""The number under which somebody can be called is the one below their words, never one that was quoted."""

import pytest

from cadence.mail.phones import phone_below

WORDS = "Let us talk tomorrow."


@pytest.mark.parametrize(
    ("signature", "number"),
    [
        ("Tel. +49 (0)30 1234 5678", "+493012345678"),
        ("M: +44 7700 900123", "+447700900123"),
        ("Phone (212) 555-0147", "2125550147"),
        ("030/12345678", "03012345678"),
        ("Fax +49 30 1111 2222\nTel +49 30 3333 4444", "+493033334444"),
        ("Order 2026-000123-99", None),
        ("12345", None),
        ("", None),
    ],
)
def test_the_number_of_a_signature_is_found(signature, number):
    assert phone_below(f"{WORDS}\n\n-- \nDana\n{signature}\n", WORDS) == number


def test_a_number_within_the_last_words_counts_as_well():
    words = f"{WORDS}\nDana, +44 20 7946 0018"
    assert phone_below(words, words) == "+442079460018"


@pytest.mark.parametrize(
    "mark", ["> Robin\n> +49 30 1111 2222", "On 3 March Robin Rep wrote:\n+49 30 1111 2222"]
)
def test_what_was_quoted_is_not_theirs(mark):
    assert phone_below(f"{WORDS}\n\nDana\n\n{mark}\n", WORDS) is None
