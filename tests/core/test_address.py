"""Two spellings of an address are the same where mail servers treat them so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.address import domain_of, normalize
from cadence.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" Anna.Berg@Firm.Example ", "anna.berg@firm.example"),
        ("mailto:anna@firm.example", "anna@firm.example"),
        ("anna+offers@firm.example", "anna+offers@firm.example"),
        ("anna@MÜLLER.example", "anna@xn--mller-kva.example"),
        ("anna@xn--mller-kva.example", "anna@xn--mller-kva.example"),
        ("jürgen@firm.example", "jürgen@firm.example"),
        ("anna@firm.example.", "anna@firm.example"),
    ],
)
def test_spellings_have_one_key(written: str, key: str):
    assert normalize(written) == key


@pytest.mark.parametrize(
    "written",
    [
        "",
        "anna",
        "@firm.example",
        "anna@",
        "an na@firm.example",
        "a@b@c.example",
        "anna@-firm..example",
        "a\n@b.example",
        "x" * 65 + "@b.example",
        "\u202aanna@b.example",
        "an\u200bna@b.example",
    ],
)
def test_what_is_no_address_is_refused(written: str):
    with pytest.raises(InvalidInput):
        normalize(written)


def test_a_domain_is_in_its_ascii_form():
    assert domain_of("anna@Müller.example") == "xn--mller-kva.example"


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(written: str):
    try:
        key = normalize(written)
    except InvalidInput:
        return
    assert normalize(key) == key
